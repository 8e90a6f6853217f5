// Large answers are written in pieces; each piece waits until the connection has accepted the last.
// A write is copied twice, for TLS and for its ciphertext: a piece stays in the CPU cache
// meanwhile, and a slow client holds one piece of the server's memory instead of twice its answer.
import type { Writable } from 'node:stream';
import { ANSWER_PIECE_BYTES } from '../limits.js';

/** The next parts of at most ANSWER_PIECE_BYTES together. */
function* piecesOf(parts: Iterable<Uint8Array>): Generator<Uint8Array[], void> {
  let piece: Uint8Array[] = [];
  let room = ANSWER_PIECE_BYTES;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + room);
      piece.push(taken);
      at += taken.length;
      room -= taken.length;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = ANSWER_PIECE_BYTES;
    }
  }
  if (piece.length) yield piece;
}

/**
 * Writes `parts` and ends `out`. `onTaken` gets the bytes of each piece that the connection has
 * accepted. Writing stops when `out` fails.
 */
export function writePaced(
  out: Writable,
  parts: Iterable<Uint8Array>,
  onTaken: (bytes: number) => void,
): void {
  const pieces = piecesOf(parts);
  let next = pieces.next();
  const go = (): void => {
    const piece = next.value;
    if (!piece) return void out.end();
    next = pieces.next();
    let length = 0;
    for (const part of piece) length += part.length;
    out.cork();
    for (let i = 0; i < piece.length - 1; i++) out.write(piece[i]!);
    const last = piece[piece.length - 1]!;
    const onWritten = (error?: Error | null): void => {
      if (error) return;
      onTaken(length);
      go();
    };
    // The last piece also ends the stream, which saves an empty frame.
    if (next.done) out.end(last, () => onTaken(length));
    else out.write(last, onWritten);
    out.uncork();
  };
  go();
}
