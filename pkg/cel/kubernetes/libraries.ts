// The small libraries of Kubernetes (k8s.io/apiserver/pkg/cel/library): regular expressions, URLs,
// quantities and formats.
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../apimachinery/validation/names.js';
import {
  DECIMAL_EXPONENTS,
  parseQuantity,
  quantityOf,
  type Quantity,
} from '../../apimachinery/quantity/quantity.js';
import { declare, declareIn, type Row } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { intInRange } from '../values/arithmetic.js';
import { findPattern } from '../values/pattern.js';
import { parseTimestamp } from '../values/time.js';
import { Double, EvalError, isError, NONE, Opaque, Optional, type Value } from '../values/value.js';
import { hostnameOf, parseRequestUri, portOf, queryOf, type GoUrl } from './go-url.js';

type Int = number | bigint;

const NAMESPACE = 'kubernetes.';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

function findFirst(text: string, pattern: string): Value {
  const found = findPattern(text, pattern, 1);
  return found instanceof EvalError ? found : (found[0] ?? '');
}

const findAll = (text: string, pattern: string, limit: Int = -1): Value =>
  findPattern(text, pattern, Number(limit));

export const REGEX: Library = {
  functions: declare([
    ['string_find_string', 'string.find(string) string', findFirst],
    ['string_find_all_string', 'string.findAll(string) list(string)', findAll],
    ['string_find_all_string_int', 'string.findAll(string, int) list(string)', findAll],
  ]),
};

function toUrl(text: string): Value {
  const url = parseRequestUri(text);
  return typeof url === 'string'
    ? new EvalError(`URL parse error during conversion from string: ${url}`)
    : new Opaque(`${NAMESPACE}URL`, url, ({ data }) => sameUrl(url, data as GoUrl));
}

const sameUrl = (a: GoUrl, b: GoUrl): boolean =>
  a.scheme === b.scheme && a.host === b.host && a.path === b.path && a.query === b.query;
const part =
  (read: (url: GoUrl) => Value) =>
  ({ data }: Opaque): Value =>
    read(data as GoUrl);

export const URLS: Library = {
  functions: declareIn(NAMESPACE, [
    ['string_to_url', '~url(string) URL', toUrl],
    ['is_url_string', '~isURL(string) bool', (text: string) => !isError(toUrl(text))],
    ['url_get_scheme', 'URL.getScheme() string', part(({ scheme }) => scheme)],
    ['url_get_host', 'URL.getHost() string', part(({ host }) => host)],
    ['url_get_host_name', 'URL.getHostname() string', part(hostnameOf)],
    ['url_get_port', 'URL.getPort() string', part(portOf)],
    ['url_get_escaped_path', 'URL.getEscapedPath() string', part(({ escapedPath }) => escapedPath)],
    ['url_get_query', 'URL.getQuery() map(string, list(string))', part(queryOf)],
  ]),
};

/** `scale` is Go's exponent of ten, which decides whether upstream sees an integer. */
interface Amount {
  readonly quantity: Quantity;
  readonly scale: number;
}

/** Go keeps the digits as written: `1.0` has scale -1, and is no integer to it. */
function scaleOf(text: string): number {
  const match = /^[+-]?[0-9]*(?:\.([0-9]*))?(.*)$/.exec(text)!;
  const places = match[1]?.length ?? 0;
  const suffix = match[2]!;
  const exponent = /^[eE]([+-]?[0-9]+)$/.exec(suffix)?.[1];
  if (exponent !== undefined) return Number(exponent) - places;
  if (suffix.endsWith('i')) return places > 0 ? -1 : 0;
  return (DECIMAL_EXPONENTS[suffix] ?? 0) - places;
}

const amountOf = ({ data }: Opaque): Amount => data as Amount;
const quantityValue = (amount: Amount): Opaque =>
  new Opaque(`${NAMESPACE}Quantity`, amount, (other) =>
    amount.quantity.equals(amountOf(other).quantity),
  );

function toQuantity(text: string): Value {
  try {
    return quantityValue({ quantity: parseQuantity(text), scale: scaleOf(text) });
  } catch (error) {
    return new EvalError(messageOf(error));
  }
}

function asInteger(value: Opaque): Value {
  const { quantity, scale } = amountOf(value);
  const int = scale < 0 ? undefined : intInRange(quantity.valueBigInt());
  return int === undefined || int instanceof EvalError
    ? new EvalError('cannot convert value to integer')
    : int;
}

const combine =
  (operation: (a: Quantity, b: Quantity) => Quantity) =>
  (a: Opaque, b: Opaque | Int): Value => {
    const left = amountOf(a);
    const right = b instanceof Opaque ? amountOf(b) : { quantity: quantityOf(b), scale: 0 };
    return quantityValue({
      quantity: operation(left.quantity, right.quantity),
      scale: Math.min(left.scale, right.scale),
    });
  };
const add = combine((a, b) => a.add(b));
const sub = combine((a, b) => a.sub(b));
const compare = (a: Opaque, b: Opaque): number =>
  amountOf(a).quantity.compare(amountOf(b).quantity);
const isGreater = (a: Opaque, b: Opaque): boolean => compare(a, b) > 0;
const isLess = (a: Opaque, b: Opaque): boolean => compare(a, b) < 0;
const asFloat = (a: Opaque): Double => new Double(amountOf(a).quantity.approximate());

export const QUANTITIES: Library = {
  functions: declareIn(NAMESPACE, [
    ['string_to_quantity', '~quantity(string) Quantity', toQuantity],
    [
      'is_quantity_string',
      '~isQuantity(string) bool',
      (text: string) => !isError(toQuantity(text)),
    ],
    ['quantity_sign', '~sign(Quantity) int', (a: Opaque) => amountOf(a).quantity.sign],
    ['quantity_is_greater_than', 'Quantity.isGreaterThan(Quantity) bool', isGreater],
    ['quantity_is_less_than', 'Quantity.isLessThan(Quantity) bool', isLess],
    ['quantity_compare_to', 'Quantity.compareTo(Quantity) int', compare],
    ['quantity_get_float', 'Quantity.asApproximateFloat() double', asFloat],
    ['quantity_get_int', 'Quantity.asInteger() int', asInteger],
    ['quantity_is_integer', 'Quantity.isInteger() bool', (a: Opaque) => !isError(asInteger(a))],
    ['quantity_add', 'Quantity.add(Quantity) Quantity', add],
    ['quantity_add_int', 'Quantity.add(int) Quantity', add],
    ['quantity_sub', 'Quantity.sub(Quantity) Quantity', sub],
    ['quantity_sub_int', 'Quantity.sub(int) Quantity', sub],
  ]),
};

interface Format {
  /** The length of the pattern that upstream counts as the cost. */
  readonly regexSize: number;
  /** Complaints; none when the text is fine. */
  validate(text: string): readonly string[];
}

/** A prefix of generated names may end with a dash. */
const asPrefix = (text: string): string =>
  text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;

function uriProblems(text: string): string[] {
  const url = parseRequestUri(text);
  return typeof url === 'string' ? [url] : [];
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 =
  /^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=|[A-Za-z0-9+\\/]{4})$/;
const isTime = (text: string): boolean => {
  const time = parseTimestamp(text.replace(/[ t]/, 'T').replace(/z$/, 'Z'));
  return time !== undefined && !(time instanceof EvalError);
};
const named =
  (isFine: (text: string) => boolean, message: string) =>
  (text: string): string[] =>
    isFine(text) ? [] : [message];

const FORMATS: Readonly<Record<string, Format>> = {
  dns1123Label: { regexSize: 30, validate: isDns1123Label },
  dns1123Subdomain: { regexSize: 60, validate: isDns1123Subdomain },
  dns1035Label: { regexSize: 30, validate: isDns1035Label },
  qualifiedName: { regexSize: 60, validate: isQualifiedName },
  dns1123LabelPrefix: { regexSize: 30, validate: (s) => isDns1123Label(asPrefix(s)) },
  dns1123SubdomainPrefix: { regexSize: 60, validate: (s) => isDns1123Subdomain(asPrefix(s)) },
  dns1035LabelPrefix: { regexSize: 30, validate: (s) => isDns1035Label(asPrefix(s)) },
  labelValue: { regexSize: 40, validate: isValidLabelValue },
  // The sizes of these patterns are those of govalidator and strfmt.
  uri: { regexSize: 1011, validate: uriProblems },
  uuid: { regexSize: 79, validate: named((s) => UUID.test(s), 'does not match the UUID format') },
  byte: { regexSize: 90, validate: named((s) => BASE64.test(s), 'invalid base64') },
  date: { regexSize: 100, validate: named((s) => isTime(`${s}T00:00:00Z`), 'invalid date') },
  datetime: { regexSize: 100, validate: named(isTime, 'invalid datetime') },
};

const FORMAT_VALUES = new Map(
  Object.entries(FORMATS).map(([name, format]) => [
    name,
    new Opaque(`${NAMESPACE}NamedFormat`, format, (other) => other.data === format),
  ]),
);

function validate({ data }: Opaque, text: string): Value {
  const problems = (data as Format).validate(text);
  return problems.length > 0 ? new Optional(problems) : NONE;
}

function formatNamed(name: string): Optional {
  const format = FORMAT_VALUES.get(name);
  return format ? new Optional(format) : NONE;
}

export const FORMAT: Library = {
  functions: declareIn(NAMESPACE, [
    ['format-validate', 'NamedFormat.validate(string) optional(list(string))', validate],
    ['format-named', '~format.named(string) optional(NamedFormat)', formatNamed],
    ...[...FORMAT_VALUES].map(([name, format]): Row => [
      `format.${name}`,
      `~format.${name}() NamedFormat`,
      () => format,
    ]),
  ]),
};
