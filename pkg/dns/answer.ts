// The questions that plugins get and the replies that they give.
import type { Answer as Record } from 'dns-packet';
import { NEGATIVE_TTL } from './limits.js';

export type { Record };

export type Rcode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'FORMERR' | 'NOTIMP';

export interface Question {
  /** Lower case, without the final dot. */
  name: string;
  /** The name in the letter case of the query. */
  originalName: string;
  /** 'A', 'SRV', ...; 'UNKNOWN_65' for types without a name in dns-packet. */
  type: string;
  /** The whole query, for forwarding. */
  packet: Uint8Array;
  /** Source address of the client. */
  client: string;
}

export interface Reply {
  rcode: Rcode;
  authoritative: boolean;
  answers: Record[];
  authorities?: Record[];
  additionals?: Record[];
}

/** A member of the chain. Returning `undefined` passes the question to the next plugin. */
export interface Plugin {
  readonly name: string;
  /** An exception or a rejection is answered with SERVFAIL. */
  readonly answer: (
    question: Question,
    signal: AbortSignal,
  ) => Reply | undefined | Promise<Reply | undefined>;
  /** The server is not ready while this returns false. */
  readonly ready?: () => boolean;
}

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
export function negative(zone: string, exists: boolean, nowMs: number): Reply {
  return {
    rcode: exists ? 'NOERROR' : 'NXDOMAIN',
    authoritative: true,
    answers: [],
    authorities: [soa(zone, nowMs)],
  };
}

/** Whether `name` is `zone` or below it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
