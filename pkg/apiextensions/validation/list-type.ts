// Validation of x-kubernetes-list-type and its keys: sets have scalar or atomic items, and each
// item of a map has its keys (upstream validation.go, validateMapListKeysMapSet).
import { fieldErrors, type FieldError, GoText } from '../../apimachinery/errors/status-error.js';
import { jsonText } from '../../util/json/json-text.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';

const { invalid, notSupported, required } = fieldErrors;

const LIST_TYPES = ['atomic', 'set', 'map'];

export interface ListTypeOptions {
  readonly requiresAtomicSets: boolean;
  readonly requiresListMapKeys: boolean;
}

const itemOf = ({ items }: JSONSchemaProps): JSONSchemaProps | undefined =>
  Array.isArray(items) ? undefined : items;

export function validateListType(
  schema: JSONSchemaProps,
  path: string,
  options: ListTypeOptions,
): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const errors: FieldError[] = [];
  const { type } = schema;
  if (listType !== undefined && type !== 'array') {
    const detail = 'must be array if x-kubernetes-list-type is specified';
    errors.push(type ? invalid(`${path}.type`, type, detail) : required(`${path}.type`, detail));
  } else if (options.requiresAtomicSets) errors.push(...validateSetItems(schema, path));
  if (listType !== undefined && !LIST_TYPES.includes(listType))
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, LIST_TYPES));
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const at = `${path}.x-kubernetes-list-type`;
    errors.push(listType === undefined ? required(at, detail) : invalid(at, listType, detail));
  }
  if (listType === 'map') errors.push(...validateMapItems(schema, keys, path));
  if (options.requiresListMapKeys) errors.push(...validateListMapKeys(schema, path));
  return errors;
}

/** The items of a set are compared as a whole. */
export function validateSetItems(schema: JSONSchemaProps, path: string): FieldError[] {
  const item = itemOf(schema);
  if (schema['x-kubernetes-list-type'] !== 'set' || !item) return [];
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = item['x-kubernetes-list-type'];
  if (item.type === 'array' && listType !== undefined && listType !== 'atomic')
    return [invalid(`${path}.items.x-kubernetes-list-type`, listType, detail)];
  // Upstream shows the list type here too.
  if (item.type === 'object' && item['x-kubernetes-map-type'] !== 'atomic')
    return [invalid(`${path}.items.x-kubernetes-map-type`, listType, detail)];
  return [];
}

function validateMapItems(
  schema: JSONSchemaProps,
  keys: readonly string[],
  path: string,
): FieldError[] {
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  const errors = fieldErrors
    .unless(keys.length)
    .required(keysPath, 'must not be empty if x-kubernetes-list-type is map');
  const { complain } = fieldErrors.below(`${path}.items`, errors);
  const item = itemOf(schema);
  if (!item && schema.items) {
    const shown = `apiextensions.JSONSchemaPropsOrArray{JSONSchemas:${jsonText(schema.items)}}`;
    const detail = 'must only have a single schema if x-kubernetes-list-type is map';
    complain.invalid('', new GoText(shown), detail);
  } else if (!item) complain.required('', 'must have a schema if x-kubernetes-list-type is map');
  const parent = "if parent array's x-kubernetes-list-type is map";
  if (item && item.type !== 'object')
    complain.invalid('type', item.type ?? '', `must be object ${parent}`);
  if (item?.type !== 'object') return errors;
  const seen = new Set<string>();
  // Upstream repeats both errors for each such key.
  const unknown = invalid(keysPath, keys, 'entries must all be names of item properties');
  const twice = invalid(keysPath, keys, 'must not contain duplicate entries');
  for (const key of keys) {
    const property = propertyOf(item, key);
    if (!property) errors.push(unknown);
    else if (property.type === 'array' || property.type === 'object')
      complain.invalid(`properties[${key}].type`, item.type, `must be a scalar type ${parent}`);
    if (seen.has(key)) errors.push(twice);
    seen.add(key);
  }
  return errors;
}

const propertyOf = ({ properties }: JSONSchemaProps, name: string): JSONSchemaProps | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** Items are there, and each item of a map has its keys. */
export function validateListMapKeys(schema: JSONSchemaProps, path: string): FieldError[] {
  const item = itemOf(schema);
  const listType = schema['x-kubernetes-list-type'];
  if (!item || (listType !== 'set' && listType !== 'map')) return [];
  const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
  const errors = fieldErrors.when(item.nullable).forbidden(`${path}.items.nullable`, detail);
  if (listType === 'set') return errors;
  const always = new Set(item.required);
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = propertyOf(item, key);
    if (!property) continue;
    const { complain } = fieldErrors.below(`${path}.items.properties[${key}]`, errors);
    const name = 'this property is in x-kubernetes-list-map-keys, so it';
    if (!always.has(key) && property.default === undefined)
      complain.required('default', `${name} must have a default or be a required property`);
    if (property.nullable) complain.forbidden('nullable', `${name} cannot be nullable`);
  }
  return errors;
}
