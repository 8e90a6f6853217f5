// The resources of the group apps.
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import {
  defaultControllerRevision,
  defaultDaemonSet,
  defaultDeployment,
  defaultReplicaSet,
  defaultStatefulSet,
} from '../../apis/apps/v1/defaults.js';
import type { ControllerRevision, DaemonSet } from '../../apis/apps/v1/types.js';
import {
  validateControllerRevisionCreate,
  validateControllerRevisionUpdate,
  validateDaemonSet,
  validateDeployment,
  validateDeploymentStatus,
  validateReplicaSet,
  validateSelectorUpdate,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from '../../apis/apps/v1/validation.js';
import { claimSpecWarnings } from '../../apis/core/v1/pod-warnings.js';
import { validateReplicaCounts } from '../../apis/core/v1/validation/replication.js';
import { labelName, validateNonnegative } from '../../apis/meta/v1/object-meta.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import {
  CONTROLLER_REVISIONS,
  DAEMON_SETS,
  DEPLOYMENTS,
  REPLICA_SETS,
  STATEFUL_SETS,
} from '../../apis/resource-types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { containerCells, formatLabels, NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus, STATUS_WITHOUT_LABELS } from '../strategy.js';
import { workloadScale } from '../../component-helpers/scale.js';
import { each } from '../../apis/core/v1/validation/fields.js';

/** 'daemonset.apps/name' of the controller. */
function controllerText({ metadata }: ControllerRevision): string {
  const owner = controllerOf({ metadata });
  if (!owner) return NONE;
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

export const controllerRevisions = defineResource({
  type: CONTROLLER_REVISIONS,
  defaults: defaultControllerRevision,
  cells: (revision) => [controllerText(revision), String(revision.revision)],
  validate: ({ revision }) => validateNonnegative(revision, 'revision'),
  validateCreate: validateControllerRevisionCreate,
  validateUpdate: validateControllerRevisionUpdate,
});

const EMPTY_STATUS = {
  currentNumberScheduled: 0,
  desiredNumberScheduled: 0,
  numberMisscheduled: 0,
  numberReady: 0,
};

/**
 * The template's generation, which old clients still read. Upstream keeps it as a field, so that no
 * client can change it.
 */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function keepTemplateGeneration(next: DaemonSet, old: DaemonSet, step: bigint): void {
  const before = old.metadata.annotations?.[TEMPLATE_GENERATION] ?? '';
  const generation = (/^\d+$/.test(before) ? BigInt(before) : 0n) + step;
  next.metadata.annotations = {
    ...next.metadata.annotations,
    [TEMPLATE_GENERATION]: String(generation),
  };
}

export const daemonSets = defineResource({
  type: DAEMON_SETS,
  defaults: defaultDaemonSet,
  cells: (set) => [
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    formatLabels(set.spec.template.spec?.nodeSelector),
    ...containerCells(set.spec.template),
    formatLabelSelector(set.spec.selector),
  ],
  prepareCreate(set) {
    set.status = { ...EMPTY_STATUS };
    set.metadata.annotations = { ...set.metadata.annotations, [TEMPLATE_GENERATION]: '1' };
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    const changed = !semanticEqual(next.spec.template, old.spec.template);
    keepTemplateGeneration(next, old, changed ? 1n : 0n);
  },
  validate: validateDaemonSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template' },
  validatesTwice: 'spec',
  validateUpdate: validateSelectorUpdate,
  generation: true,
  status: {
    prepareUpdate(next, old) {
      keepSpec(next, old);
      keepTemplateGeneration(next, old, 0n);
    },
  },
});

export const deployments = defineResource({
  type: DEPLOYMENTS,
  defaults: defaultDeployment,
  cells: (deployment) => [
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec.replicas ?? 0}`,
    String(deployment.status?.updatedReplicas ?? 0),
    String(deployment.status?.availableReplicas ?? 0),
    ...containerCells(deployment.spec.template),
    formatLabelSelector(deployment.spec.selector),
  ],
  freshStatus: () => ({}),
  generation: true,
  validate: validateDeployment,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  validateUpdate: validateSelectorUpdate,
  status: { ...STATUS_WITHOUT_LABELS, validateUpdate: validateDeploymentStatus },
  scale: workloadScale,
});

export const replicaSets = defineResource({
  type: REPLICA_SETS,
  defaults: defaultReplicaSet,
  cells: (set) => [
    set.spec.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    ...containerCells(set.spec.template),
    formatLabelSelector(set.spec.selector),
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  freshStatus: () => ({ replicas: 0 }),
  generation: true,
  validate: validateReplicaSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  validatesTwice: 'spec',
  validateUpdate: validateSelectorUpdate,
  status: { validateUpdate: (next) => validateReplicaCounts(next.status) },
  scale: workloadScale,
});

export const statefulSets = defineResource({
  type: STATEFUL_SETS,
  name: labelName,
  defaults: defaultStatefulSet,
  cells: (set) => [
    `${set.status?.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`,
    ...containerCells(set.spec.template),
  ],
  freshStatus: () => ({ replicas: 0, availableReplicas: 0 }),
  validate: validateStatefulSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template' },
  warnings: ({ spec }) =>
    each(spec.volumeClaimTemplates, 'spec.volumeClaimTemplates', (claim, at) =>
      claimSpecWarnings(claim.spec, `${at}.Spec`),
    ),
  validateUpdate: validateStatefulSetUpdate,
  generation: true,
  status: {},
  scale: workloadScale,
});
