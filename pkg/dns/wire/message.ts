// Answers of upstream servers as bytes. They pass through the server as they came, so that types
// that the server does not know and every letter of a name survive.
import type { Record } from './record.js';
import { HEADER_BYTES, TYPES } from './codes.js';
import { readName, skipName, WireError } from './names.js';

export interface RecordBytes {
  /** 0: answer, 1: authority, 2: additional. */
  section: 0 | 1 | 2;
  type: number;
  /** Offsets: of the owner's name, of the type, and behind the record. */
  start: number;
  fixed: number;
  end: number;
}

/** The offset behind the question section. */
function questionEnd(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) throw new WireError('no header');
  let at = HEADER_BYTES;
  for (let left = bytes.readUInt16BE(4); left > 0; left--) at = skipName(bytes, at) + 4;
  return at;
}

/** The records of a message. Throws WireError for a message that ends early. */
export function recordsOf(bytes: Buffer): RecordBytes[] {
  const out: RecordBytes[] = [];
  let at = questionEnd(bytes);
  for (const section of [0, 1, 2] as const) {
    for (let left = bytes.readUInt16BE(6 + 2 * section); left > 0; left--) {
      const start = at;
      const fixed = skipName(bytes, at);
      if (bytes.length < fixed + 10) throw new WireError('record beyond the end of the message');
      at = fixed + 10 + bytes.readUInt16BE(fixed + 8);
      if (at > bytes.length) throw new WireError('record beyond the end of the message');
      out.push({ section, type: bytes.readUInt16BE(fixed), start, fixed, end: at });
    }
  }
  return out;
}

/** Whether the message answers this question, in any letter case. */
export function answersQuestion(bytes: Buffer, question: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(4) !== 1) return false;
  const echoed = bytes.subarray(HEADER_BYTES, HEADER_BYTES + question.length);
  return (
    echoed.equals(question) ||
    echoed.toString('latin1').toLowerCase() === question.toString('latin1').toLowerCase()
  );
}

/** The addresses and aliases among the answers. */
export function addressRecords(bytes: Buffer, records: readonly RecordBytes[]): Record[] {
  return records.flatMap(({ section, type, start, fixed, end }): Record[] => {
    if (section !== 0) return [];
    const name = (): string => readName(bytes, start).text;
    const ttl = bytes.readUInt32BE(fixed + 4);
    const data = bytes.subarray(fixed + 10, end);
    if (type === TYPES.CNAME)
      return [{ type: 'CNAME', name: name(), ttl, data: readName(bytes, fixed + 10).text }];
    if (type === TYPES.A && data.length === 4)
      return [{ type: 'A', name: name(), ttl, data: data.join('.') }];
    if (type !== TYPES.AAAA || data.length !== 16) return [];
    const groups = Array.from({ length: 8 }, (_, at) => data.readUInt16BE(2 * at).toString(16));
    return [{ type: 'AAAA', name: name(), ttl, data: groups.join(':') }];
  });
}

/** The message up to its OPT record, which belongs to one hop (RFC 6891 6.1.1). */
export function withoutOpt(bytes: Buffer, records: readonly RecordBytes[]): Buffer {
  const opt = records.find(({ type, section }) => type === TYPES.OPT && section === 2);
  if (!opt) return bytes;
  const kept = Buffer.from(bytes.subarray(0, opt.start));
  const before = records.filter(({ section, end }) => section === 2 && end <= opt.start);
  kept.writeUInt16BE(before.length, 10);
  return kept;
}

/** A copy whose TTLs are `seconds` lower. */
export function aged(bytes: Buffer, records: readonly RecordBytes[], seconds: number): Buffer {
  const copy = Buffer.from(bytes);
  for (const { fixed } of records)
    copy.writeUInt32BE(Math.max(0, copy.readUInt32BE(fixed + 4) - seconds), fixed + 4);
  return copy;
}

/** The lowest TTL among the answers in seconds; undefined without answers. */
export function lowestTtl(bytes: Buffer, records: readonly RecordBytes[]): number | undefined {
  const ttls = records.flatMap(({ section, fixed }) =>
    section === 0 ? [bytes.readUInt32BE(fixed + 4)] : [],
  );
  return ttls.length ? Math.min(...ttls) : undefined;
}
