// Volumes, claims and classes for tests.
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
} from '../../pkg/apis/core/v1/types.js';
import type { CSINode, StorageClass } from '../../pkg/apis/storage/v1/types.js';

import { keyOf, type ApiObject } from '../../pkg/apimachinery/meta/object.js';
import { storageClassOf } from '../../pkg/component-helpers/volumes.js';
import type { VolumeLister } from '../../pkg/scheduler/framework/snapshot.js';

type Metadata = Partial<PersistentVolumeClaim['metadata']>;

export const volume = (
  name: string,
  size: string,
  spec: PersistentVolumeSpec = {},
  metadata: Metadata = {},
  phase = 'Available',
): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, ...metadata },
  spec: {
    capacity: { storage: size },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: `/data/${name}` },
    persistentVolumeReclaimPolicy: 'Retain',
    ...spec,
  },
  status: { phase },
});

export const claim = (
  name: string,
  size: string,
  spec: PersistentVolumeClaimSpec = {},
  metadata: Metadata = {},
): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'ns', uid: `uid-${name}`, ...metadata },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, ...spec },
  status: { phase: 'Pending' },
});

export const storageClass = (name: string, fields: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'Immediate',
  ...fields,
});

/** A reference to the claim; without a uid the volume is only reserved. */
export const refTo = ({ metadata }: PersistentVolumeClaim, withUid = true) => ({
  name: metadata.name,
  namespace: metadata.namespace!,
  ...(withUid ? { uid: metadata.uid! } : {}),
});

/** The volumes as the scheduler sees them. */
export function volumeLister({
  volumes = [],
  claims = [],
  classes = [],
  csiNodes = [],
}: {
  volumes?: readonly PersistentVolume[];
  claims?: readonly PersistentVolumeClaim[];
  classes?: readonly StorageClass[];
  csiNodes?: readonly CSINode[];
} = {}): VolumeLister {
  const find =
    <T extends ApiObject>(list: readonly T[]) =>
    (key: string) =>
      list.find((object) => keyOf(object) === key);
  return {
    claim: find(claims),
    volume: find(volumes),
    volumesOf: (name) => volumes.filter((one) => storageClassOf(one) === name),
    storageClass: find(classes),
    csiNode: find(csiNodes),
  };
}
