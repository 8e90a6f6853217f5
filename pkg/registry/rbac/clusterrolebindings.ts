import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultBinding,
  validateBindingUpdate,
  validateClusterRoleBinding,
} from '../../apis/rbac/v1/rbac.js';
import { CLUSTER_ROLE_BINDINGS } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';
import { bindingRow } from './binding-row.js';

export const clusterRoleBindings = defineResource({
  type: CLUSTER_ROLE_BINDINGS,
  storage: 'clusterrolebindings',
  name: pathSegmentName,
  defaults: defaultBinding,
  row: bindingRow,
  validatesTwice: 'all',
  validate: validateClusterRoleBinding,
  validateUpdate: validateBindingUpdate,
  allowCreateOnUpdate: true,
});
