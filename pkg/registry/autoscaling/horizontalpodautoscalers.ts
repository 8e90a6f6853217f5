// Horizontal pod autoscalers in v2, the version that is stored.
import {
  defaultHorizontalPodAutoscaler,
  metricMember,
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
import { firstFew, NONE, UNKNOWN, UNSET } from '../cells.js';
import { defineResource } from '../define.js';

function ratio(current: MetricValueStatus | undefined, target: MetricTarget | undefined): string {
  if (target?.averageUtilization !== undefined)
    return `${current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}%`}/${target.averageUtilization}%`;
  if (target?.averageValue !== undefined)
    return `${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  return `${current?.value ?? UNKNOWN}/${target?.value ?? UNKNOWN}`;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  const member = metricMember(metric);
  if (!member) return '<unknown type>';
  const source: { name?: string; target?: MetricTarget } | undefined = metric[member];
  const text = ratio(status?.[member]?.current, source?.target);
  return metric.type.endsWith('Resource') ? `${source?.name}: ${text}` : text;
}

function targets({ spec, status }: HorizontalPodAutoscaler): string {
  const all = (spec.metrics ?? []).map((metric, index) =>
    metricText(metric, status?.currentMetrics?.[index]),
  );
  return firstFew(all, 2, ', ') || NONE;
}

export function scalerCells(scaler: HorizontalPodAutoscaler): Cell[] {
  const { spec, status } = scaler;
  return [
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    targets(scaler),
    spec.minReplicas === undefined ? UNSET : String(spec.minReplicas),
    String(spec.maxReplicas),
    String(status?.currentReplicas ?? 0),
  ];
}

export const horizontalPodAutoscalers = defineResource({
  type: HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2,
  defaults: defaultHorizontalPodAutoscaler,
  cells: scalerCells,
  freshStatus: () => ({ desiredReplicas: 0 }),
  validate: validateHorizontalPodAutoscaler,
  status: { validateUpdate: validateHorizontalPodAutoscalerStatus },
});
