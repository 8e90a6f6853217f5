// The address under which other hosts reach this one, when no flag says.
import { networkInterfaces } from 'node:os';

/** The first IPv4 address that is not loopback; one from the documentation range on a host that has none. */
export function hostAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? []) if (!address.internal && address.family === 'IPv4') return address.address;
  }
  return '192.0.2.1';
}
