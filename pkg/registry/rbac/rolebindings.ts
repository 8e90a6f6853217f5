import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultBinding,
  validateBindingUpdate,
  validateRoleBinding,
} from '../../apis/rbac/v1/rbac.js';
import { ROLE_BINDINGS } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';
import { bindingRow } from './binding-row.js';

export const roleBindings = defineResource({
  type: ROLE_BINDINGS,
  storage: 'rolebindings',
  name: pathSegmentName,
  defaults: defaultBinding,
  row: bindingRow,
  validatesTwice: 'all',
  validate: validateRoleBinding,
  validateUpdate: validateBindingUpdate,
  allowCreateOnUpdate: true,
});
