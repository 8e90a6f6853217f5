// Decides about volumes that are directories of nodes, after the contract of upstream's external
// provisioners. The volume is the record of its directory: it is written before the kubelet makes
// the directory, and its finalizer goes after the directory. Tenants choose no path. Pure.
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../apis/core/v1/types.js';
import type { StorageClass } from '../../apis/storage/v1/types.js';
import { PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import {
  isAllowedTopology,
  LOCAL_PATH_PROVISIONER,
  LOCAL_PATH_ROOT,
  localPathName,
  PROVISIONER,
  SELECTED_NODE,
} from '../../component-helpers/volumes.js';
import { ERASER, VOLUME } from './objects.generated.js';

export const LOCAL_PATH_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';
const MODES = ['ReadWriteOnce', 'ReadWriteOncePod'];
const MAX_NAME = 255;

export type ProvisionStep =
  | { volume: NewObject<PersistentVolume> }
  /** `reschedule`: the scheduler is to choose another node. */
  | { error: string; reschedule?: boolean };

/** Undefined when the claim is not for this provisioner, or has a volume. */
export function planProvision(
  { metadata, spec }: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
  node: Node | undefined,
): ProvisionStep | undefined {
  const { annotations = {}, name, namespace = '', uid = '' } = metadata;
  if (
    spec.volumeName ||
    metadata.deletionTimestamp ||
    annotations[PROVISIONER[0]!] !== LOCAL_PATH_PROVISIONER ||
    storageClass?.provisioner !== LOCAL_PATH_PROVISIONER
  )
    return undefined;
  const { accessModes = [], dataSource, dataSourceRef, selector, volumeMode } = spec;
  if (!accessModes.every((mode) => MODES.includes(mode)))
    return { error: `only the access modes ${MODES.join(' and ')} are supported` };
  if (volumeMode === 'Block' || selector || dataSource || dataSourceRef)
    return { error: 'volumeMode Block, selectors and data sources are not supported' };
  if (storageClass.mountOptions?.length || Object.keys(storageClass.parameters ?? {}).length)
    return { error: 'parameters and mount options of the storage class are not supported' };
  const selected = annotations[SELECTED_NODE];
  if (!selected) return { error: 'configuration error, no node was specified' };
  const host = node?.metadata.labels?.['kubernetes.io/hostname'];
  if (!host) return { error: `node ${selected} is gone or has no hostname`, reschedule: true };
  if (!isAllowedTopology(storageClass.allowedTopologies, node.metadata.labels))
    return { error: `the storage class does not allow node ${selected}`, reschedule: true };
  const volume = `pvc-${uid}`;
  const made = filled<PersistentVolume>(VOLUME, {
    volume,
    claim: name,
    namespace,
    uid,
    host,
    node: selected,
    size: spec.resources?.requests?.['storage'],
    path: `${LOCAL_PATH_ROOT}/${`${volume}_${namespace}_${name}`.slice(0, MAX_NAME)}`,
    policy: storageClass.reclaimPolicy ?? 'Delete',
    class: storageClass.metadata.name,
  });
  return { volume: { ...made, spec: { ...made.spec, accessModes } } };
}

/**
 * A released volume is deleted first, so that no claim can take it, then erased. `let go`: its user
 * keeps the directory.
 */
export function planRemoval(volume: PersistentVolume): 'none' | 'delete' | 'erase' | 'let go' {
  const { deletionTimestamp, finalizers = [] } = volume.metadata;
  if (localPathName(volume) === undefined) return 'none';
  const isReleased = ['Released', 'Failed'].includes(volume.status?.phase ?? '');
  const isOurs = isReleased && volume.spec.persistentVolumeReclaimPolicy === 'Delete';
  if (!deletionTimestamp) return isOurs ? 'delete' : 'none';
  if (!finalizers?.includes(LOCAL_PATH_FINALIZER) || volume.status?.phase === 'Bound')
    return 'none';
  return isOurs ? 'erase' : 'let go';
}

/** The pod that removes the directory. The volume owns the pod. */
export function eraser(volume: PersistentVolume, image: string): NewObject<Pod> {
  const pod = filled<Pod>(ERASER, {
    volume: volume.metadata.name,
    node: volume.metadata.annotations?.[SELECTED_NODE],
    directory: localPathName(volume),
    path: volume.spec.local?.path,
    root: LOCAL_PATH_ROOT,
    image,
  });
  const ownerReferences = [controllerReference(PERSISTENT_VOLUMES, volume)];
  return { ...pod, metadata: { ...pod.metadata, ownerReferences } };
}

/** The template with its values, which cannot change its form. */
function filled<T>(template: object, values: Record<string, string | undefined>): NewObject<T> {
  const fill = (_all: string, name: string) => JSON.stringify(values[name] ?? '').slice(1, -1);
  return JSON.parse(JSON.stringify(template).replace(/\$\{(\w+)\}/g, fill)) as NewObject<T>;
}
