// DNS records and replies before they are bytes. Pure.

/**
 * A record that the server makes. Names have no final dot; pkg/dns/wire/names.ts describes their
 * text.
 */
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

/** A reply of the cluster's own data. */
export interface ZoneReply {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  authoritative: boolean;
  answers: Record[];
  authorities?: Record[];
  additionals?: Record[];
}
