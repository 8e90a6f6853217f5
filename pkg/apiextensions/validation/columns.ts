// Validation of printer columns (upstream validation.go, ValidateCustomResourceColumnDefinition).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { CustomResourceColumnDefinition } from '../../apis/apiextensions/v1/types.js';

const { invalid, required } = fieldErrors;

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

const oneOf = (values: readonly string[]): string => `must be one of ${values.join(',')}`;

export function validateColumn(
  { format = '', jsonPath = '', name, type = '' }: Partial<CustomResourceColumnDefinition>,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${path}.name`));
  if (!type) errors.push(required(`${path}.type`, oneOf(TYPES)));
  else if (!TYPES.includes(type)) errors.push(invalid(`${path}.type`, type, oneOf(TYPES)));
  if (format && !FORMATS.includes(format))
    errors.push(invalid(`${path}.format`, format, oneOf(FORMATS)));
  return [...errors, ...validateSimplePath(jsonPath, `${path}.JSONPath`)];
}

/** A path as `.spec.replicas`. Its parts are not looked at. */
export function validateSimplePath(text: string, path: string): FieldError[] {
  if (!text) return [required(path)];
  return text.startsWith('.')
    ? []
    : [invalid(path, text, 'must be a simple json path starting with .')];
}
