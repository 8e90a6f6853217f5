// The address at which other hosts reach this host, when no flag sets it.
import { networkInterfaces } from 'node:os';

/** The first address of the family that is neither loopback nor link-local. */
export const firstAddress = (family: 4 | 6): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find((a) => !a.internal && a.family === `IPv${family}` && !a.address.startsWith('fe80:'))
    ?.address;

/** That address; on a host without one, an address of the documentation range. */
export const hostAddress = (family: 4 | 6 = 4): string =>
  firstAddress(family) ?? (family === 4 ? '192.0.2.1' : '2001:db8::1');

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
