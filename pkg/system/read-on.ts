// Reads the answer of a peer that closed the connection early.
import type { Duplex } from 'node:stream';

type Callback = (error?: Error | null) => void;

/**
 * Lets a socket be read to its end although writes fail. A peer that answers and closes without
 * reading all of our input resets the connection. Node destroys a socket at the first failed write,
 * before the answer is read. Here a failed write counts as done; the socket ends with the end of
 * reading or its error.
 */
export function readOn<S extends Duplex>(socket: S): S {
  const write = socket._write.bind(socket);
  socket._write = (chunk: unknown, encoding: BufferEncoding, done: Callback) =>
    write(chunk, encoding, () => done());
  const writev = socket._writev?.bind(socket);
  if (writev)
    socket._writev = (chunks: { chunk: unknown; encoding: BufferEncoding }[], done: Callback) =>
      writev(chunks, () => done());
  return socket;
}
