// HorizontalPodAutoscaler v2: defaults and validation (upstream pkg/apis/autoscaling).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { pathSegmentName, validateWith } from '../../meta/v1/object-meta.js';
import type { HorizontalPodAutoscaler, HPAScalingRules, MetricSpec } from './types.js';

const DEFAULT_CPU_UTILIZATION = 80;
const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const SCALE_UP = {
  stabilizationWindowSeconds: 0,
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN = { policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };
const MAX_WINDOW_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

/** The one metric that autoscaling/v1 has a field for. */
export function isCpuUtilization({ type, resource }: MetricSpec): boolean {
  return (
    type === 'Resource' &&
    resource?.name === 'cpu' &&
    resource.target.averageUtilization !== undefined
  );
}

function withDefaults(
  rules: HPAScalingRules | undefined,
  defaults: HPAScalingRules,
): HPAScalingRules {
  return { selectPolicy: 'Max', ...structuredClone(defaults), ...rules };
}

export function defaultHorizontalPodAutoscaler(scaler: HorizontalPodAutoscaler): void {
  const spec = (scaler.spec ??= {} as HorizontalPodAutoscaler['spec']);
  scaler.status ??= { desiredReplicas: 0 };
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) {
    spec.metrics = [
      {
        type: 'Resource',
        resource: {
          name: 'cpu',
          target: { type: 'Utilization', averageUtilization: DEFAULT_CPU_UTILIZATION },
        },
      },
    ];
  }
  if (!spec.behavior) return;
  spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, SCALE_UP);
  spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, SCALE_DOWN);
}

function validateMetric(metric: MetricSpec, path: string): FieldError[] {
  if (!metric.type)
    return [fieldErrors.required(`${path}.type`, 'must specify a metric source type')];
  if (!METRIC_TYPES.includes(metric.type))
    return [fieldErrors.notSupported(`${path}.type`, metric.type, METRIC_TYPES)];
  const field = `${metric.type.charAt(0).toLowerCase()}${metric.type.slice(1)}` as keyof MetricSpec;
  if (metric[field] === undefined)
    return [
      fieldErrors.required(
        `${path}.${field}`,
        'must populate information for the given metric source',
      ),
    ];
  const { resource } = metric;
  if (metric.type !== 'Resource' || !resource) return [];
  const { averageUtilization, averageValue } = resource.target ?? {};
  const errors = resource.name
    ? []
    : [fieldErrors.required(`${path}.resource.name`, 'must specify a resource name')];
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(
      fieldErrors.invalid(
        `${path}.resource.target.averageUtilization`,
        averageUtilization,
        'must be greater than 0',
      ),
    );
  }
  if (averageUtilization === undefined && averageValue === undefined) {
    errors.push(
      fieldErrors.required(
        `${path}.resource.target.averageUtilization`,
        'must set either a target raw value or a target utilization',
      ),
    );
  }
  return errors;
}

function validateRules(rules: HPAScalingRules | undefined, path: string): FieldError[] {
  if (!rules) return [];
  const errors: FieldError[] = [];
  const window = rules.stabilizationWindowSeconds;
  if (window !== undefined && window < 0)
    errors.push(
      fieldErrors.invalid(
        `${path}.stabilizationWindowSeconds`,
        window,
        'must be greater than or equal to zero',
      ),
    );
  if (window !== undefined && window > MAX_WINDOW_SECONDS) {
    errors.push(
      fieldErrors.invalid(
        `${path}.stabilizationWindowSeconds`,
        window,
        `must be less than or equal to ${MAX_WINDOW_SECONDS}`,
      ),
    );
  }
  if (!rules.policies?.length)
    errors.push(fieldErrors.required(`${path}.policies`, 'must specify at least one Policy'));
  for (const [index, policy] of (rules.policies ?? []).entries()) {
    const field = `${path}.policies[${index}]`;
    if (policy.type !== 'Pods' && policy.type !== 'Percent')
      errors.push(fieldErrors.notSupported(`${field}.type`, policy.type, ['Percent', 'Pods']));
    if (policy.value <= 0)
      errors.push(fieldErrors.invalid(`${field}.value`, policy.value, 'must be greater than zero'));
    if (policy.periodSeconds <= 0)
      errors.push(
        fieldErrors.invalid(
          `${field}.periodSeconds`,
          policy.periodSeconds,
          'must be greater than zero',
        ),
      );
    if (policy.periodSeconds > MAX_PERIOD_SECONDS) {
      errors.push(
        fieldErrors.invalid(
          `${field}.periodSeconds`,
          policy.periodSeconds,
          `must be less than or equal to ${MAX_PERIOD_SECONDS}`,
        ),
      );
    }
  }
  return errors;
}

export function validateHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  const errors: FieldError[] = [];
  const { minReplicas = 1, scaleTargetRef } = spec;
  const maxReplicas = spec.maxReplicas || 0;
  if (minReplicas < 1)
    errors.push(
      fieldErrors.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'),
    );
  if (maxReplicas < 1)
    errors.push(fieldErrors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  if (maxReplicas < minReplicas)
    errors.push(
      fieldErrors.invalid(
        'spec.maxReplicas',
        maxReplicas,
        'must be greater than or equal to `minReplicas`',
      ),
    );
  for (const field of ['kind', 'name'] as const) {
    const path = `spec.scaleTargetRef.${field}`;
    const value = scaleTargetRef?.[field];
    errors.push(
      ...(value
        ? validateWith((text) => pathSegmentName(text, false), value, path)
        : [fieldErrors.required(path)]),
    );
  }
  errors.push(
    ...(spec.metrics ?? []).flatMap((metric, index) =>
      validateMetric(metric, `spec.metrics[${index}]`),
    ),
  );
  errors.push(...validateRules(spec.behavior?.scaleUp, 'spec.behavior.scaleUp'));
  return [...errors, ...validateRules(spec.behavior?.scaleDown, 'spec.behavior.scaleDown')];
}
