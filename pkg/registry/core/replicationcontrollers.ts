import { defaultReplicationController } from '../../apis/core/v1/defaults.js';
import {
  validateReplicaCounts,
  validateReplicationController,
} from '../../apis/core/v1/validation/replication.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { REPLICATION_CONTROLLERS } from '../../apis/resource-types.js';
import { age, containerCells, formatLabels } from '../cells.js';
import { defineResource } from '../define.js';
import { selectorText } from '../apps/workload-scale.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

export const replicationControllers = defineResource({
  type: REPLICATION_CONTROLLERS,
  storage: 'controllers',
  name: subdomainName,
  defaults: defaultReplicationController,
  row: (controller, now) => [
    controller.metadata.name,
    controller.spec.replicas ?? 0,
    controller.status?.replicas ?? 0,
    controller.status?.readyReplicas ?? 0,
    age(controller, now),
    ...containerCells(controller.spec.template),
    formatLabels(controller.spec.selector),
  ],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  prepareCreate(controller) {
    controller.status = { replicas: 0 };
  },
  prepareUpdate: keepStatus,
  generation: true,
  validate: validateReplicationController,
  // Upstream validates the new spec once more in an update, so its errors come twice.
  validateUpdate: validateReplicationController,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  status: { ...STATUS_ONLY, validateUpdate: (next) => validateReplicaCounts(next.status) },
  scale: {
    read: ({ spec, status }) => ({
      specReplicas: spec.replicas ?? 0,
      statusReplicas: status?.replicas ?? 0,
      selector: selectorText({ matchLabels: spec.selector ?? {} }),
    }),
    write(controller, replicas) {
      controller.spec.replicas = replicas;
    },
  },
  // The default of v1: the pods of a deleted controller stay.
  defaultPropagation: 'Orphan',
});
