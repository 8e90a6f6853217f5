// Bounds of a definition that upstream does not have: its schemas are validated in one piece, and
// nobody else is served meanwhile.
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { MAX_ERROR_TEXT, MAX_EXPRESSION_TEXT, MAX_PATTERN_WEIGHT, MAX_RULES } from '../limits.js';
import { someSchema } from '../schema/walk.js';

/** The errors of schemas that take too long to compile, all versions together. */
export function validateSize(schemas: readonly JSONSchemaProps[], path: string): FieldError[] {
  const sums = { rules: 0, text: 0, patterns: 0 };
  const count = ({ pattern, 'x-kubernetes-validations': rules = [] }: JSONSchemaProps): boolean => {
    sums.rules += rules.length;
    for (const { messageExpression = '', rule = '' } of rules as Partial<(typeof rules)[0]>[])
      sums.text += rule.length + messageExpression.length;
    if (pattern) sums.patterns += patternWeight(pattern);
    return false;
  };
  for (const schema of schemas) someSchema(schema, count);
  const tooMuch = (sum: number, max: number, what: string): FieldError[] =>
    sum > max ? [fieldErrors.forbidden(path, `must not have more than ${max} ${what}`)] : [];
  return [
    ...tooMuch(sums.rules, MAX_RULES, 'x-kubernetes-validations rules'),
    ...tooMuch(
      sums.text,
      MAX_EXPRESSION_TEXT,
      'characters of x-kubernetes-validations expressions',
    ),
    ...tooMuch(sums.patterns, MAX_PATTERN_WEIGHT, 'characters of patterns, with their repetitions'),
  ];
}

/** RE2 allows no more than a thousand repetitions, nested ones multiplied. */
const MAX_REPETITIONS = 1000;

/** An upper bound of the pattern's length when its counted repetitions are written out. */
function patternWeight(pattern: string): number {
  let most = 1;
  for (const [, from, to] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    most = Math.max(most, most * Math.max(Number(from), Number(to ?? 0)));
  return pattern.length * Math.min(most, MAX_REPETITIONS);
}

/** The first errors: their fields may be long, and each is repeated. */
export function boundedErrors(errors: readonly FieldError[]): FieldError[] {
  let left = MAX_ERROR_TEXT;
  return errors.filter(({ field, message }, index) => {
    left -= field.length + message.length;
    return left >= 0 || index === 0;
  });
}
