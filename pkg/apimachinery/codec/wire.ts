// Reads the protobuf wire format: varints, lengths and keys. Malformed bytes are WireErrors.

export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

export class WireError extends Error {
  override name = 'WireError';
}

/** A byte order mark is part of the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class WireReader {
  private readonly view: DataView;
  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
    private readonly end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** An unsigned 64-bit varint; exact. */
  private big(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError('proto: integer overflow');
  }

  private byte(): number {
    if (this.at >= this.end) throw new WireError('unexpected EOF');
    return this.bytes[this.at++]!;
  }

  /** A varint that a number can hold: keys, lengths, small values. */
  uint(): number {
    const start = this.at;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.at = start;
    const big = this.big();
    if (big > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireError('proto: integer overflow');
    return Number(big);
  }

  /** A signed 64-bit varint; a bigint beyond 2^53. */
  int64(): number | bigint {
    const start = this.at;
    for (let i = 0; i < 7; i++) {
      if (this.byte() < 0x80) {
        this.at = start;
        return this.uint();
      }
    }
    this.at = start;
    const value = BigInt.asIntN(64, this.big());
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.int64())));
  }

  double(): number {
    if (this.at + 8 > this.end) throw new WireError('unexpected EOF');
    const value = this.view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  slice(): Uint8Array {
    const length = this.uint();
    const start = this.at;
    if (start + length > this.end) throw new WireError('unexpected EOF');
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }

  text(): string {
    return decoder.decode(this.slice());
  }

  /** A reader over the next length-delimited field. */
  message(): WireReader {
    const length = this.uint();
    const start = this.at;
    if (start + length > this.end) throw new WireError('unexpected EOF');
    this.at += length;
    return new WireReader(this.bytes, start, this.at);
  }

  skip(wireType: number): void {
    if (wireType === VARINT) {
      while (this.byte() >= 0x80);
    } else if (wireType === FIXED64) this.at += 8;
    else if (wireType === BYTES) this.slice();
    else if (wireType === FIXED32) this.at += 4;
    else throw new WireError(`proto: illegal wireType ${wireType}`);
    if (this.at > this.end) throw new WireError('unexpected EOF');
  }
}
