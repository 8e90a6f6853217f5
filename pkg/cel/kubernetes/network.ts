// IP addresses and CIDRs (k8s.io/apiserver/pkg/cel/library/ip.go, cidr.go).
import { declare } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import {
  cidrContains,
  formatIp,
  parseCidr,
  parseIp,
  unmapped,
  type Cidr,
  type IpAddress,
} from '../../util/netaddr/ip.js';
import { opaque } from '../checker/types.js';
import { EvalError, isError, Opaque, type Value } from '../values/value.js';

const IP = 'net.IP';
const CIDR = 'net.CIDR';
const quote = (text: string): string => JSON.stringify(text);
const ipOf = ({ data }: Opaque): IpAddress => data as IpAddress;
const cidrOf = ({ data }: Opaque): Cidr => data as Cidr;
const isMapped = (ip: IpAddress): boolean => unmapped(ip).family !== ip.family;

const ipValue = (ip: IpAddress): Opaque =>
  new Opaque(
    IP,
    ip,
    (other) => ipOf(other).value === ip.value && ipOf(other).family === ip.family,
    ip.family === 4 ? 4 : 16,
  );

const cidrValue = (cidr: Cidr): Opaque =>
  new Opaque(
    CIDR,
    cidr,
    ({ data }) => cidrText(data as Cidr) === cidrText(cidr),
    Math.ceil(cidr.prefixLength / 8),
  );

const cidrText = ({ address, prefixLength }: Cidr): string =>
  `${formatIp(address)}/${prefixLength}`;

function toIp(text: string): Opaque | EvalError {
  const ip = parseIp(text);
  if (ip)
    return isMapped(ip)
      ? new EvalError(`IPv4-mapped IPv6 address ${quote(text)} is not allowed`)
      : ipValue(ip);
  const zone = text.indexOf('%');
  if (zone > 0 && parseIp(text.slice(0, zone))?.family === 6)
    return new EvalError(`IP address ${quote(text)} with zone value is not allowed`);
  return new EvalError(
    `IP Address ${quote(text)} parse error during conversion from string: ParseAddr(${quote(text)}): unable to parse IP`,
  );
}

function toCidr(text: string): Opaque | EvalError {
  const cidr = parseCidr(text);
  const failure = 'network address parse error during conversion from string: ';
  // Upstream wraps the error twice.
  if (!cidr)
    return new EvalError(
      `${failure}${failure}netip.ParsePrefix(${quote(text)}): ${text.includes('/') ? 'bad bits after slash' : "no '/'"}`,
    );
  return isMapped(cidr.address)
    ? new EvalError(`IPv4-mapped IPv6 address ${quote(text)} is not allowed`)
    : cidrValue(cidr);
}

const holdsIp = (cidr: Cidr, ip: IpAddress): boolean =>
  cidr.network.family === ip.family && cidrContains(cidr, ip);

/** Prefixes that give an address its name (RFC 1122, 3927, 4291, 5771). */
const BLOCKS = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linkLocalUnicast: ['169.254.0.0/16', 'fe80::/10'],
  linkLocalMulticast: ['224.0.0.0/24', 'ff02::/16', 'ff12::/16', 'ff22::/16', 'ff32::/16'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
};
const within = (block: keyof typeof BLOCKS): ((value: Opaque) => boolean) => {
  const cidrs = BLOCKS[block].map((text) => parseCidr(text)!);
  return (value) => {
    const ip = ipOf(value);
    return cidrs.some((cidr) => holdsIp(cidr, ip));
  };
};
const isLoopback = within('loopback');
const isLinkLocalUnicast = within('linkLocalUnicast');
const isLinkLocalMulticast = within('linkLocalMulticast');
const isMulticast = within('multicast');
const isUnspecified = (value: Opaque): boolean => ipOf(value).value === 0n;
const isBroadcast = (value: Opaque): boolean =>
  ipOf(value).family === 4 && ipOf(value).value === 0xffff_ffffn;
const isGlobalUnicast = (value: Opaque): boolean =>
  ![isUnspecified, isLoopback, isLinkLocalUnicast, isMulticast, isBroadcast].some((is) =>
    is(value),
  );

function isCanonical(text: string): Value {
  const ip = toIp(text);
  return ip instanceof EvalError ? ip : formatIp(ipOf(ip)) === text;
}

const holdsCidr = (outer: Cidr, inner: Cidr): boolean =>
  inner.prefixLength >= outer.prefixLength && holdsIp(outer, inner.network);

function containsIp(cidr: Opaque, other: Opaque | string): Value {
  const ip = typeof other === 'string' ? toIp(other) : other;
  return ip instanceof EvalError ? ip : holdsIp(cidrOf(cidr), ipOf(ip));
}

function containsCidr(cidr: Opaque, other: Opaque | string): Value {
  const inner = typeof other === 'string' ? toCidr(other) : other;
  return inner instanceof EvalError ? inner : holdsCidr(cidrOf(cidr), cidrOf(inner));
}

const masked = (value: Opaque): Value => {
  const cidr = cidrOf(value);
  return cidrValue({ ...cidr, address: cidr.network });
};

export const NETWORK: Library = {
  types: { [IP]: opaque(IP), [CIDR]: opaque(CIDR) },
  functions: declare([
    ['string_to_ip', `~ip(string) ${IP}`, toIp],
    ['is_ip', '~isIP(string) bool', (text: string) => !isError(toIp(text))],
    ['ip_is_canonical', '~ip.isCanonical(string) bool', isCanonical],
    ['ip_family', `${IP}.family() int`, (value: Opaque) => ipOf(value).family],
    ['ip_is_unspecified', `${IP}.isUnspecified() bool`, isUnspecified],
    ['ip_is_loopback', `${IP}.isLoopback() bool`, isLoopback],
    ['ip_is_link_local_multicast', `${IP}.isLinkLocalMulticast() bool`, isLinkLocalMulticast],
    ['ip_is_link_local_unicast', `${IP}.isLinkLocalUnicast() bool`, isLinkLocalUnicast],
    ['ip_is_global_unicast', `${IP}.isGlobalUnicast() bool`, isGlobalUnicast],
    ['ip_to_string', `~string(${IP}) string`, (value: Opaque) => formatIp(ipOf(value))],
    ['string_to_cidr', `~cidr(string) ${CIDR}`, toCidr],
    ['is_cidr', '~isCIDR(string) bool', (text: string) => !isError(toCidr(text))],
    ['cidr_contains_ip_string', `${CIDR}.containsIP(string) bool`, containsIp],
    ['cidr_contains_ip_ip', `${CIDR}.containsIP(${IP}) bool`, containsIp],
    ['cidr_contains_cidr_string', `${CIDR}.containsCIDR(string) bool`, containsCidr],
    ['cidr_contains_cidr', `${CIDR}.containsCIDR(${CIDR}) bool`, containsCidr],
    ['cidr_ip', `${CIDR}.ip() ${IP}`, (value: Opaque) => ipValue(cidrOf(value).address)],
    ['cidr_prefix_length', `${CIDR}.prefixLength() int`, (v: Opaque) => cidrOf(v).prefixLength],
    ['cidr_masked', `${CIDR}.masked() ${CIDR}`, masked],
    ['cidr_to_string', `~string(${CIDR}) string`, (value: Opaque) => cidrText(cidrOf(value))],
  ]),
};
