import { defaultPersistentVolume } from '../../apis/core/v1/defaults.js';
import {
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from '../../apis/core/v1/validation/persistent-volume.js';
import { persistentVolumeWarnings } from '../../apis/core/v1/warnings.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';
import { accessModesText, storageClassOf } from './storage-cells.js';

export const persistentVolumes = defineResource({
  type: PERSISTENT_VOLUMES,
  storage: 'persistentvolumes',
  name: subdomainName,
  defaults: defaultPersistentVolume,
  row: (volume, now) => {
    const { spec, status, metadata } = volume;
    const claim = spec.claimRef;
    return [
      metadata.name,
      spec.capacity?.['storage'] ?? '',
      accessModesText(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
      claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : '',
      storageClassOf(volume),
      spec.volumeAttributesClassName || UNSET,
      status?.reason ?? '',
      age(volume, now),
      spec.volumeMode ?? UNSET,
    ];
  },
  prepareCreate(volume, { now }) {
    volume.status = {
      phase: 'Pending',
      lastPhaseTransitionTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
  },
  prepareUpdate: keepStatus,
  validatesTwice: 'all',
  validate: validatePersistentVolume,
  warnings: persistentVolumeWarnings,
  validateUpdate: validatePersistentVolumeUpdate,
  status: STATUS_ONLY,
});
