// Validation of replication controllers and of the templates of all controllers that restart pods.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { goStringMap } from '../../../meta/v1/go-value.js';
import { validateNonnegative } from '../../../meta/v1/object-meta.js';
import type { PodTemplateSpec, ReplicationController } from '../types.js';
import { validatePodTemplateSpec } from './pod-spec.js';
import { optionalOneOf } from './fields.js';
import { COUNTS } from './facts.generated.js';

/** The labels of the template are those that the controller's selector asks for. */
export function templateMatches(
  template: PodTemplateSpec,
  matches: (labels: Record<string, string>) => boolean,
  path: string,
): FieldError[] {
  const labels = template.metadata?.labels;
  const detail = '`selector` does not match template `labels`';
  return fieldErrors
    .unless(matches(labels ?? {}))
    .invalid(`${path}.metadata.labels`, goStringMap(labels), detail);
}

/** `owner` is the kind in messages. */
export function restartsAlways(
  owner: string,
  { spec }: PodTemplateSpec,
  path: string,
): FieldError[] {
  const detail = `activeDeadlineSeconds in ${owner} is not Supported`;
  return [
    ...optionalOneOf(spec?.restartPolicy ?? '', ['Always'], `${path}.spec.restartPolicy`),
    ...fieldErrors
      .unless(spec?.activeDeadlineSeconds === undefined)
      .forbidden(`${path}.spec.activeDeadlineSeconds`, detail),
  ];
}

/** `matches` is undefined when the selector cannot be parsed; only daemon sets go on then. */
export function validateTemplateOf(
  owner: string,
  template: PodTemplateSpec | undefined,
  matches: ((labels: Record<string, string>) => boolean) | undefined,
  path: string,
): FieldError[] {
  if (!template) return [fieldErrors.required(path)];
  if (!matches && owner !== 'DaemonSet') return [];
  return [
    ...(matches ? templateMatches(template, matches, path) : []),
    ...validatePodTemplateSpec(template, path),
    ...restartsAlways(owner, template, path),
  ];
}

export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const selector = Object.entries(spec.selector ?? {});
  const matches = (labels: Record<string, string>): boolean =>
    selector.every(([key, value]) => labels[key] === value);
  return [
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...fieldErrors.unless(selector.length).required('spec.selector'),
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateTemplateOf('ReplicationController', spec.template, matches, 'spec.template'),
  ];
}

export interface ReplicaCounts {
  replicas?: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  observedGeneration?: number;
}

/** Validates the status of a replication controller or replica set. */
export const validateReplicaCounts = (status: ReplicaCounts | undefined): FieldError[] => [
  ...COUNTS.flatMap((count) => validateNonnegative(status?.[count], `status.${count}`)),
  ...validateCountOrder(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
];

/** Parts of the replicas are not more than all; those that are available are ready. */
export function validateCountOrder<Part extends string>(
  status: { [K in Part | 'replicas' | 'readyReplicas' | 'availableReplicas']?: number } = {},
  parts: readonly Part[],
): FieldError[] {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  return [
    ...parts.flatMap((part) =>
      fieldErrors
        .when((status[part] ?? 0) > replicas)
        .invalid(`status.${part}`, status[part], 'cannot be greater than status.replicas'),
    ),
    ...fieldErrors
      .when(availableReplicas > readyReplicas)
      .invalid(
        'status.availableReplicas',
        availableReplicas,
        'cannot be greater than readyReplicas',
      ),
  ];
}
