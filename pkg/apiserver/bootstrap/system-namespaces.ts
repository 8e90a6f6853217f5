// The namespaces that every cluster has (upstream controlplane/controller/systemnamespaces).
import { isReason } from '../../apimachinery/errors/status-error.js';
import type { Namespace } from '../../apis/core/v1/types.js';
import { NAMESPACES } from '../../apis/resource-types.js';
import type { PostStartHook } from '../connect.js';

export const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

export const systemNamespacesHook: PostStartHook = {
  name: 'start-system-namespaces-controller',
  async run({ reader, local }) {
    for (const name of SYSTEM_NAMESPACES) {
      if (reader.get(NAMESPACES, '', name)) continue;
      const namespace = { metadata: { name }, spec: {} } as Namespace;
      await local.create(NAMESPACES, namespace).catch((error: unknown) => {
        if (!isReason(error, 'AlreadyExists')) throw error;
      });
    }
  },
};
