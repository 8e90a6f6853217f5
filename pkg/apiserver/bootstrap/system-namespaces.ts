// The namespaces of every cluster (upstream controlplane/controller/systemnamespaces).
import { ignoring } from '../../apimachinery/errors/status-error.js';
import type { Namespace } from '../../apis/core/v1/types.js';
import { NAMESPACES } from '../../apis/resource-types.js';
import type { ServerServices } from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';

export const SYSTEM_NAMESPACES = [
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
] as const;

/** Creates the namespace, while other servers may do the same. */
export async function ensureNamespace(
  { local, reader }: ServerServices,
  name: string,
): Promise<void> {
  if (reader.get(NAMESPACES, '', name)) return;
  const namespace = { metadata: { name }, spec: {} } as Namespace;
  await local.create(NAMESPACES, namespace).catch(ignoring('AlreadyExists'));
}

export const systemNamespacesHook: PostStartHook = {
  name: 'start-system-namespaces-controller',
  async run(services) {
    for (const name of SYSTEM_NAMESPACES) await ensureNamespace(services, name);
  },
};
