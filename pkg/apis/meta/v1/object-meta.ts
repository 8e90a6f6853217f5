// Validation of the metadata of all objects (k8s.io/apimachinery/pkg/api/validation/objectmeta.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import type { ObjectMeta, OwnerReference } from '../../../apimachinery/meta/types.js';
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isQualifiedName,
  isValidLabelValue,
} from '../../../apimachinery/validation/names.js';
import { FIXED } from './facts.generated.js';
import { semanticEqual } from './semantic-equal.js';

/** The complaints about a text; none about a good one. */
export type Syntax = (text: string) => string[];

/** Errors of a name. `prefix` is true for a generateName, to which the server appends a suffix. */
export type NameRule = (name: string, prefix: boolean) => string[];

const TOTAL_ANNOTATION_BYTES = 256 * 1024;

/** Hides the final '-' that a prefix may have and a name may not. */
const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;

const dnsRule =
  (check: Syntax): NameRule =>
  (name, prefix) =>
    check(prefix ? maskTrailingDash(name) : name);

export const subdomainName: NameRule = dnsRule(isDns1123Subdomain);
export const labelName: NameRule = dnsRule(isDns1123Label);
export const label1035Name: NameRule = dnsRule(isDns1035Label);
export const pathSegmentName: NameRule = (name) => isPathSegmentName(name);

/** Treats an absent value as '', since clients may leave out fields that the type requires. */
export function validateWith(check: Syntax, given: string | undefined, path: string): FieldError[] {
  const value = given ?? '';
  return check(value).map((text) => fieldErrors.invalid(path, value, text));
}

export const validateNonnegative = (value: number | undefined, path: string): FieldError[] =>
  fieldErrors
    .when(value !== undefined && value < 0)
    .invalid(path, value, 'must be greater than or equal to 0');

export const validateLabels = (
  labels: Record<string, string> | undefined,
  path: string,
): FieldError[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...validateWith(isQualifiedName, key, path),
    ...validateWith(isValidLabelValue, value, path),
  ]);

const sum = (texts: readonly [string, string][], size: (text: string) => number): number =>
  texts.reduce((total, [key, value]) => total + size(key) + size(value), 0);

export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const texts = Object.entries(annotations ?? {});
  for (const [key] of texts)
    for (const text of isQualifiedName(key.toLowerCase()))
      errors.push(fieldErrors.invalid(path, key, text));
  // A unit of a text has at most three bytes.
  const isLong = 3 * sum(texts, ({ length }) => length) > TOTAL_ANNOTATION_BYTES;
  if (isLong && sum(texts, utf8Length) > TOTAL_ANNOTATION_BYTES)
    errors.push(fieldErrors.tooLong(path, TOTAL_ANNOTATION_BYTES));
  return errors;
}

/** Number of bytes of `text` in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // A surrogate pair has two units and four bytes: each half counts one byte more than its unit.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

function validateOwner(owner: OwnerReference, path: string): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const slash = (owner.apiVersion ?? '').split('/');
  if (!slash[slash.length - 1])
    complain.invalid('apiVersion', owner.apiVersion ?? '', 'version must not be empty');
  for (const field of ['kind', 'name', 'uid'] as const) {
    if (!owner[field]) complain.invalid(field, owner[field] ?? '', `${field} must not be empty`);
  }
  if (owner.kind === 'Event' && owner.apiVersion === 'v1')
    complain.invalid('', owner, '/v1, Kind=Event is disallowed from being an owner');
  return errors;
}

function validateOwners(owners: readonly OwnerReference[] | undefined, path: string): FieldError[] {
  const errors = (owners ?? []).flatMap((owner) => validateOwner(owner, path));
  const [first, second] = (owners ?? []).filter(({ controller }) => controller);
  if (first && second) {
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first.name} and ${second.name}`;
    errors.push(fieldErrors.invalid(path, owners, detail));
  }
  return errors;
}

const STANDARD_FINALIZERS: ReadonlySet<string> = new Set([
  'kubernetes',
  'orphan',
  'foregroundDeletion',
]);

/** A finalizer without a domain should be one of Kubernetes' own. */
export const isStandardFinalizer = (finalizer: string): boolean =>
  finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer);

export function validateStandardFinalizer(finalizer: string, path: string): FieldError[] {
  const detail = 'name is neither a standard finalizer name nor is it fully qualified';
  return fieldErrors.unless(isStandardFinalizer(finalizer)).invalid(path, finalizer, detail);
}

function validateFinalizers(finalizers: readonly string[] | undefined, path: string): FieldError[] {
  const errors = (finalizers ?? []).flatMap((finalizer) =>
    validateWith(isQualifiedName, finalizer, path),
  );
  const { complain } = fieldErrors.below(path, errors);
  if (finalizers?.includes('orphan') && finalizers.includes('foregroundDeletion'))
    complain.invalid('', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
  return errors;
}

/** Validates the whole metadata. `path` is 'metadata' except in templates. */
export const validateObjectMeta = (
  meta: ObjectMeta,
  namespaced: boolean,
  name: NameRule,
  path = 'metadata',
): FieldError[] => [
  ...validateForeignObjectMeta(meta, namespaced, name, path),
  ...(meta.finalizers ?? []).flatMap((finalizer, index) =>
    validateStandardFinalizer(finalizer, `${path}.finalizers[${index}]`),
  ),
];

/** As validateObjectMeta for kinds that are not Kubernetes' own: any finalizer will do. */
export function validateForeignObjectMeta(
  meta: ObjectMeta,
  namespaced: boolean,
  name: NameRule,
  path = 'metadata',
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  if (meta.generateName) {
    for (const text of name(meta.generateName, true))
      complain.invalid('generateName', meta.generateName, text);
  }
  if (!meta.name) complain.required('name', 'name or generateName is required');
  else for (const text of name(meta.name, false)) complain.invalid('name', meta.name, text);
  if (!namespaced && meta.namespace) complain.forbidden('namespace', 'not allowed on this type');
  if (namespaced && !meta.namespace) complain.required('namespace');
  if (namespaced && meta.namespace)
    errors.push(...validateWith(isDns1123Label, meta.namespace, `${path}.namespace`));
  return [
    ...errors,
    ...validateNonnegative(meta.generation, `${path}.generation`),
    ...validateLabels(meta.labels, `${path}.labels`),
    ...validateAnnotations(meta.annotations, `${path}.annotations`),
    ...validateOwners(meta.ownerReferences, `${path}.ownerReferences`),
    ...validateFinalizers(meta.finalizers, `${path}.finalizers`),
  ];
}

export const IMMUTABLE = 'field is immutable';

/** Refuses any change of the field's meaning (upstream ValidateImmutableField). */
export const validateImmutableField = (next: unknown, old: unknown, path: string): FieldError[] =>
  fieldErrors.unless(semanticEqual(next, old)).invalid(path, next, IMMUTABLE);

/** The check of updates that refuses any change of these fields of the object. */
export const immutable =
  <Field extends string>(...fields: readonly Field[]) =>
  (next: { [K in Field]?: unknown }, old: { [K in Field]?: unknown }): FieldError[] =>
    fields.flatMap((field) => validateImmutableField(next[field], old[field], field));

/**
 * Refuses changes of immutable metadata. validateObjectMeta checks the new values, and the update
 * verb checks finalizers.
 */
export function validateObjectMetaUpdate(
  next: ObjectMeta,
  old: ObjectMeta,
  path = 'metadata',
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const generation = next.generation ?? 0;
  if (generation < (old.generation ?? 0))
    complain.invalid('generation', generation, 'must not be decremented');
  for (const field of FIXED)
    if ((next[field] ?? '') !== (old[field] ?? '')) complain.invalid(field, next[field], IMMUTABLE);
  return errors;
}
