// Netlink messages as bytes: headers, padded attributes, nested attributes (linux/netlink.h).
// Little-endian hosts only.
import { assert } from '../../../util/assert/assert.js';

export const HEADER_BYTES = 16;
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

export const FLAG = {
  request: 1,
  ack: 4,
  ackTlvs: 0x200,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  dump: 0x300,
} as const;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

const align = (size: number): number => (size + 3) & ~3;

/** Builds one message: header, fixed part, attributes. */
export class MessageWriter {
  private buffer: Buffer;
  private end = HEADER_BYTES;

  constructor(
    private readonly type: number,
    private readonly flags: number,
    fixed: Uint8Array,
  ) {
    this.buffer = Buffer.alloc(256);
    this.append(fixed);
  }

  private append(bytes: Uint8Array): void {
    const next = align(this.end + bytes.length);
    while (next > this.buffer.length)
      this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.buffer.length)]);
    this.buffer.set(bytes, this.end);
    this.end = next;
  }

  /** An absent value writes no attribute. */
  bytes(type: number, value: Uint8Array | undefined): this {
    if (!value) return this;
    const header = Buffer.alloc(4);
    header.writeUInt16LE(4 + value.length, 0);
    header.writeUInt16LE(type, 2);
    this.append(header);
    if (value.length) this.append(value);
    return this;
  }

  u8(type: number, value: number): this {
    return this.bytes(type, Uint8Array.of(value));
  }

  u16be(type: number, value: number): this {
    return this.bytes(type, Uint8Array.of(value >> 8, value & 255));
  }

  u32(type: number, value: number | undefined): this {
    if (value === undefined) return this;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return this.bytes(type, bytes);
  }

  /** Zero-terminated. */
  text(type: number, value: string): this {
    return this.bytes(type, Buffer.from(`${value}\0`));
  }

  flag(type: number): this {
    return this.bytes(type, new Uint8Array(0));
  }

  /** `fixed` precedes the nested attributes, as in VETH_INFO_PEER. */
  nested(type: number, fill: (writer: this) => void, fixed?: Uint8Array): this {
    const start = this.end;
    this.bytes(type | NESTED, new Uint8Array(0));
    if (fixed) this.append(fixed);
    fill(this);
    this.buffer.writeUInt16LE(this.end - start, start);
    return this;
  }

  finish(sequence: number): Buffer {
    this.buffer.writeUInt32LE(this.end, 0);
    this.buffer.writeUInt16LE(this.type, 4);
    this.buffer.writeUInt16LE(this.flags, 6);
    this.buffer.writeUInt32LE(sequence, 8);
    this.buffer.writeUInt32LE(0, 12);
    return this.buffer.subarray(0, this.end);
  }
}

export interface Message {
  type: number;
  flags: number;
  sequence: number;
  /** Port of the socket that is answered or that caused the notification; 0 for the kernel. */
  port: number;
  body: Buffer;
}

/** The longest fixed part of the messages that are read. */
const FIXED_BYTES = 20;

/** The body of a message; the fixed part of a short one is filled up with zeros. */
const bodyOf = (body: Buffer): Buffer =>
  body.length < FIXED_BYTES ? Buffer.concat([body], FIXED_BYTES) : body;

/** The messages of a buffer; a truncated last message is skipped. */
export function* messagesOf(data: Buffer): Generator<Message> {
  for (let at = 0; at + HEADER_BYTES <= data.length;) {
    const size = data.readUInt32LE(at);
    if (size < HEADER_BYTES || at + size > data.length) return;
    yield {
      type: data.readUInt16LE(at + 4),
      flags: data.readUInt16LE(at + 6),
      sequence: data.readUInt32LE(at + 8),
      port: data.readUInt32LE(at + 12),
      body: bodyOf(data.subarray(at + HEADER_BYTES, at + size)),
    };
    at += align(size);
  }
}

/** Attributes by type; of several attributes of a type, the last wins. */
export function attributesOf(data: Buffer): Map<number, Buffer> {
  const out = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= data.length;) {
    const size = data.readUInt16LE(at);
    if (size < 4 || at + size > data.length) break;
    out.set(data.readUInt16LE(at + 2) & TYPE_MASK, data.subarray(at + 4, at + size));
    at += align(size);
  }
  return out;
}

/** The number of an attribute; undefined for one that is too short. */
export const u32Of = (bytes: Buffer | undefined): number | undefined =>
  bytes && bytes.length >= 4 ? bytes.readUInt32LE() : undefined;

/** Zero-terminated text. */
export function textOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes) return undefined;
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

export interface Acknowledgement {
  sequence: number;
  /** 0 for success, else a positive errno. */
  errno: number;
  /** The message of the kernel, if any. */
  message?: string;
}

/** Reads an NLMSG_ERROR message. */
export function acknowledgementOf(message: Message): Acknowledgement {
  assert(message.type === NLMSG_ERROR, 'an acknowledgement');
  const errno = -message.body.readInt32LE(0);
  const sequence = message.body.readUInt32LE(12);
  // NETLINK_CAP_ACK: the errno is followed by the header of the request only, then by attributes.
  const text =
    message.flags & FLAG.ackTlvs
      ? textOf(attributesOf(message.body.subarray(20)).get(1))
      : undefined;
  return { sequence, errno, ...(text && { message: text }) };
}
