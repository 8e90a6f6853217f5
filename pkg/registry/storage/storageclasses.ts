import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { STORAGE_CLASSES } from '../../apis/resource-types.js';
import {
  defaultStorageClass,
  storageClassWarnings,
  validateStorageClass,
  validateStorageClassUpdate,
} from '../../apis/storage/v1/storage.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

export const storageClasses = defineResource({
  type: STORAGE_CLASSES,
  storage: 'storageclasses',
  name: subdomainName,
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
