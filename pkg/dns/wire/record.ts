// Records and replies before they are bytes.
import type { Rcode } from './codes.js';

/** A record that the server makes. Names have no final dot; wire/names.ts describes their text. */
export type Record = { name: string; ttl: number; class?: 'CH' } & Data;

type Data =
  | { type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR'; data: string }
  | { type: 'TXT'; data: string | string[] }
  | { type: 'MX'; data: { preference: number; exchange: string } }
  | { type: 'SRV'; data: { priority: number; weight: number; port: number; target: string } }
  | {
      type: 'SOA';
      data: {
        mname: string;
        rname: string;
        serial: number;
        refresh: number;
        retry: number;
        expire: number;
        minimum: number;
      };
    };

export interface Reply {
  rcode: Rcode;
  authoritative: boolean;
  answers: Record[];
  authorities?: Record[];
  additionals?: Record[];
  /**
   * The message of an upstream server to the same question. Its records are sent as they are;
   * `answers` has only the addresses and aliases among them.
   */
  wire?: Buffer;
}
