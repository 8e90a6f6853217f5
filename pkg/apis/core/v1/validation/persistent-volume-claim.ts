// Validation of persistent volume claims, also of those in StatefulSets and ephemeral volumes.
import { copyFields } from '../../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { parseQuantity, tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { validateLabelSelector } from '../../../meta/v1/label-selector.js';
import { invalidText } from '../../../meta/v1/go-value.js';
import { IMMUTABLE, validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import { claimSpecDiff } from '../go-specs.js';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../types.js';
import { optionally, optionalOneOf, required } from './fields.js';
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
  return [...errors, ...validateDataSources(spec, path)];
}

const DATA_SOURCES = ['dataSource', 'dataSourceRef'] as const;

/** The source of the claim's content has two fields, since old clients know dataSource only. */
function validateDataSources(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const errors = DATA_SOURCES.flatMap((field) => {
    const source = spec[field];
    if (!source) return [];
    const at = `${path}.${field}`;
    const { apiGroup, kind, name } = source;
    const found = [...required(name, `${at}.name`), ...required(kind, `${at}.kind`)];
    if (!apiGroup && kind !== 'PersistentVolumeClaim') {
      const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
      found.push(fieldErrors.invalid(at, kind, detail));
    }
    return [...found, ...optionally(isDns1123Subdomain, apiGroup || undefined, `${at}.apiGroup`)];
  });
  const { dataSource, dataSourceRef } = spec;
  const complain = (detail: string): FieldError => invalidText(path, `${path}.dataSource`, detail);
  if (!dataSource || !dataSourceRef) return errors;
  if (dataSourceRef.namespace)
    errors.push(complain('may not be specified when dataSourceRef.namespace is specified'));
  else if (!semanticEqual({ ...dataSourceRef, namespace: undefined }, dataSource))
    errors.push(complain('must match dataSourceRef'));
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
  const complain = fieldErrors.below('spec', errors);
  const bound = next.status?.phase === 'Bound';
  const munged = structuredClone(next.spec);
  if (!old.spec.volumeName) delete munged.volumeName;
  if (bound && munged.volumeAttributesClassName !== undefined)
    copyFields(munged, old.spec, 'volumeAttributesClassName');
  if (old.spec.storageClassName === undefined) delete munged.storageClassName;
  const [oldSize, newSize] = [old, next].map(({ spec }) => spec.resources?.requests?.['storage']);
  if (bound && munged.resources?.requests && oldSize !== undefined)
    munged.resources.requests['storage'] = oldSize;
  const before = { ...old.spec };
  if (!before.volumeName) delete before.volumeName;
  if (!semanticEqual(munged, before)) {
    const diff = claimSpecDiff(before, munged);
    errors.push(fieldErrors.forbidden('spec', `${IMMUTABLE_SPEC}\n${diff}`));
  }
  const [from, to, actual] = [oldSize, newSize, old.status?.capacity?.['storage']].map((size) =>
    parseQuantity(size ?? '0'),
  );
  if (to!.compare(from!) < 0 && to!.compare(actual!) <= 0) {
    complain.forbidden('resources.requests.storage', 'field can not be less than status.capacity');
  }
  if (next.spec.volumeMode !== old.spec.volumeMode)
    errors.push(fieldErrors.invalid('volumeMode', next.spec.volumeMode, IMMUTABLE));
  return errors;
}
