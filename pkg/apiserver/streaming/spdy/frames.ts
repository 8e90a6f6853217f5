// SPDY/3.1 frames: a writer for a client that opens streams, and a parser for the frames that it
// reads (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1). Header blocks are
// stored blocks of one zlib stream, which every inflater accepts without a dictionary.

export const FRAME = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const FLAG_FIN = 1;

const CONTROL = 0x8003_0000;
/** CMF and FLG of a zlib stream without dictionary, 32 KiB window. */
const ZLIB_HEADER = Buffer.from([0x78, 0x01]);
const MAX_STORED = 0xffff;
/**
 * An empty stored block. Without it, Go's inflater in the runtimes waits for more and never reads
 * the next header.
 */
const SYNC_FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** Writes the header blocks of one connection in order. */
export class HeaderBlockWriter {
  private started = false;

  encode(headers: Readonly<Record<string, string>>): Buffer {
    const entries = Object.entries(headers);
    const parts: Buffer[] = [uint32(entries.length)];
    for (const [name, value] of entries) {
      for (const text of [name.toLowerCase(), value]) {
        const bytes = Buffer.from(text, 'utf8');
        parts.push(uint32(bytes.length), bytes);
      }
    }
    const block = Buffer.concat(parts);
    const stored: Buffer[] = this.started ? [] : [ZLIB_HEADER];
    this.started = true;
    for (let at = 0; at < block.length; at += MAX_STORED) {
      const piece = block.subarray(at, at + MAX_STORED);
      const head = Buffer.alloc(5); // BFINAL=0, BTYPE=00, LEN, NLEN
      head.writeUInt16LE(piece.length, 1);
      head.writeUInt16LE(piece.length ^ 0xffff, 3);
      stored.push(head, piece);
    }
    return Buffer.concat([...stored, SYNC_FLUSH]);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function control(type: number, flags: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(CONTROL | type), uint32((flags << 24) | body.length), body]);
}

export const synStream = (id: number, headerBlock: Buffer): Buffer =>
  control(FRAME.synStream, 0, uint32(id), uint32(0), Buffer.alloc(2), headerBlock);
export const rstStream = (id: number, status: number): Buffer =>
  control(FRAME.rstStream, 0, uint32(id), uint32(status));
export const ping = (id: number): Buffer => control(FRAME.ping, 0, uint32(id));
export const goAway = (lastId: number): Buffer =>
  control(FRAME.goAway, 0, uint32(lastId), uint32(0));

/** Head of a data frame; the payload follows. */
export const dataHead = (id: number, length: number, fin: boolean): Buffer =>
  Buffer.concat([uint32(id), uint32(((fin ? FLAG_FIN : 0) << 24) | length)]);

export type Frame =
  | { type: 'data'; id: number; fin: boolean; payload: Buffer }
  | { type: 'control'; control: number; flags: number; body: Buffer };

/** A longer control frame ends the connection. */
export const MAX_CONTROL_BYTES = 64 * 1024;

/**
 * Parses a byte stream into frames. A data frame is given in the pieces that arrive, `fin` with the
 * last.
 */
export class FrameParser {
  private buffered: Buffer = Buffer.alloc(0);
  private data: { id: number; left: number; fin: boolean } | undefined;

  /** Throws RangeError for bytes that are not SPDY/3. */
  *push(chunk: Buffer): Generator<Frame> {
    let rest = this.buffered.length ? Buffer.concat([this.buffered, chunk]) : chunk;
    this.buffered = Buffer.alloc(0);
    for (;;) {
      if (this.data) {
        const piece = rest.subarray(0, this.data.left);
        rest = rest.subarray(piece.length);
        this.data.left -= piece.length;
        const { id, left, fin } = this.data;
        if (left === 0) this.data = undefined;
        if (piece.length || left === 0)
          yield { type: 'data', id, fin: fin && left === 0, payload: piece };
        if (left > 0) return;
        continue;
      }
      if (rest.length < 8) break;
      const first = rest.readUInt32BE(0);
      const flags = rest[4]!;
      const length = rest.readUIntBE(5, 3);
      if (first < 0x8000_0000) {
        this.data = { id: first, left: length, fin: (flags & FLAG_FIN) !== 0 };
        rest = rest.subarray(8);
        continue;
      }
      if ((first & 0x7fff_0000) >>> 16 !== 3) throw new RangeError('not SPDY version 3');
      if (length > MAX_CONTROL_BYTES) throw new RangeError('SPDY control frame is too long');
      if (rest.length < 8 + length) break;
      yield { type: 'control', control: first & 0xffff, flags, body: rest.subarray(8, 8 + length) };
      rest = rest.subarray(8 + length);
    }
    this.buffered = Buffer.from(rest); // a copy, because the socket owns the chunk's memory
  }
}
