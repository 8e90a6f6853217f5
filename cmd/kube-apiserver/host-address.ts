// The address under which other hosts reach this one, when no flag says.
import { networkInterfaces } from 'node:os';

/** The first address of the family that is neither loopback nor link-local; one from the documentation range on a host that has none. */
export function hostAddress(family: 4 | 6 = 4): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address, family: own, internal } of addresses ?? []) {
      if (!internal && own === `IPv${family}` && !address.startsWith('fe80:')) return address;
    }
  }
  return family === 4 ? '192.0.2.1' : '2001:db8::1';
}

const UNSPECIFIED = new Set(['', '0.0.0.0', '::']);

/** What is advertised: the flag as given, else the address bound to when others can reach it, else the host's of the family (upstream ResolveBindAddress). */
export function advertised(flag: string | undefined, bound: string, family: 4 | 6 = 4): string {
  if (flag && !UNSPECIFIED.has(flag)) return flag;
  return UNSPECIFIED.has(bound) || bound === '::1' || bound.startsWith('127.')
    ? hostAddress(family)
    : bound;
}
