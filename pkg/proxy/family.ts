// The two address families: their names in nft, conntrack and the API, and a canonical spelling of
// addresses.
import type { Nft } from '../system/nftables/nftables.js';
import { formatIp, parseIp } from '../util/netaddr/ip.js';

export type Family = 4 | 6;

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

/** The protocols by their names in nft. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

const PROTOCOLS: Readonly<Record<string, Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

/** Converts a protocol from its API name to the name in nft; undefined for other texts. */
export const protocolOf = (text: string | undefined): Protocol | undefined =>
  PROTOCOLS[text || 'TCP'];

/** The family of an address or a CIDR. */
export const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4);

/**
 * The address as the tools of the kernel print it, so that texts can be compared; undefined for
 * texts that are not addresses of the family. IPv4 has one spelling and is returned unchanged.
 */
export function addressOf(text: string | undefined, family: Family): string | undefined {
  if (!text || familyOf(text) !== family) return undefined;
  if (family === 4) return text;
  const parsed = parseIp(text);
  return parsed && formatIp(parsed);
}

/** Removes a table of both families, whichever process created it. */
export async function removeTables(nft: Nft, table: string): Promise<void> {
  for (const { nft: family } of Object.values(FAMILY_NAMES)) await nft.deleteTable(family, table);
}

export const addressesOf = (texts: readonly (string | undefined)[], family: Family): string[] =>
  texts.flatMap((text) => addressOf(text, family) ?? []);
