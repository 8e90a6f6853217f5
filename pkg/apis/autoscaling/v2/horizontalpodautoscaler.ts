// HorizontalPodAutoscaler v2: defaults and validation (upstream pkg/apis/autoscaling).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../apimachinery/quantity/quantity.js';
import { isDns1123Label, isPathSegmentName } from '../../../apimachinery/validation/names.js';
import { each, optionalOneOf, required, requiredWith } from '../../core/v1/validation/fields.js';
import { validateContainerResourceName } from '../../core/v1/validation/resources.js';
import { shownAs } from '../../meta/v1/go-value.js';
import { validateNonnegative } from '../../meta/v1/object-meta.js';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from './types.js';

type SourceName = Exclude<keyof MetricSpec, 'type'>;
type Source<K extends SourceName> = NonNullable<MetricSpec[K]>;

export const DEFAULT_CPU_UTILIZATION = 80;
/** The member that has a metric of each type. */
const METRIC_MEMBERS = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const;
const METRIC_TYPES = Object.keys(METRIC_MEMBERS);
const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];
const SELECT_POLICIES = ['Disabled', 'Max', 'Min'];
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

/** The member of a metric, by its type; undefined for an unknown type. */
export const metricMember = ({ type }: Pick<MetricSpec, 'type'>) =>
  METRIC_MEMBERS[type as keyof typeof METRIC_MEMBERS];

export const cpuUtilization = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

/** The one metric that autoscaling/v1 has a field for. */
export const isCpuUtilization = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' &&
  resource?.name === 'cpu' &&
  resource.target.averageUtilization !== undefined;

const withDefaults = (
  rules: HPAScalingRules | undefined,
  defaults: HPAScalingRules,
): HPAScalingRules => ({ selectPolicy: 'Max', ...structuredClone(defaults), ...rules });

export function defaultHorizontalPodAutoscaler(scaler: HorizontalPodAutoscaler): void {
  const spec = (scaler.spec ??= {} as HorizontalPodAutoscaler['spec']);
  scaler.status ??= { desiredReplicas: 0 };
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [cpuUtilization(DEFAULT_CPU_UTILIZATION)];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, SCALE_UP);
  spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, SCALE_DOWN);
}

const validateReference = (
  reference: CrossVersionObjectReference | undefined,
  path: string,
): FieldError[] =>
  (['kind', 'name'] as const).flatMap((field) =>
    pathSegment(reference?.[field], `${path}.${field}`),
  );

const pathSegment = (value: string | undefined, path: string, missing?: string): FieldError[] =>
  requiredWith(isPathSegmentName, value, path, missing);

const validateIdentifier = (metric: MetricIdentifier | undefined, path: string): FieldError[] =>
  pathSegment(metric?.name, `${path}.name`, 'must specify a metric name');

/** Of the two fields of a target, one must be set, and only one where `both` has a text. */
interface TargetRule {
  fields: readonly [keyof MetricTarget, keyof MetricTarget];
  none: readonly [field: keyof MetricTarget, text: string];
  both?: readonly [field: keyof MetricTarget, text: string];
}

function validateTarget(
  target: MetricTarget | undefined,
  source: string,
  rule?: TargetRule,
): FieldError[] {
  const path = `${source}.target`;
  const { type = '', averageUtilization } = target ?? {};
  const errors = fieldErrors
    .unless(type)
    .required(`${path}.type`, 'must specify a metric target type');
  const { complain } = fieldErrors.below(path, errors);
  if (!TARGET_TYPES.includes(type))
    complain.invalid('type', type, 'must be either Utilization, Value, or AverageValue');
  for (const field of ['value', 'averageValue'] as const) {
    const amount = tryParseQuantity(target?.[field]);
    if (amount && amount.sign <= 0)
      complain.invalid(field, shownAs(amount.toString()), 'must be positive');
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    complain.invalid('averageUtilization', averageUtilization, 'must be greater than 0');
  const count = rule?.fields.filter((field) => target?.[field] !== undefined).length;
  if (count === 0) complain.required(...rule!.none);
  if (count === 2 && rule?.both) complain.forbidden(...rule.both);
  return errors;
}

const RAW_OR_UTILIZATION: TargetRule = {
  fields: ['averageUtilization', 'averageValue'],
  none: ['averageUtilization', 'must set either a target raw value or a target utilization'],
  both: ['averageValue', 'may not set both a target raw value and a target utilization'],
};

/** Rules of each source, in upstream's order: of several sources only the first is checked. */
const SOURCES: { [K in SourceName]: (source: Source<K>, path: string) => FieldError[] } = {
  object: ({ describedObject, metric, target }, path) => [
    ...validateReference(describedObject, `${path}.describedObject`),
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, path, {
      fields: ['value', 'averageValue'],
      none: ['averageValue', 'must set either a target value or averageValue'],
    }),
  ],
  external: ({ metric, target }, path) => [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, path, {
      fields: ['value', 'averageValue'],
      none: ['averageValue', 'must set either a target value for metric or a per-pod target'],
      both: ['value', 'may not set both a target value for metric and a per-pod target'],
    }),
  ],
  pods: ({ metric, target }, path) => [
    ...validateIdentifier(metric, `${path}.metric`),
    ...validateTarget(target, path),
    ...fieldErrors
      .unless((tryParseQuantity(target?.averageValue)?.sign ?? 0) > 0)
      .required(`${path}.target.averageValue`, 'must specify a positive target averageValue'),
  ],
  resource: ({ name, target }, path) => [
    ...required(name, `${path}.name`, 'must specify a resource name'),
    ...validateTarget(target, path, RAW_OR_UTILIZATION),
  ],
  containerResource: ({ name, container, target }, path) => [
    ...(name
      ? validateContainerResourceName(name, `${path}.name`)
      : [fieldErrors.required(`${path}.name`, 'must specify a resource name')]),
    ...requiredWith(isDns1123Label, container, `${path}.container`, 'must specify a container'),
    ...validateTarget(target, path, RAW_OR_UTILIZATION),
  ],
};

const SOURCE_NAMES = Object.keys(SOURCES) as SourceName[];

const validateSource = <K extends SourceName>(
  metric: MetricSpec,
  name: K,
  path: string,
): FieldError[] => SOURCES[name](metric[name]!, path);

function validateMetric(metric: MetricSpec, path: string): FieldError[] {
  const type = metric.type ?? '';
  const unknown = fieldErrors
    .unless(METRIC_TYPES.includes(type))
    .notSupported(`${path}.type`, type, METRIC_TYPES);
  const present = SOURCE_NAMES.filter((name) => metric[name] !== undefined);
  const [first] = present;
  const expected = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const errors = [
    ...fieldErrors.unless(type).required(`${path}.type`, 'must specify a metric source type'),
    // Upstream refuses an unknown type twice.
    ...unknown,
    ...(first ? validateSource(metric, first, `${path}.${first}`) : []),
    ...unknown,
  ];
  const { complain } = fieldErrors.below(path, errors);
  if (!unknown.length && metric[expected as SourceName] === undefined)
    complain.required(expected, 'must populate information for the given metric source');
  for (const name of present.length < 2 ? [] : present)
    if (name !== expected) complain.forbidden(name, 'must populate the given metric source only');
  return errors;
}

function validateRules(rules: HPAScalingRules | undefined, path: string): FieldError[] {
  if (!rules) return [];
  const window = rules.stabilizationWindowSeconds ?? 0;
  const field = `${path}.stabilizationWindowSeconds`;
  const tooLong = `must be less than or equal to ${MAX_WINDOW_SECONDS}`;
  return [
    ...fieldErrors.when(window < 0).invalid(field, window, 'must be greater than or equal to zero'),
    ...fieldErrors.when(window > MAX_WINDOW_SECONDS).invalid(field, window, tooLong),
    ...optionalOneOf(rules.selectPolicy, SELECT_POLICIES, `${path}.selectPolicy`),
    ...fieldErrors
      .unless(rules.policies?.length)
      .required(`${path}.policies`, 'must specify at least one Policy'),
    ...each(rules.policies, `${path}.policies`, validatePolicy),
  ];
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, path: string) {
  const errors = optionalOneOf(type ?? '', ['Percent', 'Pods'], `${path}.type`);
  const { complain } = fieldErrors.below(path, errors);
  const positive = 'must be greater than zero';
  const tooLong = `must be less than or equal to ${MAX_PERIOD_SECONDS}`;
  if (value <= 0) complain.invalid('value', value, positive);
  if (periodSeconds <= 0) complain.invalid('periodSeconds', periodSeconds, positive);
  if (periodSeconds > MAX_PERIOD_SECONDS) complain.invalid('periodSeconds', periodSeconds, tooLong);
  return errors;
}

function validateScaleToZero({
  minReplicas,
  metrics,
}: HorizontalPodAutoscaler['spec']): FieldError[] {
  if (minReplicas !== 0) return [];
  const wakes = (metrics ?? []).some(({ type }) => type === 'Object' || type === 'External');
  return fieldErrors
    .unless(wakes)
    .forbidden(
      'spec.metrics',
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
}

export function validateHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler): FieldError[] {
  const { complain, errors } = fieldErrors.below('spec');
  const { minReplicas = 1, scaleTargetRef } = spec;
  const maxReplicas = spec.maxReplicas || 0;
  if (minReplicas < 1)
    complain.invalid('minReplicas', minReplicas, 'must be greater than or equal to 1');
  if (maxReplicas < 1) complain.invalid('maxReplicas', maxReplicas, 'must be greater than 0');
  if (maxReplicas < minReplicas)
    complain.invalid('maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  errors.push(
    ...validateReference(scaleTargetRef, 'spec.scaleTargetRef'),
    ...validateScaleToZero(spec),
    ...each(spec.metrics, 'spec.metrics', validateMetric),
    ...validateRules(spec.behavior?.scaleUp, 'spec.behavior.scaleUp'),
    ...validateRules(spec.behavior?.scaleDown, 'spec.behavior.scaleDown'),
  );
  return errors;
}

export const validateHorizontalPodAutoscalerStatus = ({
  status,
}: Pick<HorizontalPodAutoscaler, 'status'>): FieldError[] =>
  (['currentReplicas', 'desiredReplicas'] as const).flatMap((count) =>
    validateNonnegative(status?.[count], `status.${count}`),
  );
