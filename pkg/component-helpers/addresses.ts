// Address families and protocols as objects name them, and a canonical spelling of addresses.
import { formatIp, parseIp } from '../util/netaddr/ip.js';

export type Family = 4 | 6;

/** The protocols by their names in nft and in conntrack. */
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

export const addressesOf = (texts: readonly (string | undefined)[], family: Family): string[] =>
  texts.flatMap((text) => addressOf(text, family) ?? []);
