// NamespaceLifecycle: nothing is created in a namespace that is missing or terminating, and the
// system's namespaces cannot be deleted (upstream
// apiserver/pkg/admission/plugin/namespace/lifecycle).
import { notFound } from '../apimachinery/errors/status-error.js';
import { NAMESPACES } from '../apis/resource-types.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import { isNamespaceGoing } from '../component-helpers/namespaces.js';
import { refusal } from './refuse.js';

const SYSTEM_NAMESPACES: readonly string[] = ['default', 'kube-system', 'kube-public'];

export const namespaceLifecycle: AdmissionPluginFactory = ({ reader }) => ({
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  // In the mutating phase, as upstream, so that a missing namespace is reported before a missing
  // account in it.
  async mutate(request) {
    const { facts } = request.resource;
    if (facts.resource === 'namespaces' && !facts.group) {
      if (request.operation === 'DELETE' && SYSTEM_NAMESPACES.includes(request.name))
        throw refusal(request, 'this namespace may not be deleted');
      return;
    }
    if (
      request.operation === 'DELETE' ||
      !facts.namespaced ||
      facts.group === 'authorization.k8s.io'
    )
      return;
    const namespace = await reader.find(NAMESPACES, '', request.namespace);
    if (!namespace) throw notFound(NAMESPACES, request.namespace);
    if (request.operation !== 'CREATE') return;
    if (!isNamespaceGoing(namespace)) return;
    throw refusal(
      request,
      `unable to create new content in namespace ${request.namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${request.namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  },
});
