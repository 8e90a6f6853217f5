// Horizontal pod autoscalers in v2, the version that is stored.
import {
  defaultHorizontalPodAutoscaler,
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
} from '../../apis/autoscaling/v2/horizontalpodautoscaler.js';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../apis/autoscaling/v2/types.js';
import { HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 } from '../../apis/resource-types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { age, NONE, UNKNOWN, UNSET } from '../cells.js';
import { defineResource } from '../define.js';

const SHOWN = 2;

function ratio(current: MetricValueStatus | undefined, target: MetricTarget | undefined): string {
  if (target?.averageUtilization !== undefined) {
    return `${current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}%`}/${target.averageUtilization}%`;
  }
  if (target?.averageValue !== undefined)
    return `${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  return `${current?.value ?? UNKNOWN}/${target?.value ?? UNKNOWN}`;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'Resource':
      return `${metric.resource?.name}: ${ratio(status?.resource?.current, metric.resource?.target)}`;
    case 'ContainerResource':
      return `${metric.containerResource?.name}: ${ratio(status?.containerResource?.current, metric.containerResource?.target)}`;
    case 'Pods':
      return ratio(status?.pods?.current, metric.pods?.target);
    case 'Object':
      return ratio(status?.object?.current, metric.object?.target);
    case 'External':
      return ratio(status?.external?.current, metric.external?.target);
    default:
      return '<unknown type>';
  }
}

function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const all = (spec.metrics ?? []).map((metric, index) =>
    metricText(metric, status?.currentMetrics?.[index]),
  );
  if (all.length === 0) return NONE;
  const text = all.slice(0, SHOWN).join(', ');
  return all.length > SHOWN ? `${text} + ${all.length - SHOWN} more...` : text;
}

export function scalerRow(scaler: HorizontalPodAutoscaler, now: number): Cell[] {
  const { metadata, spec, status } = scaler;
  return [
    metadata.name,
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    targets(scaler),
    spec.minReplicas === undefined ? UNSET : String(spec.minReplicas),
    String(spec.maxReplicas),
    String(status?.currentReplicas ?? 0),
    age(scaler, now),
  ];
}

export const horizontalPodAutoscalers = defineResource({
  type: HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2,
  defaults: defaultHorizontalPodAutoscaler,
  row: scalerRow,
  freshStatus: () => ({ desiredReplicas: 0 }),
  validate: validateHorizontalPodAutoscaler,
  status: { validateUpdate: validateHorizontalPodAutoscalerStatus },
});
