// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';
import type { PersistentVolumeSpec, TopologySelectorTerm } from '../../core/v1/types.js';

/** api.storage.v1.CSIDriver */
export interface CSIDriver {
  apiVersion: 'storage.k8s.io/v1';
  kind: 'CSIDriver';
  metadata: ObjectMeta;
  spec: CSIDriverSpec;
}

/** api.storage.v1.CSIDriverList */
export interface CSIDriverList {
  apiVersion: 'storage.k8s.io/v1';
  items: CSIDriver[];
  kind: 'CSIDriverList';
  metadata: ListMeta;
}

/** api.storage.v1.CSIDriverSpec */
export interface CSIDriverSpec {
  attachRequired?: boolean;
  fsGroupPolicy?: string;
  podInfoOnMount?: boolean;
  requiresRepublish?: boolean;
  seLinuxMount?: boolean;
  storageCapacity?: boolean;
  tokenRequests?: TokenRequest[];
  volumeLifecycleModes?: string[];
}

/** api.storage.v1.CSINode */
export interface CSINode {
  apiVersion: 'storage.k8s.io/v1';
  kind: 'CSINode';
  metadata: ObjectMeta;
  spec: CSINodeSpec;
}

/** api.storage.v1.CSINodeDriver */
export interface CSINodeDriver {
  allocatable?: VolumeNodeResources;
  name: string;
  nodeID: string;
  topologyKeys?: string[] | null;
}

/** api.storage.v1.CSINodeList */
export interface CSINodeList {
  apiVersion: 'storage.k8s.io/v1';
  items: CSINode[];
  kind: 'CSINodeList';
  metadata: ListMeta;
}

/** api.storage.v1.CSINodeSpec */
export interface CSINodeSpec {
  drivers: CSINodeDriver[] | null;
}

/** api.storage.v1.CSIStorageCapacity */
export interface CSIStorageCapacity {
  apiVersion: 'storage.k8s.io/v1';
  capacity?: string;
  kind: 'CSIStorageCapacity';
  maximumVolumeSize?: string;
  metadata: ObjectMeta;
  nodeTopology?: LabelSelector;
  storageClassName: string;
}

/** api.storage.v1.CSIStorageCapacityList */
export interface CSIStorageCapacityList {
  apiVersion: 'storage.k8s.io/v1';
  items: CSIStorageCapacity[];
  kind: 'CSIStorageCapacityList';
  metadata: ListMeta;
}

/** api.storage.v1.StorageClass */
export interface StorageClass {
  allowVolumeExpansion?: boolean;
  allowedTopologies?: TopologySelectorTerm[];
  apiVersion: 'storage.k8s.io/v1';
  kind: 'StorageClass';
  metadata: ObjectMeta;
  mountOptions?: string[];
  parameters?: Record<string, string>;
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
}

/** api.storage.v1.StorageClassList */
export interface StorageClassList {
  apiVersion: 'storage.k8s.io/v1';
  items: StorageClass[];
  kind: 'StorageClassList';
  metadata: ListMeta;
}

/** api.storage.v1.TokenRequest */
export interface TokenRequest {
  audience: string;
  expirationSeconds?: number;
}

/** api.storage.v1.VolumeAttachment */
export interface VolumeAttachment {
  apiVersion: 'storage.k8s.io/v1';
  kind: 'VolumeAttachment';
  metadata: ObjectMeta;
  spec: VolumeAttachmentSpec;
  status?: VolumeAttachmentStatus;
}

/** api.storage.v1.VolumeAttachmentList */
export interface VolumeAttachmentList {
  apiVersion: 'storage.k8s.io/v1';
  items: VolumeAttachment[];
  kind: 'VolumeAttachmentList';
  metadata: ListMeta;
}

/** api.storage.v1.VolumeAttachmentSource */
export interface VolumeAttachmentSource {
  inlineVolumeSpec?: PersistentVolumeSpec;
  persistentVolumeName?: string;
}

/** api.storage.v1.VolumeAttachmentSpec */
export interface VolumeAttachmentSpec {
  attacher: string;
  nodeName: string;
  source: VolumeAttachmentSource;
}

/** api.storage.v1.VolumeAttachmentStatus */
export interface VolumeAttachmentStatus {
  attachError?: VolumeError;
  attached: boolean;
  attachmentMetadata?: Record<string, string>;
  detachError?: VolumeError;
}

/** api.storage.v1.VolumeError */
export interface VolumeError {
  message?: string;
  time?: string;
}

/** api.storage.v1.VolumeNodeResources */
export interface VolumeNodeResources {
  count?: number;
}
