// Validation of selectable fields: scalars outside of the metadata (upstream validation.go,
// ValidateCustomResourceSelectableFields).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps, SelectableField } from '../../apis/apiextensions/v1/types.js';
import { MAX_SELECTABLE_FIELDS } from '../limits.js';
import { parseFieldPath } from '../rules/field-path.js';
import { each } from '../../apis/core/v1/validation/fields.js';

const { invalid, required, unless, when } = fieldErrors;

const TYPES: ReadonlySet<string | undefined> = new Set(['string', 'boolean', 'integer']);

/** The schema stands beside the fields, as `schema` of a version or as `validation` of all. */
export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps | undefined,
  parent: string,
  schemaName: 'schema' | 'validation',
): FieldError[] {
  const path = `${parent}.selectableFields`;
  if (!schema) {
    const detail =
      schemaName === 'validation'
        ? 'selectableFields may only be set when validations.schema is included'
        : 'selectableFields may only be set when version.schema.openAPIV3Schema is not included';
    return [invalid(path, '', detail)];
  }
  const seen = new Set<string>();
  return [
    ...each(fields, path, ({ jsonPath }, at) =>
      validateField(jsonPath ?? '', `${at}.jsonPath`, schema, seen),
    ),
    ...when(seen.size > MAX_SELECTABLE_FIELDS).tooMany(path, seen.size, MAX_SELECTABLE_FIELDS),
  ];
}

function validateField(
  text: string,
  path: string,
  schema: JSONSchemaProps,
  seen: Set<string>,
): FieldError[] {
  if (!text) return [required(path)];
  const found = parseFieldPath(text, schema, { brackets: false });
  if (typeof found === 'string') return [invalid(path, text, `is an invalid path: ${found}`)];
  const detail =
    'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
  const errors = [
    ...when(found.steps[0] === 'metadata').invalid(
      path,
      text,
      'must not point to fields in metadata',
    ),
    ...unless(TYPES.has(found.schema.type)).invalid(path, text, detail),
    ...when(seen.has(found.text)).duplicate(path, text),
  ];
  seen.add(found.text);
  return errors;
}
