// Records and replies of own data. Pure.
import { NEGATIVE_TTL } from './limits.js';
import type { Record, ZoneReply } from './record.js';

/** An answer of the server's own data. */
export const found = (answers: Record[], additionals?: Record[]): ZoneReply => ({
  rcode: 'NOERROR',
  authoritative: true,
  answers,
  ...(additionals?.length && { additionals }),
});

export function address(name: string, ip: string, ttl: number): Record {
  return { type: ip.includes(':') ? 'AAAA' : 'A', name, ttl, data: ip };
}

/** The SOA record of negative answers; its minimum is the TTL of negative caching (RFC 2308). */
export function soa(zone: string, nowMs: number): Record {
  return {
    type: 'SOA',
    name: zone,
    ttl: NEGATIVE_TTL,
    data: {
      mname: `ns.dns.${zone}`,
      rname: `hostmaster.${zone}`,
      serial: Math.floor(nowMs / 3_600_000),
      refresh: 28_800,
      retry: 7200,
      expire: 604_800,
      minimum: NEGATIVE_TTL,
    },
  };
}

/** A negative reply: NXDOMAIN when the name does not exist, else an empty NOERROR (NODATA). */
export const negative = (zone: string, exists: boolean, nowMs: number): ZoneReply => ({
  rcode: exists ? 'NOERROR' : 'NXDOMAIN',
  authoritative: true,
  answers: [],
  authorities: [soa(zone, nowMs)],
});

/** Whether the character at `at` has a backslash of its own before it. */
function endsInEscape(name: string, at: number): boolean {
  let slashes = 0;
  while (name[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

/** Whether `name` is `zone` or below it. */
export function isWithin(name: string, zone: string): boolean {
  if (!name.endsWith(zone)) return false;
  const dot = name.length - zone.length - 1;
  return dot === -1 || (name[dot] === '.' && !endsInEscape(name, dot));
}
