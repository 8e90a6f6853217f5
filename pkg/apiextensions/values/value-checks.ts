// The checks of single values: types, texts, numbers, enumerations.
// Source of texts and rules: kube-openapi validation/validate and validation/errors.
import { fieldErrors, goValue } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { doubleText } from '../../cel/values/convert.js';
import { textLength } from '../../cel/values/value.js';
import { celEngine } from '../rules/engine.js';
import { report, type Check, type Walk } from './check.js';
import { formatOf } from './formats.js';

const INT64_LIMIT = 2n ** 63n;

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** Integers beyond 64 bits are floats, as in Go. */
const isInt64 = (value: number | bigint): boolean =>
  typeof value === 'bigint'
    ? value < INT64_LIMIT && value >= -INT64_LIMIT
    : Number.isInteger(value) && Math.abs(value) < Number(INT64_LIMIT);

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isNumber(value)) return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

/** The formats that Go's types have. */
const GO_FORMATS: Readonly<Record<string, string>> = { integer: 'int64', number: 'float64' };

const typesOf = (schema: JSONSchemaProps): readonly string[] =>
  schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];

/** Undefined for a schema without a type. */
export function typeCheck(schema: JSONSchemaProps): Check | undefined {
  const types = typesOf(schema);
  const format = formatOf(schema.format) ? schema.format! : '';
  if (types.length === 0 && format === '') return undefined;
  const isNumeric = types.includes('integer') || types.includes('number');
  const wanted = types.join(',');
  return (value, path, walk) => {
    const actual = typeOf(value);
    if (actual === 'null') {
      if (types.length > 0 && !schema.nullable) return wrongType(walk, path, wanted, 'null');
    } else {
      const isWhole = actual === 'number' && types.includes('integer') && isIntegral(value);
      const fits =
        types.includes(actual) || isWhole || (actual === 'integer' && types.includes('number'));
      const isTextOrList = actual === 'string' || actual === 'array';
      if (format !== '' && !isTextOrList && !fits)
        return wrongType(walk, path, format, GO_FORMATS[actual] ?? '');
      if (!fits && (format === '' || !isTextOrList || isNumeric))
        return wrongType(walk, path, wanted, actual);
    }
    walk.matches++;
  };
}

/** Floats without a fraction are integers of JSON. */
const isIntegral = (value: unknown): boolean =>
  typeof value === 'bigint' || Number.isInteger(value);

function wrongType(walk: Walk, path: string, wanted: string, actual: string): void {
  const problem = `${path} in body must be of type ${wanted}: ${JSON.stringify(actual)}`;
  report(walk, path, problem, (field, text) => fieldErrors.typeInvalid(field, actual, text));
}

/** The first problem of a text: its length, then its pattern. */
export function textCheck({ maxLength, minLength, pattern }: JSONSchemaProps): Check | undefined {
  if (maxLength === undefined && minLength === undefined && !pattern) return undefined;
  let matches: ((text: string) => boolean) | undefined;
  return (value, path, walk) => {
    const text = value as string;
    const say = (what: string): void =>
      report(walk, path, `${path} in body should ${what}`, (field, why) =>
        fieldErrors.invalid(field, text, why),
      );
    if (maxLength !== undefined && text.length > maxLength && textLength(text) > maxLength)
      report(walk, path, `${path} in body should be at most ${maxLength} chars long`, (field) =>
        fieldErrors.tooLong(field, maxLength),
      );
    else if (minLength !== undefined && textLength(text) < minLength)
      say(`be at least ${minLength} chars long`);
    else if (pattern && !(matches ??= matcherOf(pattern))(text)) say(`match '${pattern}'`);
  };
}

/** Definitions have valid patterns only; one that got past this rule matches nothing. */
function matcherOf(pattern: string): (text: string) => boolean {
  const { patternOf } = celEngine();
  const re = patternOf(pattern);
  return 'matcher' in re ? (text) => re.matcher(text).find() : () => false;
}

/** Undefined for a format that upstream does not check. */
export function formatCheck({ format }: JSONSchemaProps): Check | undefined {
  const isValid = formatOf(format);
  return (
    isValid &&
    ((value, path, walk) => {
      if (!isValid(value as string)) wrongType(walk, path, format!, value as string);
    })
  );
}

/** A number as Go prints it: floats with an exponent from 1e21 on. */
const numberText = (value: number | bigint, isFloat: boolean): string =>
  isFloat ? doubleText(Number(value)) : String(value);

/** Bounds of a number. Go compares integers with the integral part of the bound. */
export const numberCheck =
  ({ multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum }: JSONSchemaProps): Check =>
  (value, path, walk) => {
    const number = value as number | bigint;
    const isFloat = !isInt64(number);
    const bound = (limit: number): number => (isFloat ? limit : Math.trunc(limit));
    const say = (what: string, limit: number): void => {
      const problem = `${path} in body should be ${what} ${numberText(limit, isFloat)}`;
      report(walk, path, problem, (field, text) => fieldErrors.invalid(field, number, text));
    };
    walk.matches++;
    if (multipleOf !== undefined) {
      const factor = bound(multipleOf);
      const problem = `factor MultipleOf declared for ${path} must be positive: ${numberText(factor, isFloat)}`;
      if (factor <= 0)
        report(walk, path, problem, (field, text) => fieldErrors.invalid(field, factor, text));
      else if (!isMultiple(number, factor)) say('a multiple of', factor);
    }
    if (minimum !== undefined) {
      const limit = bound(minimum);
      if (exclusiveMinimum ? number <= limit : number < limit)
        say(exclusiveMinimum ? 'greater than' : 'greater than or equal to', limit);
    }
    if (maximum !== undefined) {
      const limit = bound(maximum);
      if (exclusiveMaximum ? number >= limit : number > limit)
        say(exclusiveMaximum ? 'less than' : 'less than or equal to', limit);
    }
  };

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === 'bigint') return value % BigInt(Math.trunc(factor)) === 0n;
  return Number.isInteger(factor < 1 ? (1 / factor) * value : value / factor);
}

/** Go compares the value converted to the type of each member; null is equal to none. */
export function enumCheck({ enum: members }: JSONSchemaProps): Check | undefined {
  if (!members?.length) return undefined;
  const texts = members.map((member) =>
    typeof member === 'string' ? member : JSON.stringify(member),
  );
  return (value, path, walk) => {
    if (value !== null && members.some((member) => equalJson(member, value))) return;
    const text = `${path} in body should be one of [${texts.join(' ')}]`;
    report(walk, path, text, (field) => fieldErrors.notSupported(field, goValue(value), texts));
  };
}
