// The subset of the protobuf wire format that etcd's messages use: varints, length-delimited
// fields, nesting. Chunks are joined once at the end, so that values are copied once. int64 fields
// of etcd are revisions, counts and versions, all below 2^53, and leases, which use all 63 bits and
// travel as decimal text.

export class WireWriter {
  readonly chunks: Uint8Array[] = [];
  length = 0;

  private add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  /** A varint field. Zero is written, because oneof members need it. */
  number(field: number, value: number): this {
    this.add(varints(field << 3, value));
    return this;
  }

  bool(field: number, value: boolean | undefined): this {
    return value ? this.number(field, 1) : this;
  }

  /** A 64-bit id in decimal text; an absent id is not written. */
  id(field: number, value: string | undefined): this {
    if (value === undefined) return this;
    this.add(varints(field << 3, 0).subarray(0, -1));
    this.add(bigVarint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.add(varints((field << 3) | 2, value.length));
    if (value.length) this.add(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, inner: WireWriter): this {
    this.add(varints((field << 3) | 2, inner.length));
    for (const chunk of inner.chunks) this.chunks.push(chunk);
    this.length += inner.length;
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }

  /** The message after gRPC's prefix of five bytes. */
  finishFrame(): Buffer {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(this.length, 1);
    return Buffer.concat([prefix, ...this.chunks], this.length + 5);
  }
}

function varints(tag: number, value: number): Uint8Array {
  const out: number[] = [];
  for (let rest of [tag, value]) {
    while (rest >= 0x80) {
      out.push((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    out.push(rest);
  }
  return Uint8Array.from(out);
}

function bigVarint(value: bigint): Uint8Array {
  const out: number[] = [];
  while (value >= 128n) {
    out.push(Number(value & 127n) | 0x80);
    value >>= 7n;
  }
  out.push(Number(value));
  return Uint8Array.from(out);
}

/** Bytes of the longest varint. */
const MAX_VARINT = 10;

const broken = (): Error => new Error('etcd sent a message that ends early');

/**
 * Reads fields in order: `while (reader.next()) switch (reader.field) ...`; unread fields are
 * skipped. Throws for a message that ends within a field.
 */
export class WireReader {
  field = 0;
  private type = 0;
  private pending = false;

  constructor(
    private readonly buffer: Buffer,
    private at = 0,
    private readonly end = buffer.length,
  ) {}

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
    if (this.at >= this.end) throw broken();
    return this.buffer[this.at++]!;
  }

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
    throw broken();
  }

  /** Goes over a field of some bytes; returns where it starts. */
  private span(length: number): number {
    const start = this.at;
    if (length > this.end - start) throw broken();
    this.at += length;
    return start;
  }

  private skip(): void {
    this.pending = false;
    if (this.type === 0) this.varint();
    else if (this.type === 1) this.span(8);
    else if (this.type === 2) this.span(this.varint());
    else if (this.type === 5) this.span(4);
    else throw new Error(`etcd sent wire type ${this.type}`);
  }

  /** The fields that are read must have the type that the schema gives them. */
  private expect(type: number): void {
    this.pending = false;
    if (this.type !== type)
      throw new Error(`etcd sent wire type ${this.type} for field ${this.field}`);
  }

  /** Throws beyond 2^53. */
  number(): number {
    this.expect(0);
    const value = this.varint();
    if (value > Number.MAX_SAFE_INTEGER) throw new Error('etcd sent a number beyond 2^53');
    return value;
  }

  /** Signed 64 bits, for ids that may be -1. */
  id(): string {
    this.expect(0);
    let value = 0n;
    for (let left = MAX_VARINT, shift = 0n; left > 0; left--, shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value).toString();
    }
    throw broken();
  }

  /** A view that shares the memory of the message. */
  bytes(): Buffer {
    this.expect(2);
    const start = this.span(this.varint());
    return this.buffer.subarray(start, this.at);
  }

  text(): string {
    this.expect(2);
    const start = this.span(this.varint());
    return this.buffer.toString('utf8', start, this.at);
  }

  message(): WireReader {
    this.expect(2);
    const start = this.span(this.varint());
    return new WireReader(this.buffer, start, this.at);
  }
}
