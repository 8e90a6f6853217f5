// Conversion of autoscalers between v1 and v2. v1 has a field for one metric only; annotations keep
// the other fields of v2 (upstream pkg/apis/autoscaling/v1/conversion.go).
import {
  cpuUtilization,
  DEFAULT_CPU_UTILIZATION,
  defaultHorizontalPodAutoscaler as defaultV2,
  isCpuUtilization,
} from '../v2/horizontalpodautoscaler.js';
import type { HorizontalPodAutoscaler as V2 } from '../v2/types.js';
import type { HorizontalPodAutoscaler } from './types.js';

const PREFIX = 'autoscaling.alpha.kubernetes.io/';
const METRICS = `${PREFIX}metrics`;
const BEHAVIOR = `${PREFIX}behavior`;
const CONDITIONS = `${PREFIX}conditions`;
const CURRENT_METRICS = `${PREFIX}current-metrics`;

type Annotations = Record<string, string>;

/** Removes the annotation and returns its parsed value; undefined when absent or not JSON. */
function take<T>(annotations: Annotations, name: string): T | undefined {
  const text = annotations[name];
  delete annotations[name];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function put(annotations: Annotations, name: string, value: unknown): void {
  if (value !== undefined && !(Array.isArray(value) && value.length === 0))
    annotations[name] = JSON.stringify(value);
}

function withAnnotations(metadata: V2['metadata'], annotations: Annotations): V2['metadata'] {
  const { annotations: _old, ...rest } = metadata;
  return Object.keys(annotations).length ? { ...rest, annotations } : rest;
}

export function toV2(scaler: HorizontalPodAutoscaler): V2 {
  const annotations = { ...scaler.metadata.annotations };
  const { targetCPUUtilizationPercentage: cpu, ...spec } = scaler.spec;
  const others = take<V2['spec']['metrics']>(annotations, METRICS) ?? [];
  const behavior = take<V2['spec']['behavior']>(annotations, BEHAVIOR);
  const conditions = take<NonNullable<V2['status']>['conditions']>(annotations, CONDITIONS);
  const currentMetrics = take<NonNullable<V2['status']>['currentMetrics']>(
    annotations,
    CURRENT_METRICS,
  );
  const { currentCPUUtilizationPercentage: _current, ...status } = scaler.status ?? {
    currentReplicas: 0,
    desiredReplicas: 0,
  };
  const own = cpu === undefined ? [] : [cpuUtilization(cpu)];
  const v2: V2 = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(scaler.metadata, annotations),
    spec: { ...spec, metrics: [...own, ...others], ...(behavior && { behavior }) },
    status: {
      ...status,
      ...(conditions && { conditions }),
      ...(currentMetrics && { currentMetrics }),
    },
  };
  defaultV2(v2);
  return v2;
}

export function fromV2(scaler: V2): HorizontalPodAutoscaler {
  const annotations = { ...scaler.metadata.annotations };
  const { metrics = [], behavior, ...spec } = scaler.spec;
  const { conditions, currentMetrics, ...status } = scaler.status ?? { desiredReplicas: 0 };
  const cpu = metrics.find(isCpuUtilization);
  put(
    annotations,
    METRICS,
    metrics.filter((metric) => metric !== cpu),
  );
  put(annotations, BEHAVIOR, behavior);
  put(annotations, CONDITIONS, conditions);
  put(annotations, CURRENT_METRICS, currentMetrics);
  const target = cpu?.resource?.target.averageUtilization;
  const current = currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource
    ?.current.averageUtilization;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(scaler.metadata, annotations),
    spec: { ...spec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: {
      currentReplicas: 0,
      ...status,
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    },
  };
}

export function defaultHorizontalPodAutoscaler(scaler: HorizontalPodAutoscaler): void {
  scaler.spec ??= {} as HorizontalPodAutoscaler['spec'];
  scaler.spec.minReplicas ??= 1;
  // Only an autoscaler without any metric gets the default one.
  if (scaler.metadata.annotations?.[METRICS] === undefined)
    scaler.spec.targetCPUUtilizationPercentage ??= DEFAULT_CPU_UTILIZATION;
  scaler.status ??= { currentReplicas: 0, desiredReplicas: 0 };
}
