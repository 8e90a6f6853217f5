// Reads the protobuf wire format: varints, fixed numbers, length-delimited fields, nesting. Bytes
// that are no message are WireErrors, in the words of Go's generated code.

const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;
/** Bytes of the longest varint. */
const MAX_VARINT = 10;

export class WireError extends Error {
  override name = 'WireError';
}

/** A byte order mark is part of the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads fields in order: `while (reader.next()) switch (reader.field) ...`; unread fields are
 * skipped. Every method throws WireError for a message that ends within a field, and for a field
 * of another type than is read. `type` is that of bare values, as packed lists have them.
 */
export class WireReader<B extends Uint8Array = Uint8Array> {
  field = 0;
  private pending = false;

  constructor(
    private readonly buffer: B,
    private at = 0,
    private readonly end = buffer.length,
    public type = VARINT,
  ) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  next(): boolean {
    if (this.pending) this.skip();
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = tag >>> 3;
    this.type = tag & 7;
    this.pending = true;
    return true;
  }

  private byte(): number {
    if (this.at >= this.end) throw new WireError('unexpected EOF');
    return this.buffer[this.at++]!;
  }

  /** Exact up to 2^53. */
  private varint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    for (let left = MAX_VARINT - 1; left > 0; left--, scale *= 128) {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new WireError('proto: integer overflow');
  }

  private signed(): bigint {
    let value = 0n;
    for (let left = MAX_VARINT, shift = 0n; left > 0; left--, shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new WireError('proto: integer overflow');
  }

  /** Goes over a field of some bytes; returns where it starts. */
  private span(length: number): number {
    const start = this.at;
    if (length > this.end - start) throw new WireError('unexpected EOF');
    this.at += length;
    return start;
  }

  private skip(): void {
    this.pending = false;
    if (this.type === VARINT) this.varint();
    else if (this.type === FIXED64) this.span(8);
    else if (this.type === BYTES) this.span(this.varint());
    else if (this.type === FIXED32) this.span(4);
    else throw new WireError(`proto: illegal wireType ${this.type}`);
  }

  private expect(type: number): void {
    this.pending = false;
    if (this.type !== type)
      throw new WireError(`proto: wrong wireType = ${this.type} for field ${this.field}`);
  }

  /** An unsigned number below 2^53. */
  number(): number {
    this.expect(VARINT);
    const value = this.varint();
    if (value > Number.MAX_SAFE_INTEGER) throw new WireError('proto: integer overflow');
    return value;
  }

  /** A bigint beyond 2^53. */
  int64(): number | bigint {
    this.expect(VARINT);
    const start = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    this.at = start;
    const exact = this.signed();
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.int64())));
  }

  /** Signed 64 bits in decimal text, for ids that may be -1. */
  id(): string {
    this.expect(VARINT);
    return this.signed().toString();
  }

  double(): number {
    this.expect(FIXED64);
    const { buffer, byteOffset } = this.buffer;
    return new DataView(buffer, byteOffset).getFloat64(this.span(8), true);
  }

  /** A view that shares the memory of the message. */
  bytes(): B {
    this.expect(BYTES);
    const start = this.span(this.varint());
    return this.buffer.subarray(start, this.at) as B;
  }

  text(): string {
    return decoder.decode(this.bytes());
  }

  message(): WireReader<B> {
    this.expect(BYTES);
    const start = this.span(this.varint());
    return new WireReader(this.buffer, start, this.at);
  }

  /** The bare values of a packed list. */
  packed(of: 'varints' | 'doubles'): WireReader<B> {
    const list = this.message();
    list.type = of === 'doubles' ? FIXED64 : VARINT;
    return list;
  }
}
