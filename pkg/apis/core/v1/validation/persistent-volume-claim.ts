// Validation of persistent volume claims, also of those in StatefulSets and ephemeral volumes.
import { copyFields } from '../../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { validateLabelSelector } from '../../../meta/v1/label-selector.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../types.js';
import { optionalOneOf, required } from './fields.js';
import { validateNonnegativeQuantity } from './resources.js';

export const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const VOLUME_MODES = ['Block', 'Filesystem'];

export function validateAccessModes(modes: readonly string[], path: string): FieldError[] {
  const errors = modes.flatMap((mode) =>
    ACCESS_MODES.includes(mode) ? [] : [fieldErrors.notSupported(path, mode, ACCESS_MODES)],
  );
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    errors.push(
      fieldErrors.forbidden(path, 'may not use ReadWriteOncePod with other access modes'),
    );
  }
  return errors;
}

/** Requires a positive storage request. */
function validateStorageAmount(amount: string, path: string): FieldError[] {
  const errors = validateNonnegativeQuantity(amount, path);
  if (tryParseQuantity(amount)?.isZero)
    errors.push(fieldErrors.invalid(path, amount, 'must be greater than zero'));
  return errors;
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length)
    errors.push(fieldErrors.required(`${path}.accessModes`, 'at least 1 access mode is required'));
  errors.push(...validateLabelSelector(spec.selector, `${path}.selector`));
  errors.push(...validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`));
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) errors.push(fieldErrors.required(`${path}.resources[storage]`));
  else errors.push(...validateStorageAmount(storage, `${path}.resources[storage]`));
  if (spec.storageClassName)
    errors.push(
      ...validateWith(isDns1123Subdomain, spec.storageClassName, `${path}.storageClassName`),
    );
  errors.push(...optionalOneOf(spec.volumeMode, VOLUME_MODES, `${path}.volumeMode`));
  if (spec.dataSource) {
    errors.push(
      ...required(spec.dataSource.name, `${path}.dataSource.name`),
      ...required(spec.dataSource.kind, `${path}.dataSource.kind`),
    );
  }
  return errors;
}

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim): FieldError[] {
  return validateClaimSpec(claim.spec, 'spec');
}

const IMMUTABLE_SPEC =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** Allows a larger size of bound claims, another volume attributes class and the first binding. */
export function validatePersistentVolumeClaimUpdate(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): FieldError[] {
  const errors: FieldError[] = [];
  const bound = old.status?.phase === 'Bound';
  const munged = structuredClone(next.spec);
  if (!old.spec.volumeName) delete munged.volumeName;
  copyFields(munged, old.spec, 'volumeAttributesClassName');
  if (old.spec.storageClassName === undefined || munged.storageClassName === undefined)
    copyFields(munged, old.spec, 'storageClassName');
  const oldSize = old.spec.resources?.requests?.['storage'];
  const newSize = next.spec.resources?.requests?.['storage'];
  if (bound && munged.resources?.requests && oldSize !== undefined)
    munged.resources.requests['storage'] = oldSize;
  const before = { ...old.spec, volumeName: old.spec.volumeName || undefined };
  if (!semanticEqual(munged, before)) errors.push(fieldErrors.forbidden('spec', IMMUTABLE_SPEC));
  const [from, to, actual] = [oldSize, newSize, old.status?.capacity?.['storage']].map((size) =>
    tryParseQuantity(size),
  );
  if (from && to && to.compare(from) < 0 && !(actual && to.compare(actual) > 0)) {
    errors.push(
      fieldErrors.forbidden(
        'spec.resources.requests.storage',
        'field can not be less than status.capacity',
      ),
    );
  }
  return errors;
}
