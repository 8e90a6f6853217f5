// Validation of replication controllers and of the templates of all controllers that restart pods.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { goStringMap, invalidText } from '../../../meta/v1/go-value.js';
import { validateNonnegative } from '../../../meta/v1/object-meta.js';
import type { PodTemplateSpec, ReplicationController } from '../types.js';
import { validatePodTemplateSpec } from './pod-spec.js';

/** `owner` is the kind in messages; `matches` is undefined when the selector is invalid. */
export function validateTemplateOf(
  owner: string,
  template: PodTemplateSpec | undefined,
  matches: ((labels: Record<string, string>) => boolean) | undefined,
  path: string,
): FieldError[] {
  if (!template) return [fieldErrors.required(path)];
  const errors: FieldError[] = [];
  const labels = template.metadata?.labels;
  if (matches && !matches(labels ?? {})) {
    errors.push(
      invalidText(
        `${path}.metadata.labels`,
        goStringMap(labels),
        '`selector` does not match template `labels`',
      ),
    );
  }
  errors.push(...validatePodTemplateSpec(template, path));
  const policy = template.spec?.restartPolicy;
  if (policy !== 'Always')
    errors.push(fieldErrors.notSupported(`${path}.spec.restartPolicy`, policy ?? '', ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    errors.push(
      fieldErrors.forbidden(
        `${path}.spec.activeDeadlineSeconds`,
        `activeDeadlineSeconds in ${owner} is not Supported`,
      ),
    );
  }
  return errors;
}

export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const selector = Object.entries(spec.selector ?? {});
  const matches = selector.length
    ? (labels: Record<string, string>): boolean =>
        selector.every(([key, value]) => labels[key] === value)
    : undefined;
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

const COUNTS = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
] as const;

/** Validates the status of a replication controller or replica set. */
export function validateReplicaCounts(status: ReplicaCounts | undefined): FieldError[] {
  if (!status) return [];
  const errors = COUNTS.flatMap((count) => validateNonnegative(status[count], `status.${count}`));
  for (const count of ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    if ((status[count] ?? 0) > (status.replicas ?? 0)) {
      errors.push(
        fieldErrors.invalid(
          `status.${count}`,
          status[count],
          'cannot be greater than status.replicas',
        ),
      );
    }
  }
  if ((status.availableReplicas ?? 0) > (status.readyReplicas ?? 0)) {
    errors.push(
      fieldErrors.invalid(
        'status.availableReplicas',
        status.availableReplicas,
        'cannot be greater than readyReplicas',
      ),
    );
  }
  return errors;
}
