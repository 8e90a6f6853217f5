import { alignDataSources, defaultPersistentVolumeClaim } from '../../apis/core/v1/defaults.js';
import {
  validatePersistentVolumeClaim,
  validatePersistentVolumeClaimUpdate,
} from '../../apis/core/v1/validation/persistent-volume-claim.js';
import { claimWarnings } from '../../apis/core/v1/warnings.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { PERSISTENT_VOLUME_CLAIMS } from '../../apis/resource-types.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';
import { accessModesText, storageClassOf } from './storage-cells.js';

export const persistentVolumeClaims = defineResource({
  type: PERSISTENT_VOLUME_CLAIMS,
  storage: 'persistentvolumeclaims',
  name: subdomainName,
  defaults: defaultPersistentVolumeClaim,
  row: (claim, now) => {
    const { spec, status, metadata } = claim;
    const bound = Boolean(spec.volumeName);
    return [
      metadata.name,
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      spec.volumeName ?? '',
      bound ? (status?.capacity?.['storage'] ?? '0') : '',
      bound ? accessModesText(status?.accessModes) : '',
      storageClassOf(claim),
      spec.volumeAttributesClassName || UNSET,
      age(claim, now),
      spec.volumeMode ?? UNSET,
    ];
  },
  prepareCreate(claim) {
    claim.status = { phase: 'Pending' };
    alignDataSources(claim.spec);
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    alignDataSources(next.spec, old.spec);
  },
  validatesTwice: 'all',
  validate: validatePersistentVolumeClaim,
  warnings: claimWarnings,
  validateUpdate: validatePersistentVolumeClaimUpdate,
  status: STATUS_ONLY,
});
