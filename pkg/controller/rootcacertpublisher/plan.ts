// The config map with the CA that pods need to verify the API server. Pure.
import type { ConfigMap, Namespace } from '../../apis/core/v1/types.js';
import { isNamespaceGoing } from '../../component-helpers/namespaces.js';
import { equalJson } from '../../apimachinery/meta/clone.js';

export const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt';

const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';

/** The config map to write; undefined when nothing changes. */
export function planRootCa(
  namespace: Namespace | undefined,
  old: ConfigMap | undefined,
  rootCa: string,
): ConfigMap | undefined {
  if (!namespace || isNamespaceGoing(namespace)) return undefined;
  const data = { 'ca.crt': rootCa };
  const described = old?.metadata.annotations?.['kubernetes.io/description'];
  if (old && equalJson(old.data, data) && described) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...(old?.metadata ?? { name: ROOT_CA_CONFIG_MAP, namespace: namespace.metadata.name }),
      annotations: { ...old?.metadata.annotations, 'kubernetes.io/description': DESCRIPTION },
    },
    data,
  };
}
