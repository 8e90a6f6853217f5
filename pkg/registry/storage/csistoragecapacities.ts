import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CSISTORAGE_CAPACITIES } from '../../apis/resource-types.js';
import {
  storageCapacityWarnings,
  validateCSIStorageCapacity,
  validateCSIStorageCapacityUpdate,
} from '../../apis/storage/v1/storage.js';
import { UNSET } from '../cells.js';
import { defineResource } from '../define.js';

export const csiStorageCapacities = defineResource({
  type: CSISTORAGE_CAPACITIES,
  storage: 'csistoragecapacities',
  name: subdomainName,
  row: (capacity) => [
    capacity.metadata.name,
    capacity.storageClassName,
    capacity.capacity ?? UNSET,
  ],
  validate: validateCSIStorageCapacity,
  validateUpdate: validateCSIStorageCapacityUpdate,
  warnings: storageCapacityWarnings,
  allowUnconditionalUpdate: false,
});
