// Validation of apps/v1 (upstream pkg/apis/apps/validation/validation.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../../apimachinery/labels/selector.js';
import { equalJson, isJsonObject } from '../../../apimachinery/meta/clone.js';
import type { LabelSelector } from '../../../apimachinery/meta/types.js';
import { optionalOneOf } from '../../core/v1/validation/fields.js';
import { validateTemplateAnnotations } from '../../core/v1/validation/pod-spec.js';
import {
  restartsAlways,
  templateMatches,
  validateCountOrder,
  validateTemplateOf,
} from '../../core/v1/validation/replication.js';
import { goIntOrString, goLabelSelector, goRawExtension, shownAs } from '../../meta/v1/go-value.js';
import {
  nonnegativeIntOrPercent,
  percentAtMost100,
  looseValue,
} from '../../meta/v1/int-or-percent.js';
import { isEmptySelector, validateLabelSelector } from '../../meta/v1/label-selector.js';
import { IMMUTABLE, validateLabels, validateNonnegative } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  DeploymentSpec,
  ReplicaSet,
  StatefulSet,
} from './types.js';
import { STATEFUL_SET_MUTABLE } from './facts.generated.js';

const MAX_INT32 = 2_147_483_647;

/** Upstream's message names 'deployment' for replica sets too. */
const DEPLOYMENT_SELECTOR = { owner: 'deployment', required: true, bad: 'invalid label selector' };

interface SelectorRules {
  /** The word in 'empty selector is invalid for deployment'. */
  owner: string;
  required: boolean;
  /** The text about a selector that cannot be parsed; no error when undefined. */
  bad?: string;
}

type Matches = (labels: Record<string, string>) => boolean;

/** Errors of a workload's selector; `matches` is there when the selector can be parsed. */
function workloadSelector(
  selector: LabelSelector | undefined,
  { owner, required, bad }: SelectorRules,
): { errors: FieldError[]; matches?: Matches } {
  const path = 'spec.selector';
  // A missing selector selects nothing.
  if (!selector) return { errors: fieldErrors.when(required).required(path), matches: () => false };
  const errors = validateLabelSelector(selector, path);
  const isBad = errors.length > 0;
  const complain = (detail: string): void =>
    void errors.push(fieldErrors.invalid(path, goLabelSelector(selector), detail));
  if (isEmptySelector(selector)) complain(`empty selector is invalid for ${owner}`);
  if (isBad) {
    if (bad !== undefined) complain(bad);
    return { errors };
  }
  const parsed = selectorFromLabelSelector(selector);
  return { errors, matches: (labels) => parsed.matches(labels) };
}

type Selecting = { spec: { selector?: LabelSelector } };

/** The selector of a deployment, replica set or daemon set never changes. */
export function validateSelectorUpdate(next: Selecting, old: Selecting): FieldError[] {
  const { selector } = next.spec;
  return fieldErrors
    .unless(semanticEqual(selector, old.spec.selector))
    .invalid('spec.selector', selector && goLabelSelector(selector), IMMUTABLE);
}

const DEPLOYMENT_STRATEGIES = ['Recreate', 'RollingUpdate'];
const DAEMON_STRATEGIES = ['RollingUpdate', 'OnDelete'];

/** Go prints an address for the pointer; nobody can compare that. */
function goDeploymentStrategy(strategy: DeploymentSpec['strategy']) {
  const rolling = strategy?.rollingUpdate ? '(0xc000000000)' : '(nil)';
  const type = JSON.stringify(strategy?.type ?? '');
  return shownAs(
    `apps.DeploymentStrategy{Type:${type}, RollingUpdate:(*apps.RollingUpdateDeployment)${rolling}}`,
  );
}

function validateDeploymentStrategy({ strategy }: DeploymentSpec): FieldError[] {
  const path = 'spec.strategy.rollingUpdate';
  const rolling = strategy?.rollingUpdate;
  if (strategy?.type === 'Recreate')
    return fieldErrors
      .when(rolling)
      .forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
  if (strategy?.type !== 'RollingUpdate') {
    const shown = goDeploymentStrategy(strategy);
    return [fieldErrors.notSupported('spec.strategy', shown, DEPLOYMENT_STRATEGIES)];
  }
  if (!rolling) return [fieldErrors.required(path, 'this should be defaulted and never be nil')];
  const { maxUnavailable, maxSurge } = rolling;
  const shown = goIntOrString(maxUnavailable);
  return [
    ...nonnegativeIntOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...nonnegativeIntOrPercent(maxSurge, `${path}.maxSurge`),
    ...fieldErrors
      .when(looseValue(maxUnavailable) === 0 && looseValue(maxSurge) === 0)
      .invalid(`${path}.maxUnavailable`, shown, 'may not be 0 when `maxSurge` is 0'),
    ...percentAtMost100(maxUnavailable, `${path}.maxUnavailable`),
  ];
}

export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { errors, matches } = workloadSelector(spec.selector, DEPLOYMENT_SELECTOR);
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline = MAX_INT32 } = spec;
  return [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...errors,
    ...validateTemplateOf('ReplicaSet', spec.template, matches, 'spec.template'),
    ...validateDeploymentStrategy(spec),
    ...validateNonnegative(minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...validateNonnegative(deadline, 'spec.progressDeadlineSeconds'),
    ...fieldErrors
      .when(deadline <= minReadySeconds && deadline !== MAX_INT32)
      .invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'),
  ];
}

const DEPLOYMENT_COUNTS = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'collisionCount',
] as const;

export function validateDeploymentStatus({ status }: Deployment, old: Deployment): FieldError[] {
  const collisions = status?.collisionCount ?? 0;
  return [
    ...DEPLOYMENT_COUNTS.flatMap((count) =>
      validateNonnegative(status?.[count], `status.${count}`),
    ),
    ...validateCountOrder(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...fieldErrors
      .when(collisions < (old.status?.collisionCount ?? collisions))
      .invalid('status.collisionCount', collisions, 'cannot be decremented'),
  ];
}

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  const { errors, matches } = workloadSelector(spec.selector, DEPLOYMENT_SELECTOR);
  return [
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...errors,
    ...validateTemplateOf('ReplicaSet', spec.template, matches, 'spec.template'),
  ];
}

function validateDaemonStrategy({ spec }: DaemonSet): FieldError[] {
  const path = 'spec.updateStrategy.rollingUpdate';
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate')
    return [
      fieldErrors.notSupported('spec.updateStrategy', spec.updateStrategy, DAEMON_STRATEGIES),
    ];
  if (!rollingUpdate) return [fieldErrors.required(path)];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const [unavailable, surge] = [`${path}.maxUnavailable`, `${path}.maxSurge`];
  const [mayStop, mayStart] = [looseValue(maxUnavailable) !== 0, looseValue(maxSurge) !== 0];
  const detail = 'may not be set when maxUnavailable is non-zero';
  return [
    ...nonnegativeIntOrPercent(maxUnavailable, unavailable),
    ...percentAtMost100(maxUnavailable, unavailable),
    ...nonnegativeIntOrPercent(maxSurge, surge),
    ...percentAtMost100(maxSurge, surge),
    ...fieldErrors.when(mayStop && mayStart).invalid(surge, goIntOrString(maxSurge), detail),
    ...fieldErrors
      .unless(mayStop || mayStart)
      .required(unavailable, 'cannot be 0 when maxSurge is 0'),
  ];
}

export function validateDaemonSet(set: DaemonSet): FieldError[] {
  const { spec } = set;
  const { errors, matches } = workloadSelector(spec.selector, {
    owner: 'daemonset',
    required: false,
  });
  return [
    ...errors,
    ...validateTemplateOf('DaemonSet', spec.template, matches, 'spec.template'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateDaemonStrategy(set),
    ...validateNonnegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

function validateStatefulStrategy({ spec }: StatefulSet): FieldError[] {
  const path = 'spec.updateStrategy';
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (!type) return [fieldErrors.required(path)];
  if (type === 'RollingUpdate')
    return validateNonnegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
  if (type === 'OnDelete')
    return fieldErrors
      .when(rollingUpdate)
      .invalid(
        `${path}.rollingUpdate`,
        rollingUpdate,
        "only allowed for updateStrategy 'RollingUpdate'",
      );
  const detail = "must be 'RollingUpdate' or 'OnDelete'";
  return [fieldErrors.invalid(path, spec.updateStrategy, detail)];
}

const CLAIM_RETENTION = ['Retain', 'Delete'];

function validateManagement(policy: string | undefined): FieldError[] {
  const path = 'spec.podManagementPolicy';
  if (!policy) return [fieldErrors.required(path)];
  return fieldErrors
    .unless(policy === 'OrderedReady' || policy === 'Parallel')
    .invalid(path, policy, "must be 'OrderedReady' or 'Parallel'");
}

/**
 * Validates neither the pod spec nor the claim templates, as upstream: the pods' volumes that come
 * from the claim templates are not in the pod spec.
 */
export function validateStatefulSet(set: StatefulSet): FieldError[] {
  const { spec } = set;
  const { errors, matches } = workloadSelector(spec.selector, {
    owner: 'statefulset',
    required: true,
    bad: '',
  });
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const retention = 'spec.persistentVolumeClaimRetentionPolicy';
  const { metadata } = spec.template;
  return [
    ...validateManagement(spec.podManagementPolicy),
    ...validateStatefulStrategy(set),
    ...optionalOneOf(whenDeleted, CLAIM_RETENTION, `${retention}.whenDeleted`),
    ...optionalOneOf(whenScaled, CLAIM_RETENTION, `${retention}.whenScaled`),
    ...validateNonnegative(spec.replicas, 'spec.replicas'),
    ...validateNonnegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonnegative(spec.ordinals?.start, 'spec.ordinals.start'),
    ...errors,
    ...(matches ? templateMatches(spec.template, matches, 'spec.template') : []),
    ...(matches ? validateLabels(metadata?.labels, 'spec.template.labels') : []),
    ...(matches ? validateTemplateAnnotations(spec.template, 'spec.template.annotations') : []),
    ...restartsAlways('StatefulSet', spec.template, 'spec.template'),
  ];
}

export function validateStatefulSetUpdate(next: StatefulSet, old: StatefulSet): FieldError[] {
  const munged = { ...next.spec } as Record<string, unknown>;
  for (const field of STATEFUL_SET_MUTABLE) munged[field] = old.spec[field];
  const quoted = STATEFUL_SET_MUTABLE.map((field) => `'${field}'`);
  const list = `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  return fieldErrors
    .unless(semanticEqual(munged, old.spec))
    .forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`);
}

/** For new revisions; the data of stored ones never change. */
export function validateControllerRevisionCreate({ data }: ControllerRevision): FieldError[] {
  if (data === undefined || data === null)
    return [fieldErrors.required('data', 'data is mandatory')];
  return fieldErrors
    .unless(isJsonObject(data))
    .required('data', 'data must be a valid JSON object');
}

export const validateControllerRevisionUpdate = (
  next: ControllerRevision,
  old: ControllerRevision,
): FieldError[] =>
  fieldErrors
    .unless(equalJson(next.data, old.data))
    .invalid('data', goRawExtension(next.data), IMMUTABLE);
