// Validation of the index fields of Indexed jobs and of the policies for failure and success
// (upstream pkg/apis/batch/validation/validation.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isQualifiedName } from '../../../apimachinery/validation/names.js';
import { validateWith } from '../../meta/v1/object-meta.js';
import type { JobSpec, PodFailurePolicyRule, SuccessPolicyRule } from './types.js';
import { each, oneOf, optionalOneOf } from '../../core/v1/validation/fields.js';
import { shownAs } from '../../meta/v1/go-value.js';

const MAX_PARALLELISM_INDEXED = 100_000;
const MAX_FAILED_INDEXES = 100_000;
const COMPLETIONS_SOFT_LIMIT = 100_000;
const MAX_FAILED_INDEXES_ABOVE = 10_000;
const MAX_PARALLELISM_ABOVE = 10_000;
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_INDEXES_TEXT = 64 * 1024;
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const NO_RULES = 'at least one rules must be specified when the successPolicy is specified';
const NO_SUCCESS = 'at least one of succeededCount or succeededIndexes must be specified';
const INDEXED_ONLY = 'requires indexed completion mode';

const quoted = (values: readonly string[]): string =>
  `valid values: [${values.map((value) => `"${value}"`).join(' ')}]`;

/** Checks the counts that only Indexed jobs have or bound. */
export function validateIndexes(spec: JobSpec, path: string): FieldError[] {
  const { backoffLimitPerIndex, completions = 0, maxFailedIndexes } = spec;
  const { complain, errors } = fieldErrors.below(path);
  const bound = (count: 'parallelism' | 'maxFailedIndexes', limit: number, when = ''): void => {
    const value = spec[count] ?? 0;
    if (value > limit)
      complain.invalid(count, value, `must be less than or equal to ${limit}${when}`);
  };
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    complain.required('backoffLimitPerIndex', 'when maxFailedIndexes is specified');
  if (spec.completionMode !== 'Indexed') {
    if (spec.completionMode !== 'NonIndexed') return errors;
    if (backoffLimitPerIndex !== undefined)
      complain.invalid('backoffLimitPerIndex', backoffLimitPerIndex, INDEXED_ONLY);
    if (maxFailedIndexes !== undefined)
      complain.invalid('maxFailedIndexes', maxFailedIndexes, INDEXED_ONLY);
    return errors;
  }
  bound('parallelism', MAX_PARALLELISM_INDEXED, ' when completion mode is Indexed');
  if (maxFailedIndexes !== undefined && maxFailedIndexes > (spec.completions ?? Infinity)) {
    const detail = 'must be less than or equal to completions';
    complain.invalid('maxFailedIndexes', maxFailedIndexes, detail);
  }
  bound('maxFailedIndexes', MAX_FAILED_INDEXES);
  if (completions > COMPLETIONS_SOFT_LIMIT && backoffLimitPerIndex !== undefined) {
    const required = `must be specified when completions is above ${COMPLETIONS_SOFT_LIMIT}`;
    const when = ` when completions are above ${COMPLETIONS_SOFT_LIMIT} and used with backoff limit per index`;
    if (maxFailedIndexes === undefined) complain.required('maxFailedIndexes', required);
    bound('parallelism', MAX_PARALLELISM_ABOVE, when);
    bound('maxFailedIndexes', MAX_FAILED_INDEXES_ABOVE, when);
  }
  return errors;
}

export function validatePodFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const errors =
    rules.length > MAX_RULES ? [fieldErrors.tooMany(`${path}.rules`, rules.length, MAX_RULES)] : [];
  const names = new Set(
    [...(spec.template.spec?.initContainers ?? []), ...(spec.template.spec?.containers ?? [])].map(
      ({ name }) => name,
    ),
  );
  return [
    ...errors,
    ...each(rules, `${path}.rules`, (rule, field) => validateFailureRule(spec, rule, field, names)),
  ];
}

function validateFailureRule(
  spec: JobSpec,
  rule: PodFailurePolicyRule,
  path: string,
  names: ReadonlySet<string>,
): FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const { complain, errors } = fieldErrors.below(path);
  errors.push(...oneOf(action, ACTIONS, `${path}.action`, quoted(ACTIONS)));
  if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
    complain.invalid('action', action, 'requires the backoffLimitPerIndex to be set');
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, `${path}.onExitCodes`, names));
  if (onPodConditions.length > MAX_RULES)
    errors.push(fieldErrors.tooMany(`${path}.onPodConditions`, onPodConditions.length, MAX_RULES));
  errors.push(
    ...each(onPodConditions, `${path}.onPodConditions`, ({ type, status }, at) => [
      ...validateWith(isQualifiedName, type, `${at}.type`),
      ...optionalOneOf(status ?? '', STATUSES, `${at}.status`),
    ]),
  );
  if (Boolean(onExitCodes) === onPodConditions.length > 0) {
    const why = onExitCodes
      ? 'specifying both OnExitCodes and OnPodConditions is not supported'
      : 'specifying one of OnExitCodes and OnPodConditions is required';
    errors.push({ type: 'FieldValueInvalid', field: path, message: `Invalid value: ${why}` });
  }
  return errors;
}

function validateExitCodes(
  codes: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  path: string,
  names: ReadonlySet<string>,
): FieldError[] {
  const { containerName, operator } = codes;
  const values = codes.values ?? [];
  const shown = shownAs(`[]int32{${values.join(', ')}}`);
  const { complain, errors } = fieldErrors.below(path);
  errors.push(...oneOf(operator, OPERATORS, `${path}.operator`, quoted(OPERATORS)));
  if (containerName !== undefined && !names.has(containerName))
    complain.invalid(
      'containerName',
      containerName,
      'must be one of the container or initContainer names in the pod template',
    );
  if (!values.length) complain.invalid('values', shown, 'at least one value is required');
  else if (values.length > MAX_EXIT_CODES)
    errors.push(fieldErrors.tooMany(`${path}.values`, values.length, MAX_EXIT_CODES));
  for (const [at, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      complain.invalid(`values[${at}]`, value, 'must not be 0 for the In operator');
    if (values.indexOf(value) < at) complain.duplicate(`values[${at}]`, value);
  }
  if (values.some((value, at) => at > 0 && value < values[at - 1]!))
    complain.invalid('values', shown, 'must be ordered');
  return errors;
}

export function validateSuccessPolicy(spec: JobSpec, path: string): FieldError[] {
  const { successPolicy, completions = 0 } = spec;
  if (!successPolicy) return [];
  if (spec.completionMode !== 'Indexed')
    return [fieldErrors.invalid(path, successPolicy, INDEXED_ONLY)];
  const rules = successPolicy.rules ?? [];
  if (!rules.length) return [fieldErrors.required(`${path}.rules`, NO_RULES)];
  if (rules.length > MAX_RULES)
    return [fieldErrors.tooMany(`${path}.rules`, rules.length, MAX_RULES)];
  return each(rules, `${path}.rules`, (rule, field) =>
    validateSuccessRule(rule, field, completions),
  );
}

function validateSuccessRule(
  { succeededCount, succeededIndexes }: SuccessPolicyRule,
  path: string,
  completions: number,
): FieldError[] {
  if (succeededCount === undefined && succeededIndexes === undefined)
    return [fieldErrors.required(path, NO_SUCCESS)];
  const errors: FieldError[] = [];
  let total = completions;
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > MAX_INDEXES_TEXT)
      errors.push(fieldErrors.tooLong(`${path}.succeededIndexes`, MAX_INDEXES_TEXT));
    const parsed = countIndexes(succeededIndexes, completions);
    if (typeof parsed === 'string')
      errors.push(
        fieldErrors.invalid(
          `${path}.succeededIndexes`,
          succeededIndexes,
          `error parsing succeededIndexes: ${parsed}`,
        ),
      );
    else total = parsed;
  }
  if (succeededCount === undefined) return errors;
  const field = `${path}.succeededCount`;
  const { complain } = fieldErrors.below(field, errors);
  if (succeededCount < 0)
    complain.invalid('', succeededCount, 'must be greater than or equal to 0');
  if (succeededCount > completions)
    complain.invalid(
      '',
      succeededCount,
      `must be less than or equal to ${completions} (the number of specified completions)`,
    );
  if (succeededIndexes !== undefined && succeededCount > total)
    complain.invalid(
      '',
      succeededCount,
      `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
    );
  return errors;
}

/** The number of indexes in '1,3-5', ascending and below `completions`; or the error's text. */
function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last = -1;
  for (const part of text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2)
      return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`;
    for (const limit of limits)
      if (!/^\d+$/.test(limit)) return `cannot convert string to integer for index: "${limit}"`;
    const [from, to = from] = limits.map(Number) as [number, number?];
    if (from! <= last) return `non-increasing order, previous: ${last}, current: ${from}`;
    if (limits.length === 2 && to! <= from)
      return `non-increasing order, previous: ${from}, current: ${to}`;
    if (to! >= completions) return `too large index: "${limits.at(-1)}"`;
    total += to! - from + 1;
    last = to!;
  }
  return total;
}
