// The names of the two address families in nft, conntrack and the API.
import type { Family } from '../component-helpers/addresses.js';
import type { Nft } from '../system/nftables/nftables.js';

export interface FamilyNames {
  /** nft: the family of the table and the header in expressions. */
  nft: 'ip' | 'ip6';
  /** nft's type of addresses. */
  address: 'ipv4_addr' | 'ipv6_addr';
  /** addressType of EndpointSlices, ip_family of metrics. */
  label: 'IPv4' | 'IPv6';
  /** The loopback range of the host. */
  loopback: string;
}

export const FAMILY_NAMES: Readonly<Record<Family, FamilyNames>> = {
  4: { nft: 'ip', address: 'ipv4_addr', label: 'IPv4', loopback: '127.0.0.0/8' },
  6: { nft: 'ip6', address: 'ipv6_addr', label: 'IPv6', loopback: '::1' },
};

/** Removes a table of both families, whichever process created it. */
export async function removeTables(nft: Nft, table: string): Promise<void> {
  for (const { nft: family } of Object.values(FAMILY_NAMES)) await nft.deleteTable(family, table);
}
