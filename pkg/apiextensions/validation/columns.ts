// Validation of printer columns (upstream validation.go, ValidateCustomResourceColumnDefinition).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { CustomResourceColumnDefinition } from '../../apis/apiextensions/v1/types.js';

const { required, unless } = fieldErrors;

const TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

const oneOf = (values: readonly string[]): string => `must be one of ${values.join(',')}`;

export const validateColumn = (
  { format = '', jsonPath = '', name, type = '' }: Partial<CustomResourceColumnDefinition>,
  path: string,
): FieldError[] => [
  ...unless(name).required(`${path}.name`),
  ...unless(type).required(`${path}.type`, oneOf(TYPES)),
  ...unless(!type || TYPES.includes(type)).invalid(`${path}.type`, type, oneOf(TYPES)),
  ...unless(!format || FORMATS.includes(format)).invalid(`${path}.format`, format, oneOf(FORMATS)),
  ...validateSimplePath(jsonPath, `${path}.JSONPath`),
];

/** A path as `.spec.replicas`. Its parts are not looked at. */
export function validateSimplePath(text: string, path: string): FieldError[] {
  if (!text) return [required(path)];
  return unless(text.startsWith('.')).invalid(
    path,
    text,
    'must be a simple json path starting with .',
  );
}
