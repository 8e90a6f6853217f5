// The address at which other hosts reach this host, when no flag sets it.
import { networkInterfaces } from 'node:os';

/**
 * The first address of the family that is neither loopback nor link-local; on a host without one,
 * an address of the documentation range.
 */
export function hostAddress(family: 4 | 6 = 4): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, family: own, internal } of addresses ?? []) {
      if (!internal && own === `IPv${family}` && !address.startsWith('fe80:')) return address;
    }
  }
  return family === 4 ? '192.0.2.1' : '2001:db8::1';
}

const UNSPECIFIED = new Set(['', '0.0.0.0', '::']);

/**
 * The advertised address: the flag, or the bound address if other hosts can reach it, or the host's
 * address of the family (upstream ResolveBindAddress).
 */
export function advertised(flag: string | undefined, bound: string, family: 4 | 6 = 4): string {
  if (flag && !UNSPECIFIED.has(flag)) return flag;
  return UNSPECIFIED.has(bound) || bound === '::1' || bound.startsWith('127.')
    ? hostAddress(family)
    : bound;
}
