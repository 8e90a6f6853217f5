// Replies as bytes: compressed names (RFC 1035 4.1.4), and as many records as the client's limit
// lets through. Resolvers without TCP use the records of a truncated answer, so it holds what fits.
import { parseIp } from '../../util/netaddr/ip.js';
import type { Record, Reply } from './record.js';
import { CLASS_CHAOS, CLASS_IN, FLAGS, HEADER_BYTES, OPT_BYTES, RCODES, TYPES } from './codes.js';
import { recordsOf } from './message.js';
import { labelsOf, WireError } from './names.js';
import { writeOpt, type Query } from './query.js';

/** Messages have a length of 16 bits. */
export const MAX_MESSAGE_BYTES = 65_535;
/** RFC 2181 8. */
const MAX_TTL = 0x7fffffff;
/** A pointer has 14 bits. */
const MAX_POINTER = 0x3fff;
const POINTER_BITS = 0xc000;
/** The name of the question, which most records have. */
const TO_QUESTION = POINTER_BITS | HEADER_BYTES;

export interface ReplyOptions {
  /** Longest message that the client accepts, at least 512. */
  limit: number;
  recursionAvailable: boolean;
  /** The size that the server accepts by UDP, for the OPT record. */
  udpSize: number;
}

/** All replies are written here and copied; a message is complete before the next begins. */
const scratch = Buffer.alloc(MAX_MESSAGE_BYTES + 1024);

/** The reply to the query. Throws WireError when a record cannot be written. */
export function encodeReply(query: Query, reply: Reply, options: ReplyOptions): Buffer {
  const { edns, question } = query;
  const room = options.limit - (edns ? OPT_BYTES : 0);
  const writer = new Writer(query);
  let flags = headerFlags(query, reply, options);
  const counts = [0, 0, 0];
  let at = HEADER_BYTES + question.copy(scratch, HEADER_BYTES);
  if (reply.wire) {
    at = copyRecords(reply.wire, question.length, room, counts);
    if (counts[0]! < reply.wire.readUInt16BE(6)) flags |= FLAGS.truncated;
  } else {
    const sections = [reply.answers, reply.authorities ?? [], reply.additionals ?? []];
    for (const [section, records] of sections.entries()) {
      for (const record of records) {
        const end = writer.record(record, at);
        if (end > room) break;
        at = end;
        counts[section]!++;
      }
      // The sections behind a truncated one would not help.
      if (counts[section]! === records.length) continue;
      if (section === 0) flags |= FLAGS.truncated;
      break;
    }
  }
  if (edns) {
    writeOpt(scratch, at, options.udpSize, RCODES[reply.rcode] >> 4, edns.dnssec);
    at += OPT_BYTES;
    counts[2]!++;
  }
  scratch.writeUInt16BE(query.id, 0);
  scratch.writeUInt16BE(flags, 2);
  scratch.writeUInt16BE(1, 4);
  for (const [section, count] of counts.entries()) scratch.writeUInt16BE(count, 6 + 2 * section);
  return Buffer.from(scratch.subarray(0, at));
}

const headerFlags = (query: Query, reply: Reply, options: ReplyOptions): number =>
  FLAGS.response |
  (query.flags & (FLAGS.opcode | FLAGS.recursionDesired | FLAGS.checkingDisabled)) |
  (reply.authoritative ? FLAGS.authoritative : 0) |
  (options.recursionAvailable ? FLAGS.recursionAvailable : 0) |
  (reply.wire ? reply.wire.readUInt16BE(2) & FLAGS.authenticData : 0) |
  (RCODES[reply.rcode] & FLAGS.rcode);

/**
 * Copies the records of a message with the same question, in full records up to `room`. Pointers in
 * them lead backwards, so they stay valid. Returns the offset behind the last.
 */
function copyRecords(wire: Buffer, questionBytes: number, room: number, counts: number[]): number {
  let end = HEADER_BYTES + questionBytes;
  const start = end;
  for (const record of recordsOf(wire)) {
    if (record.end > room) break;
    end = record.end;
    counts[record.section]!++;
  }
  wire.copy(scratch, start, start, end);
  return end;
}

/** FORMERR and the like, for messages without a question that can be repeated. */
export function bareReply(id: number, queryFlags: number, rcode: Reply['rcode']): Buffer {
  const out = Buffer.alloc(HEADER_BYTES);
  out.writeUInt16BE(id, 0);
  const kept = queryFlags & (FLAGS.opcode | FLAGS.recursionDesired);
  out.writeUInt16BE(FLAGS.response | kept | RCODES[rcode], 2);
  return out;
}

/** Writes records of one message to `scratch`. */
class Writer {
  /** Offsets of the names and their endings that are in the message. */
  private offsets: Map<string, number> | undefined;

  constructor(private readonly query: Query) {}

  /** Returns the offset behind the record. */
  record(record: Record, at: number): number {
    const fixed = this.owner(record.name, at);
    scratch.writeUInt16BE(TYPES[record.type], fixed);
    scratch.writeUInt16BE(record.class === 'CH' ? CLASS_CHAOS : CLASS_IN, fixed + 2);
    scratch.writeUInt32BE(Math.min(MAX_TTL, Math.max(0, Math.trunc(record.ttl) || 0)), fixed + 4);
    const end = this.data(record, fixed + 10);
    if (end > MAX_MESSAGE_BYTES) return end;
    scratch.writeUInt16BE(end - fixed - 10, fixed + 8);
    return end;
  }

  private owner(name: string, at: number): number {
    if (name !== this.query.name || name === '') return this.name(name, at);
    scratch.writeUInt16BE(TO_QUESTION, at);
    return at + 2;
  }

  private data(record: Record, at: number): number {
    switch (record.type) {
      case 'A':
        return writeV4(record.data, at);
      case 'AAAA':
        return writeV6(record.data, at);
      case 'CNAME':
      case 'NS':
      case 'PTR':
        return this.name(record.data, at);
      case 'TXT':
        return writeTexts([record.data].flat(), at);
      case 'MX':
        scratch.writeUInt16BE(record.data.preference, at);
        return this.name(record.data.exchange, at + 2);
      case 'SRV': {
        const { priority, weight, port, target } = record.data;
        scratch.writeUInt16BE(priority & 0xffff, at);
        scratch.writeUInt16BE(weight & 0xffff, at + 2);
        scratch.writeUInt16BE(port & 0xffff, at + 4);
        return this.name(target, at + 6, 'whole');
      }
      case 'SOA': {
        const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
        let end = this.name(rname, this.name(mname, at));
        for (const value of [serial, refresh, retry, expire, minimum])
          end = scratch.writeUInt32BE(value, end);
        return end;
      }
    }
  }

  /**
   * Writes a name, compressed against those before it. Targets of SRV records stay whole (RFC
   * 2782).
   */
  private name(text: string, at: number, form: 'compressed' | 'whole' = 'compressed'): number {
    const known = (this.offsets ??= this.fromQuestion());
    let rest = text.endsWith('.') ? text.slice(0, -1) : text;
    if (rest.includes('\\')) return writeWhole(text, at);
    let end = at;
    let length = 1;
    while (rest !== '') {
      const offset = known.get(rest);
      if (offset !== undefined && form === 'compressed') {
        scratch.writeUInt16BE(POINTER_BITS | offset, end);
        return end + 2;
      }
      if (offset === undefined && end <= MAX_POINTER) known.set(rest, end);
      const dot = rest.indexOf('.');
      const label = dot < 0 ? rest : rest.slice(0, dot);
      const size = scratch.write(label, end + 1);
      length += size + 1;
      if (size === 0 || size > 63 || length > 255 || dot === rest.length - 1)
        throw new WireError(`not a domain name: ${text.slice(0, 255)}`);
      scratch.writeUInt8(size, end);
      end += size + 1;
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    return scratch.writeUInt8(0, end);
  }

  private fromQuestion(): Map<string, number> {
    const { name } = this.query;
    const out = new Map<string, number>();
    if (name.includes('\\')) return out;
    for (let at = 0; name !== '';) {
      out.set(name.slice(at), HEADER_BYTES + at);
      at = name.indexOf('.', at) + 1;
      if (at === 0) break;
    }
    return out;
  }
}

function writeWhole(text: string, at: number): number {
  let end = at;
  for (const label of labelsOf(text)) {
    scratch.writeUInt8(label.length, end);
    end += 1 + label.copy(scratch, end + 1);
  }
  return scratch.writeUInt8(0, end);
}

function writeV4(text: string, at: number): number {
  let end = at;
  let value = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) value = value * 10 + code - 0x30;
    else {
      scratch[end++] = value;
      value = 0;
    }
  }
  if (end !== at + 4) throw new WireError(`not an IPv4 address: ${text}`);
  return end;
}

function writeV6(text: string, at: number): number {
  const ip = parseIp(text);
  if (ip?.family !== 6) throw new WireError(`not an IPv6 address: ${text}`);
  for (let group = 0; group < 8; group++)
    scratch.writeUInt16BE(Number((ip.value >> BigInt(16 * (7 - group))) & 0xffffn), at + 2 * group);
  return at + 16;
}

function writeTexts(texts: readonly string[], at: number): number {
  let end = at;
  for (const text of texts) {
    const bytes = Buffer.from(text);
    // A string has at most 255 bytes (RFC 1035 3.3); further bytes begin another.
    for (let from = 0; from === 0 || from < bytes.length; from += 255) {
      const part = bytes.subarray(from, from + 255);
      if (end + part.length + 1 > MAX_MESSAGE_BYTES) return MAX_MESSAGE_BYTES + 1;
      scratch.writeUInt8(part.length, end);
      end += 1 + part.copy(scratch, end + 1);
    }
  }
  return end;
}
