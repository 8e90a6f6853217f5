// Splits a byte stream into lines of JSON. Chunk boundaries may split lines and UTF-8 characters,
// so only complete lines are decoded.

import { parseTrustedJson } from '../apimachinery/codec/json.js';

/** `push` takes the chunks in order and returns the values of the lines that they complete. */
export class JsonLines {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(private readonly maxLineBytes: number) {}

  /** Throws for a line that is too long or not JSON. */
  push(chunk: Uint8Array): unknown[] {
    const values: unknown[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10, start); end >= 0; end = chunk.indexOf(10, start)) {
      const line = this.take(chunk.subarray(start, end));
      start = end + 1;
      if (line.length) values.push(parseTrustedJson(this.decoder.decode(line)));
    }
    if (start < chunk.length) {
      this.pending.push(chunk.subarray(start));
      this.pendingBytes += chunk.length - start;
      if (this.pendingBytes > this.maxLineBytes)
        throw new Error(`a line of JSON is longer than ${this.maxLineBytes} bytes`);
    }
    return values;
  }

  /** True when the stream ended inside a line. */
  get partial(): boolean {
    return this.pendingBytes > 0;
  }

  private take(last: Uint8Array): Uint8Array {
    if (!this.pendingBytes) return last;
    const line = new Uint8Array(this.pendingBytes + last.length);
    let at = 0;
    for (const part of this.pending) {
      line.set(part, at);
      at += part.length;
    }
    line.set(last, at);
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }
}
