// string.format() (cel-go ext/formatting.go).
import { formatType, isDyn, type Type } from '../checker/types.js';
import { MAX_FORMAT_PRECISION } from '../limits.js';
import { plainText, textFromBytes } from '../values/convert.js';
import { fixedText, scientificText } from '../values/digits.js';
import { durationText, timestampText } from '../values/time.js';
import { compareText } from '../values/compare.js';
import {
  doubleOf,
  EvalError,
  isError,
  kindOf,
  listItems,
  mapGet,
  mapKeys,
  typeNameOf,
  type Kind,
  type TypeValue,
  type Uint,
  type Value,
} from '../values/value.js';

interface Clause {
  readonly verb: string;
  readonly precision: number;
  readonly index: number;
}

const DEFAULT_PRECISION = 6;
const VERBS: ReadonlySet<string> = new Set(['s', 'd', 'f', 'e', 'b', 'x', 'X', 'o']);

/** The plain texts and clauses of a format. */
function* read(format: string): Generator<string | Clause | EvalError> {
  let index = 0;
  let at = 0;
  for (;;) {
    const percent = format.indexOf('%', at);
    if (percent < 0) {
      yield format.slice(at);
      return;
    }
    if (percent > at) yield format.slice(at, percent);
    if (format[percent + 1] === '%') {
      yield '%';
      at = percent + 2;
      continue;
    }
    if (percent + 1 >= format.length) {
      yield new EvalError('unexpected end of string');
      return;
    }
    const precision = /^\.([0-9]*)/.exec(format.slice(percent + 1, percent + 12));
    const verbAt = percent + 1 + (precision?.[0].length ?? 0);
    const verb = format[verbAt] ?? '';
    const places = precision?.[1] ? Number(precision[1]) : DEFAULT_PRECISION;
    yield clauseOf(verb, places, index++);
    at = verbAt + 1;
  }
}

function clauseOf(verb: string, precision: number, index: number): Clause | EvalError {
  const problem =
    verb === ''
      ? 'unexpected end of string'
      : !VERBS.has(verb)
        ? `unrecognized formatting clause "${verb}"`
        : precision > MAX_FORMAT_PRECISION
          ? `precision exceeds maximum of ${MAX_FORMAT_PRECISION}`
          : undefined;
  return problem
    ? new EvalError(`could not parse formatting clause: ${problem}`)
    : { verb, precision, index };
}

const unsupported = (what: string, given: string): EvalError =>
  new EvalError(`error during formatting: ${what}, was given ${given}`);
const special = (value: number): string | undefined =>
  Number.isNaN(value)
    ? 'NaN'
    : Number.isFinite(value)
      ? undefined
      : value < 0
        ? '-Infinity'
        : 'Infinity';

const STRING_TEXT =
  'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';
const DECIMAL_TEXT = 'decimal clause can only be used on integers';
const OCTAL_TEXT = 'octal clause can only be used on integers';
const BINARY_TEXT = 'only integers and bools can be formatted as binary';
const HEX_TEXT = 'only integers, byte buffers, and strings can be formatted as hex';
const FIXED_TEXT = 'fixed-point clause can only be used on doubles';
const SCIENTIFIC_TEXT = 'scientific clause can only be used on doubles';

function mapText(map: Value): string | EvalError {
  const entries: [string, string][] = [];
  for (const key of mapKeys(map)) {
    const keyText = textOf(key);
    const valueText = textOf(mapGet(map, key)!);
    if (keyText instanceof EvalError) return keyText;
    if (valueText instanceof EvalError) return valueText;
    entries.push([keyText, valueText]);
  }
  entries.sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`;
}

function listText(v: Value): string | EvalError {
  const items = listItems(v).map(textOf);
  const error = items.find((item) => item instanceof EvalError);
  return error ?? `[${(items as string[]).join(', ')}]`;
}

const TEXTS: Readonly<Partial<Record<Kind, (v: never) => string | EvalError>>> = {
  null_type: () => 'null',
  string: (v: string) => v,
  bool: String,
  int: String,
  uint: ({ value }: Uint) => String(value),
  double: (v: Value) => special(doubleOf(v)) ?? plainText(doubleOf(v)),
  bytes: (v: Uint8Array) => textFromBytes(v) as string | EvalError,
  duration: durationText,
  timestamp: timestampText,
  type: ({ name }: TypeValue) => name,
  list: listText,
  map: mapText,
};

/** %s */
const textOf = (v: Value): string | EvalError =>
  TEXTS[kindOf(v)]?.(v as never) ?? unsupported(STRING_TEXT, typeNameOf(v));

/** %d, %b, %o and %x of integers. */
function integer(v: Value, radix: number, what: string): string | EvalError {
  const kind = kindOf(v);
  if (kind === 'int') return BigInt(v as number | bigint).toString(radix);
  if (kind === 'uint') return (v as Uint).value.toString(radix);
  const name = radix === 10 && kind === 'double' ? special(doubleOf(v)) : undefined;
  if (name) return name;
  if (radix === 2 && kind === 'bool') return v ? '1' : '0';
  return unsupported(what, typeNameOf(v));
}

function hexadecimal(v: Value): string | EvalError {
  const bytes =
    typeof v === 'string' ? new TextEncoder().encode(v) : v instanceof Uint8Array ? v : undefined;
  if (!bytes) return integer(v, 16, HEX_TEXT);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function float(
  v: Value,
  print: (value: number, places: number) => string,
  places: number,
  what: string,
): string | EvalError {
  if (kindOf(v) !== 'double') return unsupported(what, typeNameOf(v));
  return special(doubleOf(v)) ?? print(doubleOf(v), places);
}

const upper = (text: string | EvalError): string | EvalError =>
  typeof text === 'string' ? text.toUpperCase() : text;

const PRINTERS: Readonly<Record<string, (v: Value, places: number) => string | EvalError>> = {
  s: textOf,
  d: (v) => integer(v, 10, DECIMAL_TEXT),
  b: (v) => integer(v, 2, BINARY_TEXT),
  o: (v) => integer(v, 8, OCTAL_TEXT),
  x: hexadecimal,
  X: (v) => upper(hexadecimal(v)),
  f: (v, places) => float(v, fixedText, places, FIXED_TEXT),
  e: (v, places) => float(v, scientificText, places, SCIENTIFIC_TEXT),
};

export function formatString(format: string, list: Value): Value {
  const args = listItems(list);
  let out = '';
  for (const part of read(format)) {
    if (part instanceof EvalError) return part;
    if (typeof part === 'string') {
      out += part;
      continue;
    }
    const arg = args[part.index];
    if (arg === undefined) return new EvalError(`index ${part.index} out of range`);
    const text = PRINTERS[part.verb]!(arg, part.precision);
    if (isError(text)) return text;
    out += text;
  }
  return out;
}

/** Types that each verb takes, and what its error says. */
const TAKES: Readonly<Record<string, readonly [kinds: readonly string[], what: string]>> = {
  d: [['int', 'uint'], DECIMAL_TEXT],
  b: [['int', 'uint', 'bool'], BINARY_TEXT],
  o: [['int', 'uint'], OCTAL_TEXT],
  x: [['int', 'uint', 'string', 'bytes'], HEX_TEXT],
  X: [['int', 'uint', 'string', 'bytes'], HEX_TEXT],
  f: [['double'], FIXED_TEXT],
  e: [['double'], SCIENTIFIC_TEXT],
};
const PRINTABLE: ReadonlySet<string> = new Set(
  'null bool int uint double string bytes duration timestamp list map type dyn param'.split(' '),
);

interface FormatProblem {
  /** The argument that does not fit; absent when the format itself is wrong. */
  readonly index?: number;
  readonly message: string;
}

/** The first problem of a literal format with arguments of these types. */
export function checkFormat(format: string, args: readonly Type[]): FormatProblem | undefined {
  let seen = 0;
  for (const part of read(format)) {
    if (part instanceof EvalError) return { message: part.message };
    if (typeof part === 'string') continue;
    seen++;
    const { index, verb } = part;
    const type = args[index];
    if (!type) return { message: `index ${index} out of range` };
    const takes = TAKES[verb];
    const fits = takes ? takes[0].includes(type.kind) : PRINTABLE.has(type.kind);
    if (fits || isDyn(type) || type.kind === 'param') continue;
    const { message } = unsupported(takes ? takes[1] : STRING_TEXT, formatType(type));
    return { index, message };
  }
  if (seen === args.length) return undefined;
  return {
    message: `too many arguments supplied to string.format (expected ${seen}, got ${args.length})`,
  };
}
