// Validation of apps/v1 (upstream pkg/apis/apps/validation/validation.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../../apimachinery/labels/selector.js';
import type { LabelSelector } from '../../../apimachinery/meta/types.js';
import { oneOf } from '../../core/v1/validation/fields.js';
import { validateClaimSpec } from '../../core/v1/validation/persistent-volume-claim.js';
import { validateTemplateOf } from '../../core/v1/validation/replication.js';
import { goLabelSelector, invalidText } from '../../meta/v1/go-value.js';
import {
  nonnegativeIntOrPercent,
  percentAtMost100,
  scaledValue,
} from '../../meta/v1/int-or-percent.js';
import { isEmptySelector, validateLabelSelector } from '../../meta/v1/label-selector.js';
import { IMMUTABLE, validateNonnegative } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  DeploymentSpec,
  ReplicaSet,
  StatefulSet,
} from './types.js';

const MAX_INT32 = 2_147_483_647;

/** Errors of a workload's selector; `matches` is there when the selector is valid. */
function workloadSelector(
  selector: LabelSelector | undefined,
  owner: string,
): { errors: FieldError[]; matches?: (labels: Record<string, string>) => boolean } {
  if (!selector) return { errors: [fieldErrors.required('spec.selector')] };
  const errors = validateLabelSelector(selector, 'spec.selector');
  if (isEmptySelector(selector)) {
    errors.push(
      invalidText(
        'spec.selector',
        goLabelSelector(selector),
        `empty selector is invalid for ${owner}`,
      ),
    );
  }
  if (errors.length) return { errors };
  const parsed = selectorFromLabelSelector(selector);
  return { errors, matches: (labels) => parsed.matches(labels) };
}

function selectorFixed(
  next: LabelSelector | undefined,
  old: LabelSelector | undefined,
): FieldError[] {
  return semanticEqual(next, old)
    ? []
    : [invalidText('spec.selector', goLabelSelector(next), IMMUTABLE)];
}

function validateDeploymentStrategy({ strategy }: DeploymentSpec): FieldError[] {
  const path = 'spec.strategy';
  const rolling = strategy?.rollingUpdate;
  if (strategy?.type === 'Recreate') {
    return rolling
      ? [
          fieldErrors.forbidden(
            `${path}.rollingUpdate`,
            "may not be specified when strategy `type` is 'Recreate'",
          ),
        ]
      : [];
  }
  if (strategy?.type !== 'RollingUpdate')
    return [
      fieldErrors.notSupported(`${path}.type`, strategy?.type ?? '', ['Recreate', 'RollingUpdate']),
    ];
  if (!rolling)
    return [
      fieldErrors.required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'),
    ];
  const unavailable = `${path}.rollingUpdate.maxUnavailable`;
  const errors = [
    ...nonnegativeIntOrPercent(rolling.maxUnavailable, unavailable),
    ...nonnegativeIntOrPercent(rolling.maxSurge, `${path}.rollingUpdate.maxSurge`),
  ];
  if (scaledValue(rolling.maxUnavailable) === 0 && scaledValue(rolling.maxSurge) === 0) {
    errors.push(
      fieldErrors.invalid(unavailable, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    );
  }
  return [...errors, ...percentAtMost100(rolling.maxUnavailable, unavailable)];
}

export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { errors, matches } = workloadSelector(spec.selector, 'deployment');
  const deadline = spec.progressDeadlineSeconds;
  const result = [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...errors,
    ...validateTemplateOf('ReplicaSet', spec.template, matches, 'spec.template'),
    ...validateDeploymentStrategy(spec),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...validateNonnegative(deadline, 'spec.progressDeadlineSeconds'),
  ];
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0) && deadline !== MAX_INT32) {
    result.push(
      fieldErrors.invalid(
        'spec.progressDeadlineSeconds',
        deadline,
        'must be greater than minReadySeconds',
      ),
    );
  }
  return result;
}

export function validateDeploymentUpdate(next: Deployment, old: Deployment): FieldError[] {
  return selectorFixed(next.spec.selector, old.spec.selector);
}

export function validateDeploymentStatus({ status }: Deployment, old: Deployment): FieldError[] {
  const counts = [
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'collisionCount',
  ] as const;
  const errors = counts.flatMap((count) => validateNonnegative(status?.[count], `status.${count}`));
  for (const count of ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    if ((status?.[count] ?? 0) > (status?.replicas ?? 0)) {
      errors.push(
        fieldErrors.invalid(
          `status.${count}`,
          status?.[count],
          'cannot be greater than status.replicas',
        ),
      );
    }
  }
  if ((status?.availableReplicas ?? 0) > (status?.readyReplicas ?? 0)) {
    errors.push(
      fieldErrors.invalid(
        'status.availableReplicas',
        status?.availableReplicas,
        'cannot be greater than readyReplicas',
      ),
    );
  }
  if (
    old.status?.collisionCount !== undefined &&
    (status?.collisionCount ?? 0) < old.status.collisionCount
  ) {
    errors.push(
      fieldErrors.invalid(
        'status.collisionCount',
        status?.collisionCount ?? 0,
        'cannot be decremented',
      ),
    );
  }
  return errors;
}

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  // Upstream's message names 'deployment' for replica sets too.
  const { errors, matches } = workloadSelector(spec.selector, 'deployment');
  return [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...errors,
    ...validateTemplateOf('ReplicaSet', spec.template, matches, 'spec.template'),
  ];
}

export function validateReplicaSetUpdate(next: ReplicaSet, old: ReplicaSet): FieldError[] {
  return selectorFixed(next.spec.selector, old.spec.selector);
}

function validateDaemonStrategy({ spec }: DaemonSet): FieldError[] {
  const path = 'spec.updateStrategy';
  const type = spec.updateStrategy?.type;
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate')
    return [fieldErrors.notSupported(path, spec.updateStrategy, ['RollingUpdate', 'OnDelete'])];
  const rolling = spec.updateStrategy?.rollingUpdate;
  if (!rolling) return [fieldErrors.required(`${path}.rollingUpdate`)];
  const [unavailable, surge] = [
    `${path}.rollingUpdate.maxUnavailable`,
    `${path}.rollingUpdate.maxSurge`,
  ];
  const errors = [
    ...nonnegativeIntOrPercent(rolling.maxUnavailable, unavailable),
    ...percentAtMost100(rolling.maxUnavailable, unavailable),
  ];
  errors.push(
    ...nonnegativeIntOrPercent(rolling.maxSurge, surge),
    ...percentAtMost100(rolling.maxSurge, surge),
  );
  const [hasUnavailable, hasSurge] = [
    scaledValue(rolling.maxUnavailable) !== 0,
    scaledValue(rolling.maxSurge) !== 0,
  ];
  if (hasUnavailable && hasSurge)
    errors.push(
      fieldErrors.invalid(
        surge,
        rolling.maxSurge,
        'may not be set when maxUnavailable is non-zero',
      ),
    );
  if (!hasUnavailable && !hasSurge)
    errors.push(fieldErrors.required(unavailable, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

export function validateDaemonSet(set: DaemonSet): FieldError[] {
  const { spec } = set;
  const { errors, matches } = workloadSelector(spec.selector, 'daemonset');
  return [
    ...errors,
    ...validateTemplateOf('DaemonSet', spec.template, matches, 'spec.template'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateDaemonStrategy(set),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

export function validateDaemonSetUpdate(next: DaemonSet, old: DaemonSet): FieldError[] {
  return selectorFixed(next.spec.selector, old.spec.selector);
}

function validateStatefulStrategy({ spec }: StatefulSet): FieldError[] {
  const path = 'spec.updateStrategy';
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (!type) return [fieldErrors.required(path)];
  if (type === 'OnDelete') {
    return rollingUpdate
      ? [
          fieldErrors.invalid(
            `${path}.rollingUpdate`,
            rollingUpdate,
            `only allowed for updateStrategy 'RollingUpdate'`,
          ),
        ]
      : [];
  }
  if (type !== 'RollingUpdate')
    return [
      fieldErrors.invalid(path, spec.updateStrategy, "must be 'RollingUpdate' or 'OnDelete'"),
    ];
  return validateNonnegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
}

export function validateStatefulSet(set: StatefulSet): FieldError[] {
  const { spec } = set;
  const { errors, matches } = workloadSelector(spec.selector, 'statefulset');
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  const policies = ['Delete', 'Retain'];
  return [
    ...oneOf(spec.podManagementPolicy, ['OrderedReady', 'Parallel'], 'spec.podManagementPolicy'),
    ...validateStatefulStrategy(set),
    ...(retention
      ? oneOf(
          retention.whenDeleted,
          policies,
          'spec.persistentVolumeClaimRetentionPolicy.whenDeleted',
        )
      : []),
    ...(retention
      ? oneOf(
          retention.whenScaled,
          policies,
          'spec.persistentVolumeClaimRetentionPolicy.whenScaled',
        )
      : []),
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(spec.ordinals?.start, 'spec.ordinals.start'),
    ...errors,
    ...validateTemplateOf('StatefulSet', spec.template, matches, 'spec.template'),
    ...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
      validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${index}].spec`),
    ),
  ];
}

const STATEFUL_SET_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

export function validateStatefulSetUpdate(next: StatefulSet, old: StatefulSet): FieldError[] {
  const munged = { ...next.spec } as Record<string, unknown>;
  for (const field of STATEFUL_SET_MUTABLE) munged[field] = old.spec[field];
  if (semanticEqual(munged, old.spec)) return [];
  const quoted = STATEFUL_SET_MUTABLE.map((field) => `'${field}'`);
  const list = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  return [
    fieldErrors.forbidden(
      'spec',
      `updates to statefulset spec for fields other than ${list} are forbidden`,
    ),
  ];
}

export function validateControllerRevision(revision: ControllerRevision): FieldError[] {
  const errors =
    revision.data === undefined || revision.data === null
      ? [fieldErrors.required('data', 'data is mandatory')]
      : [];
  return [...errors, ...validateNonnegative(revision.revision, 'revision')];
}

export function validateControllerRevisionUpdate(
  next: ControllerRevision,
  old: ControllerRevision,
): FieldError[] {
  return semanticEqual(next.data, old.data)
    ? []
    : [fieldErrors.invalid('data', next.data, IMMUTABLE)];
}
