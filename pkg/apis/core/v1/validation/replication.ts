// Validation of replication controllers and of the templates of all controllers that restart pods.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { goStringMap, invalidText } from '../../../meta/v1/go-value.js';
import { validateNonnegative } from '../../../meta/v1/object-meta.js';
import type { PodTemplateSpec, ReplicationController } from '../types.js';
import { validatePodTemplateSpec } from './pod-spec.js';
import { COUNTS } from './facts.generated.js';

/** The labels of the template are those that the controller's selector asks for. */
export function templateMatches(
  template: PodTemplateSpec,
  matches: (labels: Record<string, string>) => boolean,
  path: string,
): FieldError[] {
  const labels = template.metadata?.labels;
  return matches(labels ?? {})
    ? []
    : [
        invalidText(
          `${path}.metadata.labels`,
          goStringMap(labels),
          '`selector` does not match template `labels`',
        ),
      ];
}

/** `owner` is the kind in messages. */
export function restartsAlways(
  owner: string,
  { spec }: PodTemplateSpec,
  path: string,
): FieldError[] {
  const policy = spec?.restartPolicy;
  const errors =
    policy === 'Always'
      ? []
      : [fieldErrors.notSupported(`${path}.spec.restartPolicy`, policy ?? '', ['Always'])];
  if (spec?.activeDeadlineSeconds !== undefined) {
    errors.push(
      fieldErrors.forbidden(
        `${path}.spec.activeDeadlineSeconds`,
        `activeDeadlineSeconds in ${owner} is not Supported`,
      ),
    );
  }
  return errors;
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
  const matches = selector.length
    ? (labels: Record<string, string>): boolean =>
        selector.every(([key, value]) => labels[key] === value)
    : (): boolean => true;
  return [
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(selector.length ? [] : [fieldErrors.required('spec.selector')]),
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
export function validateReplicaCounts(status: ReplicaCounts | undefined): FieldError[] {
  if (!status) return [];
  const errors = COUNTS.flatMap((count) => validateNonnegative(status[count], `status.${count}`));
  const complain = fieldErrors.below('status', errors);
  for (const count of ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    if ((status[count] ?? 0) > (status.replicas ?? 0)) {
      complain.invalid(count, status[count], 'cannot be greater than status.replicas');
    }
  }
  if ((status.availableReplicas ?? 0) > (status.readyReplicas ?? 0)) {
    complain.invalid(
      'availableReplicas',
      status.availableReplicas,
      'cannot be greater than readyReplicas',
    );
  }
  return errors;
}
