// Small languages: selectors, quantities, times, durations, cron schedules, addresses, image names,
// JSONPath.
import { parseFieldSelector } from '../../../pkg/apimachinery/fields/selector.js';
import { parseSelector } from '../../../pkg/apimachinery/labels/selector.js';
import { parseQuantity, QuantityError } from '../../../pkg/apimachinery/quantity/quantity.js';
import {
  normalizeMicroTime,
  normalizeTime,
  parseTime,
} from '../../../pkg/apimachinery/codec/time.js';
import {
  corruptBase64At,
  decodeBase64,
  encodeBase64,
} from '../../../pkg/apimachinery/codec/base64.js';
import { parseJsonPath } from '../../../pkg/apiextensions/jsonpath/json-path.js';
import { isMailAddress } from '../../../pkg/apiextensions/values/mail-address.js';
import { formatOf } from '../../../pkg/apiextensions/values/formats.js';
import { cronError } from '../../../pkg/util/cron/cron-syntax.js';
import { formatNanoseconds, parseNanoseconds } from '../../../pkg/util/duration/go-duration.js';
import { parseImageReference } from '../../../pkg/util/image/reference.js';
import {
  addressOfReverse,
  formatIp,
  ipBytes,
  ipOfBytes,
  parseCidr,
  parseIp,
} from '../../../pkg/util/netaddr/ip.js';
import { parseIpv4 } from '../../../pkg/util/netaddr/ipv4.js';
import { negotiate } from '../../../pkg/apiserver/codec/negotiate.js';
import { rule, tried, type Family } from '../family.js';
import { mutateText } from '../mutate.js';

/** A family of texts: made of `seeds` and `tokens`, judged by `judge`. */
const textFamily = (
  name: string,
  share: number,
  seeds: readonly string[],
  tokens: readonly string[],
  judge: (text: string) => void,
): Family => ({
  name,
  share,
  prepare: () => ({
    make: (choice) =>
      Buffer.from(
        choice.chance(0.8)
          ? mutateText(choice, choice.pick(seeds), [...tokens, ...seeds], choice.pick(seeds))
          : choice.times(choice.between(0, 12), () => choice.pick(tokens)).join(''),
      ),
    run: (input) => judge(input.toString('utf8')),
  }),
});

const LABELS = [
  undefined,
  {},
  { a: '' },
  { a: 'b' },
  { a: 'c', 'x.io/y': '5' },
  { e: '7' },
  { e: 'x' },
];

export const labels = textFamily(
  'label-selectors',
  5,
  ['a=b', 'a==b,c!=d', 'a in (b,c),!d', 'e>5,e<9', 'x.io/y notin (a,)', 'a', '!a', 'a in ()', ''],
  [
    'a',
    'x.io/y',
    '=',
    '==',
    '!=',
    '!',
    ' in ',
    ' notin ',
    '(',
    ')',
    ',',
    '>',
    '<',
    '5',
    ' ',
    'in',
    'notin',
  ],
  (text) => {
    const selector = tried(() => parseSelector(text));
    // Upstream writes the set of '' as (), which it does not read.
    if (!selector || selector.toString().includes('()')) return;
    const again = tried(() => parseSelector(selector.toString()));
    rule(again !== undefined, 'the canonical text is refused', text, selector.toString());
    rule(
      again.toString() === selector.toString(),
      'the canonical text changes',
      text,
      selector.toString(),
      again.toString(),
    );
    for (const one of LABELS)
      rule(
        again.matches(one as never) === selector.matches(one as never),
        'two readings match differently',
        text,
      );
  },
);

export const fields = textFamily(
  'field-selectors',
  3,
  ['metadata.name=x', 'a!=b,c=d', 'a=\\\\,b=\\=\\,', 'a==b', ''],
  ['metadata.name', 'a', '=', '==', '!=', ',', '\\', '\\,', '\\=', ' ', 'x'],
  (text) => {
    const selector = tried(() => parseFieldSelector(text));
    if (!selector) return;
    const again = parseFieldSelector(selector.toString());
    rule(
      JSON.stringify(again.requirements) === JSON.stringify(selector.requirements),
      'a field selector written and read again differs',
      text,
      selector.toString(),
    );
  },
);

export const quantities = textFamily(
  'quantities',
  5,
  [
    '1',
    '1.5',
    '100m',
    '1Ki',
    '1.5Gi',
    '-3e3',
    '1E6',
    '0',
    '9223372036854775807',
    '1n',
    '1u',
    '.5',
    '5.',
    '+1k',
    '1e-9',
    '8Ei',
  ],
  [
    '0',
    '1',
    '9',
    '.',
    '-',
    '+',
    'e',
    'E',
    'n',
    'u',
    'm',
    'k',
    'M',
    'G',
    'T',
    'P',
    'Ki',
    'Mi',
    'Gi',
    'Ti',
    'Pi',
    'Ei',
    '999999999999',
    ' ',
  ],
  (text) => {
    const quantity = tried(() => parseQuantity(text), QuantityError);
    if (!quantity) return;
    const canonical = quantity.toString();
    const again = parseQuantity(canonical);
    rule(
      again.nanos === quantity.nanos,
      'a quantity written and read again differs',
      text,
      canonical,
    );
    rule(
      again.toString() === canonical,
      'the canonical text changes',
      text,
      canonical,
      again.toString(),
    );
    rule(quantity.add(quantity.multiply(-1)).isZero, 'x - x is not 0', text);
    rule(parseQuantity(`${canonical}`).compare(quantity) === 0, 'x is not x', text);
    rule(quantity.isZero || quantity.value() !== 0, 'rounding up gives 0', text);
  },
);

const TIMES = [
  '2025-01-01T00:00:00Z',
  '2024-02-29T23:59:59.999999999+14:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2025-06-30T23:59:60Z',
];
const DURATIONS = [
  '1h30m',
  '1.5s',
  '-1ms',
  '1us',
  '1µs',
  '100ns',
  '2562047h47m16.854775807s',
  '0',
  '+5s',
  '.5m',
];
const SCHEDULES = [
  '* * * * *',
  '*/5 1-3,7 1 JAN MON-FRI',
  '@hourly',
  '@every 1h',
  'TZ=UTC 0 0 * * 7',
  '59 23 31 12 ?',
];

export const times = textFamily(
  'times',
  5,
  [
    ...TIMES,
    ...DURATIONS,
    ...SCHEDULES,
    '.spec.a[0:2]',
    '{.items[?(@.a=="b")].c}',
    '..a',
    'aGVsbG8=',
    'a+/b',
    'AA==',
  ],
  [
    '0',
    '1',
    '60',
    '-',
    ':',
    'T',
    'Z',
    '+00:00',
    '.',
    ',',
    'h',
    'm',
    's',
    'ms',
    '*',
    '/',
    '@',
    ' ',
    'SUN',
    '=',
    '?',
  ],
  (text) => {
    const time = normalizeTime(text);
    if (time !== undefined)
      rule(normalizeTime(time) === time, 'a time in its canonical form changes', text, time);
    const micro = normalizeMicroTime(text);
    if (micro !== undefined)
      rule(normalizeMicroTime(micro) === micro, 'a time of microseconds changes', text, micro);
    rule(
      (parseTime(text) === undefined) === (time === undefined),
      'parseTime and normalizeTime differ',
      text,
    );
    const nanoseconds = tried(() => parseNanoseconds(text), Error);
    if (nanoseconds !== undefined)
      rule(
        parseNanoseconds(formatNanoseconds(nanoseconds)) === nanoseconds,
        'a duration written and read again differs',
        text,
      );
    cronError(text);
    parseJsonPath(text)?.find(SCHEDULES);
    if (corruptBase64At(text) === undefined) {
      const bytes = decodeBase64(text);
      rule(Buffer.from(decodeBase64(encodeBase64(bytes))).equals(bytes), 'base64 differs', text);
    }
  },
);

export const addresses = textFamily(
  'addresses',
  4,
  [
    '10.0.0.1',
    '10.0.0.0/8',
    '::',
    '::1/128',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '2001:db8::/32',
    '1.0.0.10.in-addr.arpa',
    'docker.io/library/nginx:1.2@sha256:' + 'a'.repeat(64),
    'localhost:5000/a/b',
    'a@b.c',
    '"x y"@z',
    'user@[1.2.3.4]',
    '01:23:45:67:89:ab',
    'http://a/b?c=d',
    'application/json;as=Table;g=meta.k8s.io;v=v1, */*;q=0.1',
  ],
  [
    '0',
    '1',
    '255',
    '256',
    '.',
    ':',
    '::',
    '/',
    '%',
    '@',
    'f',
    'ffff',
    'ip6.arpa',
    '[',
    ']',
    '"',
    ';q=',
    ',',
  ],
  (text) => {
    const ip = parseIp(text);
    if (ip) {
      const again = parseIp(formatIp(ip));
      rule(
        again?.value === ip.value && again.family === ip.family,
        'an address written and read again differs',
        text,
      );
      rule(ipOfBytes(ipBytes(ip)).value === ip.value, 'the bytes of an address differ', text);
    }
    const v4 = parseIpv4(text);
    rule(
      v4 === undefined || (ip?.family === 4 && Number(ip.value) === v4),
      'two readings of an IPv4 address',
      text,
    );
    parseCidr(text);
    addressOfReverse(text);
    parseImageReference(text);
    isMailAddress(text);
    tried(() => negotiate(text));
    for (const name of FORMATS) formatOf(name)?.(text);
  },
);
const FORMATS = [
  'bsonobjectid',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'cidr',
  'mac',
  'uuid',
  'uuid3',
  'uuid4',
  'uuid5',
  'isbn',
  'isbn10',
  'isbn13',
  'creditcard',
  'ssn',
  'hexcolor',
  'rgbcolor',
  'byte',
  'password',
  'date',
  'duration',
  'datetime',
  'date-time',
];
