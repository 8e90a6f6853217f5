import { defaultStatefulSet } from '../../apis/apps/v1/defaults.js';
import { validateStatefulSet, validateStatefulSetUpdate } from '../../apis/apps/v1/validation.js';
import { labelName } from '../../apis/meta/v1/object-meta.js';
import { claimSpecWarnings } from '../../apis/core/v1/pod-warnings.js';
import { STATEFUL_SETS } from '../../apis/resource-types.js';
import { age, containerCells } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';
import { workloadScale } from './workload-scale.js';

export const statefulSets = defineResource({
  type: STATEFUL_SETS,
  storage: 'statefulsets',
  name: labelName,
  defaults: defaultStatefulSet,
  row: (set, now) => [
    set.metadata.name,
    `${set.status?.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`,
    age(set, now),
    ...containerCells(set.spec.template),
  ],
  prepareCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
  },
  prepareUpdate: keepStatus,
  validate: validateStatefulSet,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template' },
  warnings: ({ spec }) =>
    (spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
      claimSpecWarnings(claim.spec, `spec.volumeClaimTemplates[${index}].Spec`),
    ),
  validateUpdate: validateStatefulSetUpdate,
  generation: true,
  status: STATUS_ONLY,
  scale: workloadScale,
});
