// Numbers of the DNS protocol (RFC 1035, RFC 6891; registries of IANA).
import { TYPES } from './codes.generated.js';

export { TYPES };

const NAMES = new Map<number, string>(Object.entries(TYPES).map(([name, code]) => [code, name]));

/** The name of a type; 'TYPE65280' for types without one (RFC 3597). */
export const typeName = (code: number): string => NAMES.get(code) ?? `TYPE${code}`;

/** Whether `typeName` gives a name of its own, which bounds the label values of metrics. */
export const isNamedType = (name: string): boolean => name in TYPES;

export const CLASS_IN = 1;
export const CLASS_CHAOS = 3;

/** Values of 16 and above need an OPT record, which carries their upper bits. */
export const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
export type Rcode = keyof typeof RCODES;

/** Bits of the second header word. */
export const FLAGS = {
  response: 0x8000,
  opcode: 0x7800,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  authenticData: 0x0020,
  checkingDisabled: 0x0010,
  rcode: 0x000f,
} as const;

export const HEADER_BYTES = 12;
/** The root as owner, type, size, extended code and flags, no options. */
export const OPT_BYTES = 11;
/** DNSSEC OK: a flag in the TTL of an OPT record. */
export const DNSSEC_OK = 0x8000;
