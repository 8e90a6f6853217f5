// The slim pods and namespaces that the informers keep. Pure.
import type { Namespace, Pod, PodSpec } from '../../apis/core/v1/types.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import { servingContainers } from '../../component-helpers/pods.js';

/**
 * The field selector of the pod informer. policyPod checks the fields again, for servers that do
 * not know the selector.
 */
export const POD_FIELD_SELECTOR =
  'spec.hostNetwork=false,status.phase!=Succeeded,status.phase!=Failed';

/** The fields of the object that it has. */
const pick = <T extends object>(object: T, ...fields: (keyof T)[]): T =>
  Object.fromEntries(
    fields.flatMap((field) => (object[field] ? [[field, object[field]]] : [])),
  ) as T;

/** The fields that the informer keeps of a pod. */
export function slimPod(pod: Pod): Pod {
  const { metadata, spec, status } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: slimMeta(metadata),
    spec: {
      containers: servingContainers(pod.spec).map(({ name, ports }) => ({
        name,
        ports: (ports ?? []).filter((port) => port.name),
      })),
      ...pick<Partial<PodSpec>>(spec, 'nodeName', 'hostNetwork'),
    },
    ...(status && { status: pick(status, 'phase', 'podIP', 'podIPs') }),
  };
}

/** The fields that the informer keeps of a namespace. */
export const slimNamespace = ({ metadata }: Namespace): Namespace =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: slimMeta(metadata) }) as Namespace;

const slimMeta = (metadata: ObjectMeta): ObjectMeta =>
  pick(metadata, 'name', 'namespace', 'uid', 'resourceVersion', 'labels', 'deletionTimestamp');
