// Validation of persistent volume claims, also of those in StatefulSets and ephemeral volumes.
import { copyFields } from '../../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { parseQuantity, tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Subdomain } from '../../../../apimachinery/validation/names.js';
import { validateLabelSelector } from '../../../meta/v1/label-selector.js';
import { validateImmutableField } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import { goTypeDiff } from '../go-specs.js';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../types.js';
import { optionalOneOf, required, whenSet } from './fields.js';
import { validateNonnegativeQuantity } from './resources.js';
import { shownAs } from '../../../meta/v1/go-value.js';

export const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const VOLUME_MODES = ['Block', 'Filesystem'];

export const validateAccessModes = (modes: readonly string[], path: string): FieldError[] => [
  ...modes.flatMap((mode) => optionalOneOf(mode, ACCESS_MODES, path)),
  ...fieldErrors
    .when(modes.includes('ReadWriteOncePod') && modes.length > 1)
    .forbidden(path, 'may not use ReadWriteOncePod with other access modes'),
];

/** Requires a positive storage request. */
export const validateStorageAmount = (amount: string, path: string): FieldError[] => [
  ...validateNonnegativeQuantity(amount, path),
  ...fieldErrors
    .when(tryParseQuantity(amount)?.isZero)
    .invalid(path, amount, 'must be greater than zero'),
];

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const modes = spec.accessModes ?? [];
  const storage = spec.resources?.requests?.['storage'];
  const amount = `${path}.resources[storage]`;
  return [
    ...fieldErrors
      .unless(modes.length)
      .required(`${path}.accessModes`, 'at least 1 access mode is required'),
    ...validateLabelSelector(spec.selector, `${path}.selector`),
    ...validateAccessModes(modes, `${path}.accessModes`),
    ...(storage === undefined
      ? [fieldErrors.required(amount)]
      : validateStorageAmount(storage, amount)),
    ...whenSet(isDns1123Subdomain, spec.storageClassName, `${path}.storageClassName`),
    ...optionalOneOf(spec.volumeMode, VOLUME_MODES, `${path}.volumeMode`),
    ...validateDataSources(spec, path),
  ];
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
    return [...found, ...whenSet(isDns1123Subdomain, apiGroup, `${at}.apiGroup`)];
  });
  const { dataSource, dataSourceRef } = spec;
  const complain = (detail: string): FieldError =>
    fieldErrors.invalid(path, shownAs(`${path}.dataSource`), detail);
  if (!dataSource || !dataSourceRef) return errors;
  if (dataSourceRef.namespace)
    errors.push(complain('may not be specified when dataSourceRef.namespace is specified'));
  else if (!semanticEqual({ ...dataSourceRef, namespace: undefined }, dataSource))
    errors.push(complain('must match dataSourceRef'));
  return errors;
}

const IMMUTABLE_SPEC =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** Allows a larger size of bound claims, another volume attributes class and the first binding. */
export function validatePersistentVolumeClaimUpdate(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): FieldError[] {
  const { complain, errors } = fieldErrors.below('spec');
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
  if (!semanticEqual(munged, before))
    complain.forbidden(
      '',
      `${IMMUTABLE_SPEC}\n${goTypeDiff('PersistentVolumeClaimSpec', before, munged)}`,
    );
  const [from, to, actual] = [oldSize, newSize, old.status?.capacity?.['storage']].map((size) =>
    parseQuantity(size ?? '0'),
  );
  if (to!.compare(from!) < 0 && to!.compare(actual!) <= 0)
    complain.forbidden('resources.requests.storage', 'field can not be less than status.capacity');
  const modes = [next.spec.volumeMode, old.spec.volumeMode] as const;
  return [...errors, ...validateImmutableField(...modes, 'volumeMode')];
}
