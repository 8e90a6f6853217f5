// Label selectors: parsed from text ('a in (b,c),!d,e>5'), from a LabelSelector object or from a map
// of equalities. A selector is immutable and cheap to match. What it is not: the validation of
// LabelSelector objects inside kinds (apis do that).
// Source of behaviour and texts: k8s.io/apimachinery/pkg/labels/selector.go.
import { badRequest } from '../errors/status-error.js';
import type { LabelSelector } from '../meta/types.js';
import { isQualifiedName, isValidLabelValue } from '../validation/names.js';
import { parseRequirements } from './parser.js';

export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Sorted, without doubles. */
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  matches(labels: Labels | undefined): boolean;
  /** True when it has no requirement and so selects everything. */
  readonly empty: boolean;
  readonly requirements: readonly LabelRequirement[];
  /** Canonical text; parses back to an equal selector. */
  toString(): string;
}

const NO_LABELS: Labels = {};

class RequirementSelector implements Selector {
  readonly empty: boolean;
  constructor(readonly requirements: readonly LabelRequirement[]) {
    this.empty = requirements.length === 0;
  }

  matches(labels: Labels | undefined): boolean {
    const all = labels ?? NO_LABELS;
    for (const requirement of this.requirements) if (!requirementMatches(requirement, all)) return false;
    return true;
  }

  toString(): string {
    return this.requirements.map(requirementText).join(',');
  }
}

export const EVERYTHING: Selector = new RequirementSelector([]);

export const NOTHING: Selector = {
  empty: false,
  requirements: [],
  matches: () => false,
  toString: () => '',
};

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
  if (!isInt64(value)) return false;
  const a = BigInt(value);
  const b = BigInt(bound);
  return operator === 'gt' ? a > b : a < b;
}

/** True when `text` is a decimal int64 (strconv.ParseInt). */
export function isInt64(text: string): boolean {
  if (!/^[+-]?[0-9]+$/.test(text)) return false;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

function requirementText({ key, operator, values }: LabelRequirement): string {
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

const byKey = (a: LabelRequirement, b: LabelRequirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** Checks and makes one requirement; throws a plain Error with upstream's text. `path` prefixes fields. */
export function newRequirement(key: string, operator: LabelOperator, values: readonly string[], path = ''): LabelRequirement {
  const under = (field: string): string => (path ? `${path}.${field}` : field);
  const problems: string[] = [];
  const keyProblems = isQualifiedName(key);
  if (keyProblems.length) problems.push(`${under('key')}: Invalid value: ${JSON.stringify(key)}: ${keyProblems.join('; ')}`);
  const shown = values.length ? JSON.stringify(values) : '[]';
  const complain = (text: string): void => void problems.push(`${under('values')}: Invalid value: ${shown}: ${text}`);
  if (operator === 'in' || operator === 'notin') {
    if (values.length === 0) complain("for 'in', 'notin' operators, values set can't be empty");
  } else if (operator === 'exists' || operator === '!') {
    if (values.length !== 0) complain('values set must be empty for exists and does not exist');
  } else if (operator === 'gt' || operator === 'lt') {
    if (values.length !== 1) complain("for 'Gt', 'Lt' operators, exactly one value is required");
    values.forEach((value, i) => {
      if (!isInt64(value)) {
        problems.push(`${under('values')}[${i}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
      }
    });
  } else if (values.length !== 1) {
    complain('exact-match compatibility requires one single value');
  }
  values.forEach((value, i) => {
    const texts = isValidLabelValue(value);
    if (texts.length) problems.push(`${under('values')}[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${texts.join('; ')}`);
  });
  if (problems.length) throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return { key, operator, values: [...new Set(values)].sort() };
}

/** @throws StatusError BadRequest with upstream's parse message. '' selects everything. */
export function parseSelector(text: string): Selector {
  if (text === '') return EVERYTHING;
  let requirements: LabelRequirement[];
  try {
    requirements = parseRequirements(text);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
  return requirements.length ? new RequirementSelector(requirements.sort(byKey)) : EVERYTHING;
}

const EXPRESSION_OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * undefined selects nothing, {} everything (meta/v1 LabelSelectorAsSelector).
 * @throws StatusError BadRequest for an unknown operator or an invalid requirement.
 */
export function selectorFromLabelSelector(selector: LabelSelector | undefined | null): Selector {
  if (!selector) return NOTHING;
  const requirements: LabelRequirement[] = [];
  try {
    for (const [key, value] of Object.entries(selector.matchLabels ?? {})) requirements.push(newRequirement(key, '=', [value]));
    for (const { key, operator, values } of selector.matchExpressions ?? []) {
      const known = EXPRESSION_OPERATORS[operator];
      if (!known) throw new Error(`${JSON.stringify(operator)} is not a valid label selector operator`);
      requirements.push(newRequirement(key, known, values ?? []));
    }
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
  return requirements.length ? new RequirementSelector(requirements.sort(byKey)) : EVERYTHING;
}

/** All equalities of the map, not validated; undefined or {} selects everything (labels.SelectorFromSet). */
export function selectorFromMap(map: Labels | undefined | null): Selector {
  if (!map) return EVERYTHING;
  const requirements = Object.entries(map).map(([key, value]): LabelRequirement => ({ key, operator: '=', values: [value] }));
  return requirements.length ? new RequirementSelector(requirements.sort(byKey)) : EVERYTHING;
}

/** LabelSelector as kubectl prints it ('<none>' when empty, '<error>' when invalid; meta/v1 FormatLabelSelector). */
export function formatLabelSelector(selector: LabelSelector | undefined | null): string {
  try {
    const text = selectorFromLabelSelector(selector).toString();
    return text === '' ? '<none>' : text;
  } catch {
    return '<error>';
  }
}
