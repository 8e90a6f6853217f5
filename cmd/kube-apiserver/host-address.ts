// The address under which other hosts reach this one, when no flag says.
import { networkInterfaces } from 'node:os';

/** The first IPv4 address that is not loopback; one from the documentation range on a host that has none. */
export function hostAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? []) if (!address.internal && address.family === 'IPv4') return address.address;
  }
  return '192.0.2.1';
}

const UNSPECIFIED = new Set(['', '0.0.0.0', '::']);

/** What is advertised: the flag as given, else the address bound to when others can reach it, else the host's (upstream ResolveBindAddress). */
export function advertised(flag: string | undefined, bound: string): string {
  if (flag && !UNSPECIFIED.has(flag)) return flag;
  return UNSPECIFIED.has(bound) || bound === '::1' || bound.startsWith('127.') ? hostAddress() : bound;
}
