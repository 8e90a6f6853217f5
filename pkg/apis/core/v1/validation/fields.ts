// Checks of single values that many core kinds use (upstream
// pkg/apis/core/validation/validation.go).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  inclusiveRangeText,
  isDns1123Label,
  isDns1123Subdomain,
  isValidPortName,
  isValidPortNum,
  regexText,
} from '../../../../apimachinery/validation/names.js';
import { parseCidr, parseIp, unmapped } from '../../../../util/netaddr/ip.js';
import { type Syntax, validateWith } from '../../../meta/v1/object-meta.js';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
export const MAX_INT32 = 2_147_483_647;
const MIN_TOKEN_SECONDS = 600;

export const dnsLabel = (value: string, path: string): FieldError[] =>
  validateWith(isDns1123Label, value, path);
export const dnsSubdomain = (value: string, path: string): FieldError[] =>
  validateWith(isDns1123Subdomain, value, path);

/** Required, and one of `supported`. The message lists them in this order. */
export function oneOf(
  value: string | undefined,
  supported: readonly string[],
  path: string,
  missing?: string,
): FieldError[] {
  if (!value) return [fieldErrors.required(path, missing)];
  return fieldErrors.unless(supported.includes(value)).notSupported(path, value, supported);
}

export const optionalOneOf = (
  value: string | undefined,
  supported: readonly string[],
  path: string,
): FieldError[] =>
  fieldErrors
    .unless(value === undefined || supported.includes(value))
    .notSupported(path, value, supported);

/** The errors or warnings of all items of a list, each checked below its own path. */
export function each<T, R = FieldError>(
  list: readonly T[] | null | undefined,
  path: string,
  check: (item: T, path: string, index: number) => readonly R[],
): R[] {
  const found: R[] = [];
  for (let index = 0; index < (list?.length ?? 0); index++)
    found.push(...check(list![index]!, `${path}[${index}]`, index));
  return found;
}

/** Refuses a value that `seen` has already, and adds the value; errors show `shown`. */
export function unique(
  value: string,
  seen: Set<string>,
  path: string,
  shown: unknown = value,
): FieldError[] {
  const errors = fieldErrors.when(seen.has(value)).duplicate(path, shown);
  seen.add(value);
  return errors;
}

/** The errors of a value that may be absent. */
export const optionally = (check: Syntax, value: string | undefined, path: string): FieldError[] =>
  value === undefined ? [] : validateWith(check, value, path);

/** The errors of a text that may be absent or empty. */
export const whenSet = (check: Syntax, value: string | undefined, path: string): FieldError[] =>
  optionally(check, value || undefined, path);

/** Required, and of the syntax that `check` knows. */
export const requiredWith = (
  check: Syntax,
  value: string | undefined,
  path: string,
  detail?: string,
): FieldError[] =>
  value ? validateWith(check, value, path) : [fieldErrors.required(path, detail)];

export const portNumber = (port: number, path: string): FieldError[] =>
  isValidPortNum(port).map((text) => fieldErrors.invalid(path, port, text));

export const portNumberOrName = (port: number | string, path: string): FieldError[] =>
  typeof port === 'number' ? portNumber(port, path) : validateWith(isValidPortName, port, path);

export const between = (
  value: number | undefined,
  low: number,
  high: number,
  path: string,
): FieldError[] =>
  fieldErrors
    .unless(value === undefined || (value >= low && value <= high))
    .invalid(path, value, inclusiveRangeText(low, high));

export const userOrGroupId = (id: number | undefined, path: string): FieldError[] =>
  between(id, 0, MAX_INT32, path);

export const validIp = (value: string, path: string): FieldError[] =>
  fieldErrors
    .unless(parseIp(value))
    .invalid(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');

export const validCidr = (value: string, path: string): FieldError[] =>
  fieldErrors
    .unless(parseCidr(value))
    .invalid(path, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');

/** Refuses addresses that no service or endpoint can have. */
export function nonSpecialIp(value: string, path: string): FieldError[] {
  const parsed = parseIp(value);
  if (!parsed) return [fieldErrors.invalid(path, value, 'must be a valid IP address')];
  const ip = unmapped(parsed);
  const complain = (detail: string): FieldError[] => [fieldErrors.invalid(path, value, detail)];
  const high = ip.family === 4 ? ip.value >> 24n : ip.value >> 112n;
  if (ip.value === 0n) return complain('may not be unspecified (0.0.0.0 or ::)');
  if (ip.family === 4 ? high === 127n : ip.value === 1n)
    return complain('may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (ip.family === 4 ? ip.value >> 16n === 0xa9fen : high >> 6n === 0x3fan)
    return complain('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (ip.family === 4 ? ip.value >> 8n === 0xe00000n : high === 0xff02n)
    return complain('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  return [];
}

/** Refuses '..' in a path, which would leave the mount. */
export const noBacksteps = (value: string, path: string): FieldError[] =>
  fieldErrors.when(value.split('/').includes('..')).invalid(path, value, "must not contain '..'");

export function localDescendingPath(value: string, path: string): FieldError[] {
  const errors = fieldErrors
    .when(value.startsWith('/'))
    .invalid(path, value, 'must be a relative path');
  return [...errors, ...noBacksteps(value, path)];
}

/** Like localDescendingPath; the atomic writer reserves names that begin with '..'. */
export function localNonReservedPath(value: string, path: string): FieldError[] {
  const errors = localDescendingPath(value, path);
  if (value.startsWith('..') && !value.startsWith('../'))
    errors.push(fieldErrors.invalid(path, value, "must not start with '..'"));
  return errors;
}

/** The lifetime of a token that a volume or a CSI driver asks for. */
export function tokenLifetime(seconds: number | undefined, path: string): FieldError[] {
  const detail = 'may not specify a duration';
  if (seconds === undefined || (seconds >= MIN_TOKEN_SECONDS && seconds <= 2 ** 32)) return [];
  const bound = seconds < MIN_TOKEN_SECONDS ? 'less than 10 minutes' : 'larger than 2^32 seconds';
  return [fieldErrors.invalid(path, seconds, `${detail} ${bound}`)];
}

export const required = (value: unknown, path: string, detail?: string): FieldError[] =>
  fieldErrors.when(value === undefined || value === '' || value === null).required(path, detail);

/** A list in which '*' must be alone; `what` names its members in the message. */
export const validateAlone = (list: readonly string[], what: string, path: string): FieldError[] =>
  fieldErrors
    .when(list.length > 1 && list.includes('*'))
    .invalid(path, list, `if '*' is present, must not specify other ${what}`);

const PATH_CHARACTERS = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathRe = new RegExp(`^(?:${PATH_CHARACTERS})$`);

/** 'example.com/ingress-controller' (upstream IsDomainPrefixedPath). */
export function validatePrefixedPath(text: string | undefined, path: string): FieldError[] {
  if (!text) return [fieldErrors.required(path)];
  const [, host, rest = ''] = /^([^/]+)\/(.+)$/s.exec(text) ?? [];
  const detail = 'must be a domain-prefixed path (such as "acme.io/foo")';
  if (host === undefined) return [fieldErrors.invalid(path, text, detail)];
  return [
    ...dnsSubdomain(host, path),
    ...fieldErrors
      .unless(pathRe.test(rest))
      .invalid(path, rest, regexText('Invalid path', PATH_CHARACTERS)),
  ];
}

/** Sorted, as upstream prints sets. */
export const sorted = (values: Iterable<string>): string[] => [...values].sort();
