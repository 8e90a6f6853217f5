import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import { validateRole } from '../../apis/rbac/v1/rbac.js';
import { ROLES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

export const roles = defineResource({
  type: ROLES,
  storage: 'roles',
  name: pathSegmentName,
  validatesTwice: 'all',
  validate: validateRole,
  allowCreateOnUpdate: true,
});
