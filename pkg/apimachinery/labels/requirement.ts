// Construction, matching and text of one requirement of a label selector.
// Source of behaviour and texts: k8s.io/apimachinery/pkg/labels/selector.go.
import { parseInt64 } from '../../util/int64/int64.js';
import { isQualifiedName, isValidLabelValue } from '../validation/names.js';

export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** The values, sorted, without duplicates. */
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

export function requirementMatches(requirement: LabelRequirement, labels: Labels): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case '==':
      return value !== undefined && value === values[0];
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
      return value === undefined || value !== values[0];
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt':
      return value !== undefined && compareIntegers(value, values[0]!, operator);
  }
}

function compareIntegers(value: string, bound: string, operator: 'gt' | 'lt'): boolean {
  const a = parseInt64(value);
  const b = BigInt(bound);
  return a !== undefined && (operator === 'gt' ? a > b : a < b);
}

/** True when `text` is a decimal int64 (strconv.ParseInt). */
export const isInt64 = (text: string): boolean => parseInt64(text) !== undefined;

export function requirementText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
      return `${key} in (${values.join(',')})`;
    case 'notin':
      return `${key} notin (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
    case '=':
    case '==':
    case '!=':
      return `${key}${operator}${values[0]}`;
  }
}

/** Checks and makes one requirement; throws a plain Error with upstream's text. */
export function newRequirement(
  key: string,
  operator: LabelOperator,
  values: readonly string[],
): LabelRequirement {
  const problems: string[] = [];
  const keyProblems = isQualifiedName(key);
  if (keyProblems.length)
    problems.push(`key: Invalid value: ${JSON.stringify(key)}: ${keyProblems.join('; ')}`);
  const shown = values.length ? JSON.stringify(values) : '[]';
  const complain = (text: string): void =>
    void problems.push(`values: Invalid value: ${shown}: ${text}`);
  if (operator === 'in' || operator === 'notin') {
    if (values.length === 0) complain("for 'in', 'notin' operators, values set can't be empty");
  } else if (operator === 'exists' || operator === '!') {
    if (values.length !== 0) complain('values set must be empty for exists and does not exist');
  } else if (operator === 'gt' || operator === 'lt') {
    if (values.length !== 1) complain("for 'Gt', 'Lt' operators, exactly one value is required");
    values.forEach((value, i) => {
      if (!isInt64(value))
        problems.push(
          `values[${i}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
    });
  } else if (values.length !== 1) {
    complain('exact-match compatibility requires one single value');
  }
  values.forEach((value, i) => {
    const texts = isValidLabelValue(value);
    if (texts.length)
      problems.push(
        `values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${texts.join('; ')}`,
      );
  });
  if (problems.length)
    throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return { key, operator, values: [...new Set(values)].sort() };
}
