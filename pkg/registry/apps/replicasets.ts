import { defaultReplicaSet } from '../../apis/apps/v1/defaults.js';
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { validateReplicaSet, validateReplicaSetUpdate } from '../../apis/apps/v1/validation.js';
import { validateReplicaCounts } from '../../apis/core/v1/validation/replication.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { REPLICA_SETS } from '../../apis/resource-types.js';
import { age, containerCells } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';
import { workloadScale } from './workload-scale.js';

export const replicaSets = defineResource({
  type: REPLICA_SETS,
  storage: 'replicasets',
  name: subdomainName,
  defaults: defaultReplicaSet,
  row: (set, now) => [
    set.metadata.name,
    set.spec.replicas ?? 0,
    set.status?.replicas ?? 0,
    set.status?.readyReplicas ?? 0,
    age(set, now),
    ...containerCells(set.spec.template),
    formatLabelSelector(set.spec.selector),
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  prepareCreate(set) {
    set.status = { replicas: 0 };
  },
  prepareUpdate: keepStatus,
  generation: true,
  validate: validateReplicaSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  validateUpdate: validateReplicaSetUpdate,
  status: { ...STATUS_ONLY, validateUpdate: (next) => validateReplicaCounts(next.status) },
  scale: workloadScale,
});
