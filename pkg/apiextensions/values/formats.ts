// The formats of texts that upstream checks; it ignores all others.
// Source: kube-openapi strfmt, govalidator, apiextensions-apiserver validation/formats.go.
import { parseRequestUri } from '../../cel/kubernetes/go-url.js';
import { parseCidr, parseIp } from '../../util/netaddr/ip.js';
import { utf8Length } from '../../apis/meta/v1/object-meta.js';
import { isMailAddress } from './mail-address.js';
import { isGoDuration } from './duration.js';

export type Format = (text: string) => boolean;

const matching =
  (pattern: RegExp): Format =>
  (text) =>
    pattern.test(text);

const LABEL = '[a-zA-Z0-9\\p{S}\\p{L}]';
const HOSTNAME = new RegExp(
  `^(?:${LABEL}(?:-?${LABEL}{0,62})?|(?:${LABEL}(?:[a-zA-Z0-9\\-\\p{S}\\p{L}]{0,61}${LABEL})?\\.)+${LABEL}(?:-?${LABEL}){1,62})$`,
  'u',
);
const LONGEST_HOSTNAME = 255;
const LONGEST_LABEL = 63;

function isHostname(text: string): boolean {
  if (utf8Length(text) > LONGEST_HOSTNAME) return false;
  return HOSTNAME.test(text) && text.split('.').every((part) => utf8Length(part) <= LONGEST_LABEL);
}

const uuid = (version: string, variant: string): Format =>
  matching(
    new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'),
  );

/** Six, eight or twenty bytes in hexadecimal, separated in one way (Go's net.ParseMAC). */
const MAC = new RegExp(
  [6, 8, 20]
    .flatMap((bytes) => [
      ...[':', '-'].map((sign) => `[0-9a-f]{2}(?:${sign}[0-9a-f]{2}){${bytes - 1}}`),
      `[0-9a-f]{4}(?:\\.[0-9a-f]{4}){${bytes / 2 - 1}}`,
    ])
    .map((form) => `^${form}$`)
    .join('|'),
  'i',
);

/** Digits in a form, blanks and dashes aside, whose weighed sum is a multiple of `modulus`. */
const summed =
  (form: RegExp, modulus: number, weigh: (digit: number, at: number, length: number) => number) =>
  (text: string): boolean => {
    const digits = text.replace(/[\t\n\f\r -]+/g, '');
    if (!form.test(digits)) return false;
    const values = Array.from(digits, (digit) => (digit === 'X' ? 10 : Number(digit)));
    const sum = values.reduce((total, value, i) => total + weigh(value, i, digits.length), 0);
    return sum % modulus === 0;
  };

const isIsbn10 = summed(/^[0-9]{9}[0-9X]$/, 11, (digit, i) => digit * (i + 1));
const isIsbn13 = summed(/^[0-9]{13}$/, 10, (digit, i) => digit * (i % 2 ? 3 : 1));

const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|(?:222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11}|6[27][0-9]{14})$/;

/** Luhn's algorithm: every second digit from the end counts twice. */
const isCreditCard = summed(CARD, 10, (digit, i, length) => {
  const value = digit * ((length - 1 - i) % 2 ? 2 : 1);
  return value > 9 ? value - 9 : value;
});

const BYTE = '(?:0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])';
const RGB = new RegExp(`^rgb\\(\\s*${BYTE}\\s*,\\s*${BYTE}\\s*,\\s*${BYTE}\\s*\\)$`);

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [, year, month, day] = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || day === undefined || month === undefined) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && !isLeap ? 28 : DAYS[month - 1];
  return last !== undefined && day >= 1 && day <= last;
}

const TIME = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/;

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const [, hour = '', minute = '', second = ''] = TIME.exec(time) ?? [];
  return isDate(date) && hour !== '' && hour <= '23' && minute <= '59' && second <= '59';
}

const FORMATS: Readonly<Record<string, Format>> = {
  bsonobjectid: matching(/^[0-9a-fA-F]{24}$/),
  byte: matching(
    /^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+\\/]{3}=|[A-Za-z0-9+\\/]{4})$/,
  ),
  cidr: (text) => parseCidr(text) !== undefined,
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  duration: isGoDuration,
  email: isMailAddress,
  hexcolor: matching(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname: isHostname,
  ipv4: (text) => text.includes('.') && parseIp(text) !== undefined,
  ipv6: (text) => text.includes(':') && parseIp(text) !== undefined,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  mac: matching(MAC),
  password: () => true,
  rgbcolor: matching(RGB),
  ssn: (text) => text.length === 11 && /^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$/.test(text),
  uri: (text) => typeof parseRequestUri(text) !== 'string',
  uuid: uuid('[0-9a-f]{4}', '[0-9a-f]'),
  uuid3: uuid('3[0-9a-f]{3}', '[0-9a-f]'),
  uuid4: uuid('4[0-9a-f]{3}', '[89ab]'),
  uuid5: uuid('5[0-9a-f]{3}', '[89ab]'),
};

/** The check of a format, whose name may have dashes; undefined for a format without one. */
export function formatOf(name: string | undefined): Format | undefined {
  const plain = name?.replaceAll('-', '');
  return plain !== undefined && Object.hasOwn(FORMATS, plain) ? FORMATS[plain] : undefined;
}
