// Objects made from a structural schema: one with a value in every field, and those that break one
// constraint each.
import type { JSONSchemaProps } from '../../pkg/apis/apiextensions/v1/types.js';

/** A value with one broken constraint, and the cause that the API server names. */
export interface Violation {
  /** Path of the field as a Status names it. */
  field: string;
  reason: string;
  value: unknown;
}

// The first is also an address, which some fields ask for outside their own schema.
const WORDS = [
  '10.0.0.1',
  'a',
  '/',
  'a.b/c',
  '10s',
  'A',
  '1',
  '^a',
  'https://a.example.com',
  '1h',
  '1GB',
  '09:00',
  'sunday',
  '2026',
  'IPAddress',
];
const STRANGE = ['?', ' ', 'é ', '*', '_'];
const FORMATS: Record<string, string> = { 'date-time': '2026-01-02T03:04:05Z', byte: 'YQ==' };

/** Patterns are those of RE2, which may turn to ignoring case within. */
const matches = (pattern: string, word: string): boolean =>
  new RegExp(pattern.replaceAll('(?i)', ''), pattern.includes('(?i)') ? 'iu' : 'u').test(word);

/** A value of the schema with all fields set. Throws when it finds none for a pattern. */
export function filled(schema: JSONSchemaProps): unknown {
  if (schema.enum?.length) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return filledObject(schema);
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () =>
        filled(schema.items as JSONSchemaProps),
      );
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return filledString(schema);
    default:
      return schema['x-kubernetes-int-or-string'] ? filledString(schema) : { any: ['thing', 1] };
  }
}

function filledObject(schema: JSONSchemaProps): unknown {
  const { properties = {}, additionalProperties } = schema;
  const fields = Object.entries(properties).map(([name, one]) => [name, filled(one)]);
  if (typeof additionalProperties === 'object') fields.push(['key', filled(additionalProperties)]);
  if (schema['x-kubernetes-preserve-unknown-fields']) fields.push(['more', { any: 1 }]);
  return Object.fromEntries(fields);
}

function filledString({
  pattern,
  format,
  minLength = 0,
  default: given,
}: JSONSchemaProps): unknown {
  if (typeof given === 'string' && given !== '') return given;
  if (format && FORMATS[format]) return FORMATS[format];
  const fits = (word: string) => word.length >= minLength && (!pattern || matches(pattern, word));
  const word = WORDS.find(fits);
  if (word === undefined) throw new Error(`no word for ${pattern}`);
  return word;
}

/** The value with each constraint that it touches broken once. */
export function* violations(
  schema: JSONSchemaProps,
  value: unknown,
  field: string,
): Generator<Violation> {
  const broken = (reason: string, bad: unknown, at = field): Violation => ({
    field: at,
    reason: `FieldValue${reason}`,
    value: bad,
  });
  if (schema['x-kubernetes-preserve-unknown-fields']) return;
  if (schema.type) yield broken('TypeInvalid', schema.type === 'string' ? 7 : 'seven');
  if (schema.enum) yield broken('NotSupported', schema.type === 'string' ? 'never' : 7);
  else if (schema.type === 'string') yield* badStrings(schema, broken);
  if (schema.minimum !== undefined) yield broken('Invalid', schema.minimum - 1);
  if (schema.maximum !== undefined) yield broken('Invalid', schema.maximum + 1);
  if (Array.isArray(value)) yield* badArrays(schema, value, field, broken);
  else if (typeof value === 'object' && value) yield* badObjects(schema, value, field, broken);
}

type Broken = (reason: string, bad: unknown, at?: string) => Violation;

function* badStrings(schema: JSONSchemaProps, broken: Broken): Generator<Violation> {
  const { pattern, minLength, maxLength } = schema;
  const strange = pattern && STRANGE.find((word) => !matches(pattern, word));
  if (strange) yield broken('Invalid', strange);
  if (minLength) yield broken('Invalid', '');
  if (maxLength !== undefined) yield broken('TooLong', 'a'.repeat(maxLength + 1));
}

function* badArrays(
  { minItems, maxItems, items }: JSONSchemaProps,
  value: unknown[],
  field: string,
  broken: Broken,
): Generator<Violation> {
  if (minItems) yield broken('Invalid', []);
  if (maxItems !== undefined) {
    yield broken(
      'TooMany',
      Array.from({ length: maxItems + 1 }, () => value[0]),
    );
  }
  for (const [at, item] of value.entries()) {
    for (const inner of violations(items as JSONSchemaProps, item, `${field}[${at}]`)) {
      yield { ...inner, value: value.with(at, inner.value) };
    }
  }
}

function* badObjects(
  schema: JSONSchemaProps,
  value: object,
  field: string,
  broken: Broken,
): Generator<Violation> {
  const { properties = {}, required = [], additionalProperties, maxProperties } = schema;
  for (const name of required) {
    const { [name]: _, ...rest } = value as Record<string, unknown>;
    if (properties[name]?.default !== undefined) continue;
    yield broken('Required', rest, `${field}.${name}`);
  }
  if (maxProperties !== undefined) {
    const names = Array.from({ length: maxProperties + 1 }, (_, n) => [`n${n}`, 'a']);
    yield broken('TooMany', Object.fromEntries(names));
  }
  for (const [name, inner] of Object.entries(value)) {
    const one = properties[name] ?? additionalProperties;
    if (typeof one !== 'object') continue;
    for (const bad of violations(one, inner, `${field}.${name}`)) {
      yield { ...bad, value: { ...value, [name]: bad.value } };
    }
  }
}
