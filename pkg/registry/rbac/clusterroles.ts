import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import { validateClusterRole } from '../../apis/rbac/v1/rbac.js';
import { CLUSTER_ROLES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

export const clusterRoles = defineResource({
  type: CLUSTER_ROLES,
  storage: 'clusterroles',
  name: pathSegmentName,
  validatesTwice: 'all',
  validate: validateClusterRole,
  allowCreateOnUpdate: true,
});
