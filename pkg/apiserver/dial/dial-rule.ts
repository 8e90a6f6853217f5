// The addresses that the API server may dial for its users: pods, services, nodes and kubelets.
// A node writes its own status and a tenant writes endpoints, so that every such address is a guess
// of somebody else. The rule is applied after names are resolved (upstream
// apimachinery/pkg/util/proxy IsProxyableHostname, which checks the proxies alone).
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { badRequest, type StatusError } from '../../apimachinery/errors/status-error.js';
import {
  cidrContains,
  type IpAddress,
  parseCidr,
  parseIp,
  unmapped,
} from '../../util/netaddr/ip.js';
import { FORBIDDEN_RANGES } from './facts.generated.js';

const FORBIDDEN = FORBIDDEN_RANGES.map((text) => parseCidr(text)!);

/** IPv4 addresses inside of IPv6: translation (RFC 6052) and 6to4 (RFC 3056), by their bits. */
const EMBEDDING = [
  { range: parseCidr('64:ff9b::/96')!, shift: 0n },
  { range: parseCidr('2002::/16')!, shift: 80n },
  { range: parseCidr('::/96')!, shift: 0n },
];

export type DialRule = (ip: string) => boolean;

/**
 * Whether an address is neither loopback, link-local, multicast nor unspecified in any notation.
 */
export const isDialable: DialRule = (text) => {
  const ip = parseIp(text);
  if (!ip) return false;
  const plain = unmapped(ip);
  if (FORBIDDEN.some((range) => cidrContains(range, plain))) return false;
  for (const { range, shift } of EMBEDDING) {
    if (!cidrContains(range, plain)) continue;
    const inner: IpAddress = { family: 4, value: (plain.value >> shift) & 0xffff_ffffn };
    if (FORBIDDEN.some((forbidden) => cidrContains(forbidden, inner))) return false;
  }
  return true;
};

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map((text) => parseCidr(text)!);

/** As isDialable, and the host itself: for addresses that only administrators write. */
export const isDialableOrLoopback: DialRule = (text) => {
  const ip = parseIp(text);
  if (!ip) return false;
  return LOOPBACK.some((range) => cidrContains(range, unmapped(ip))) || isDialable(text);
};

/** The code of the error that dialLookup gives. */
export const NOT_ALLOWED = 'EADDRNOTALLOWED';

/** The refusal, in upstream's words. */
export const notAllowed = (): StatusError => badRequest('address not allowed');

const withoutZone = (host: string): string => host.replace(/%.*$/, '');

/** Throws BadRequest for an address that may not be dialled. Names are left to dialLookup. */
export function checkHost(host: string, allows: DialRule): void {
  const literal = withoutZone(host);
  if (parseIp(literal) && !allows(literal)) throw notAllowed();
}

/** A resolver for net.connect that refuses a name if any of its addresses may not be dialled. */
export function dialLookup(allows: DialRule): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '');
      if (!found.length || found.some(({ address }) => !allows(withoutZone(address))))
        return callback(Object.assign(new Error('address not allowed'), { code: NOT_ALLOWED }), '');
      if (options.all) return callback(null, found);
      return callback(null, found[0]!.address, found[0]!.family);
    });
  };
}
