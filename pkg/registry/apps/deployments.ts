import { defaultDeployment } from '../../apis/apps/v1/defaults.js';
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import {
  validateDeployment,
  validateDeploymentStatus,
  validateDeploymentUpdate,
} from '../../apis/apps/v1/validation.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { DEPLOYMENTS } from '../../apis/resource-types.js';
import { age, containerCells } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_WITHOUT_LABELS } from '../strategy.js';
import { workloadScale } from './workload-scale.js';

export const deployments = defineResource({
  type: DEPLOYMENTS,
  storage: 'deployments',
  name: subdomainName,
  defaults: defaultDeployment,
  row: (deployment, now) => [
    deployment.metadata.name,
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec.replicas ?? 0}`,
    String(deployment.status?.updatedReplicas ?? 0),
    String(deployment.status?.availableReplicas ?? 0),
    age(deployment, now),
    ...containerCells(deployment.spec.template),
    formatLabelSelector(deployment.spec.selector),
  ],
  prepareCreate(deployment) {
    deployment.status = {};
  },
  prepareUpdate: keepStatus,
  generation: true,
  validate: validateDeployment,
  podTemplate: { of: ({ spec }) => spec.template, path: 'spec.template', namesPods: true },
  validateUpdate: validateDeploymentUpdate,
  status: { ...STATUS_WITHOUT_LABELS, validateUpdate: validateDeploymentStatus },
  scale: workloadScale,
});
