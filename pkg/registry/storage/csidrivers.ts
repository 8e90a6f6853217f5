import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CSIDRIVERS } from '../../apis/resource-types.js';
import {
  defaultCSIDriver,
  validateCSIDriver,
  validateCSIDriverUpdate,
} from '../../apis/storage/v1/storage.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';

export const csiDrivers = defineResource({
  type: CSIDRIVERS,
  storage: 'csidrivers',
  name: subdomainName,
  defaults: defaultCSIDriver,
  // The fact table lacks the columns that upstream appends.
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'AttachRequired', type: 'boolean' },
    { name: 'PodInfoOnMount', type: 'boolean' },
    { name: 'StorageCapacity', type: 'boolean' },
    { name: 'TokenRequests', type: 'string' },
    { name: 'RequiresRepublish', type: 'boolean' },
    { name: 'Modes', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  row: (driver, now) => [
    driver.metadata.name,
    driver.spec.attachRequired ?? true,
    driver.spec.podInfoOnMount ?? false,
    driver.spec.storageCapacity ?? false,
    (driver.spec.tokenRequests ?? []).map(({ audience }) => audience).join(',') || UNSET,
    driver.spec.requiresRepublish ?? false,
    (driver.spec.volumeLifecycleModes ?? []).join(',') || '<none>',
    age(driver, now),
  ],
  validate: validateCSIDriver,
  validateUpdate: validateCSIDriverUpdate,
  generation: 'later',
  allowUnconditionalUpdate: false,
});
