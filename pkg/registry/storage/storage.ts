// The resources of the group storage.k8s.io.
import { immutable } from '../../apis/meta/v1/object-meta.js';
import {
  CSIDRIVERS,
  CSINODES,
  CSISTORAGE_CAPACITIES,
  STORAGE_CLASSES,
  VOLUME_ATTACHMENTS,
} from '../../apis/resource-types.js';
import {
  defaultCSIDriver,
  defaultStorageClass,
  storageCapacityWarnings,
  storageClassWarnings,
  validateCSIDriver,
  validateCSIDriverUpdate,
  validateCSINode,
  validateCSINodeUpdate,
  validateCSIStorageCapacity,
  validateStorageClass,
  validateStorageClassUpdate,
  validateVolumeAttachment,
} from '../../apis/storage/v1/storage.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { STATUS_ALONE } from '../strategy.js';

export const csiDrivers = defineResource({
  type: CSIDRIVERS,
  defaults: defaultCSIDriver,
  cells: (driver) => [
    driver.spec.attachRequired ?? true,
    driver.spec.podInfoOnMount ?? false,
    driver.spec.storageCapacity ?? false,
    (driver.spec.tokenRequests ?? []).map(({ audience }) => audience).join(',') || UNSET,
    driver.spec.requiresRepublish ?? false,
    (driver.spec.volumeLifecycleModes ?? []).join(',') || '<none>',
  ],
  validate: validateCSIDriver,
  validateUpdate: validateCSIDriverUpdate,
  generation: 'later',
  allowUnconditionalUpdate: false,
});

export const csiNodes = defineResource({
  type: CSINODES,
  defaults(node) {
    node.spec ??= { drivers: null };
  },
  cells: (node) => [node.spec.drivers?.length ?? 0],
  validate: validateCSINode,
  validateUpdate: validateCSINodeUpdate,
  allowUnconditionalUpdate: false,
});

export const csiStorageCapacities = defineResource({
  type: CSISTORAGE_CAPACITIES,
  row: (capacity) => [
    capacity.metadata.name,
    capacity.storageClassName,
    capacity.capacity ?? UNSET,
  ],
  validate: validateCSIStorageCapacity,
  validateUpdate: immutable('nodeTopology', 'storageClassName'),
  warnings: storageCapacityWarnings,
  allowUnconditionalUpdate: false,
});

const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

export const storageClasses = defineResource({
  type: STORAGE_CLASSES,
  defaults: defaultStorageClass,
  row: (storageClass, now) => {
    const { metadata } = storageClass;
    return [
      metadata.annotations?.[IS_DEFAULT] === 'true' ? `${metadata.name} (default)` : metadata.name,
      storageClass.provisioner,
      storageClass.reclaimPolicy ?? 'Delete',
      storageClass.volumeBindingMode ?? 'Immediate',
      storageClass.allowVolumeExpansion ?? false,
      age(storageClass, now),
    ];
  },
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warnings: storageClassWarnings,
});

export const volumeAttachments = defineResource({
  type: VOLUME_ATTACHMENTS,
  defaults(attachment) {
    attachment.spec ??= { attacher: '', nodeName: '', source: {} };
    attachment.spec.source ??= {};
    attachment.status ??= { attached: false };
  },
  cells: (attachment) => [
    attachment.spec.attacher,
    attachment.spec.source.persistentVolumeName ?? '',
    attachment.spec.nodeName,
    attachment.status?.attached ?? false,
  ],
  freshStatus: () => ({ attached: false }),
  validate: validateVolumeAttachment,
  validateUpdate: immutable('spec'),
  allowUnconditionalUpdate: false,
  status: STATUS_ALONE,
});
