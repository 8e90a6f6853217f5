// Namespaces. Deletion takes two steps: the namespace becomes Terminating and keeps the finalizer
// `kubernetes` in its spec until the namespace controller has emptied the namespace and removes the
// finalizer by the finalize subresource.
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import { defaultNamespace } from '../../apis/core/v1/defaults.js';
import {
  validateNamespace,
  validateNamespaceStatus,
} from '../../apis/core/v1/validation/cluster.js';
import { labelName } from '../../apis/meta/v1/object-meta.js';
import { NAMESPACES } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';

export const NAMESPACE_FINALIZER = 'kubernetes';

export const namespaces = defineResource({
  type: NAMESPACES,
  storage: 'namespaces',
  name: labelName,
  defaults: defaultNamespace,
  row: (namespace, now) => [
    namespace.metadata.name,
    namespace.status?.phase ?? '',
    age(namespace, now),
  ],
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
  prepareCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = (namespace.spec.finalizers ??= []);
    if (!finalizers.includes(NAMESPACE_FINALIZER)) finalizers.push(NAMESPACE_FINALIZER);
  },
  // The label `kubernetes.io/metadata.name` needs the name, which may be generated after the
  // defaults.
  allocate(namespace) {
    defaultNamespace(namespace);
    return [];
  },
  prepareUpdate(next, old) {
    copyFields(next.spec, old.spec, 'finalizers');
    keepStatus(next, old);
  },
  validate: validateNamespace,
  subresources: { finalize: { validateUpdate: validateNamespace } },
  status: { prepareUpdate: keepSpec, validateUpdate: validateNamespaceStatus },
});
