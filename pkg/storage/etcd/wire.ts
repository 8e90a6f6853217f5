// The subset of the protobuf wire format that etcd's messages use: varints, length-delimited
// fields, nesting. Chunks are joined once at the end, so that values are copied once. int64 fields
// of etcd are revisions, counts and versions, all below 2^53, and leases, which use all 63 bits and
// travel as decimal text.
import { WireReader as Reader } from '../../util/protobuf/wire-reader.js';

export type WireReader = Reader<Buffer>;
export const WireReader = Reader<Buffer>;

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
