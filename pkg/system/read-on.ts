// Reading what a peer said before it went.
import type { Duplex } from 'node:stream';

type Callback = (error?: Error | null) => void;

/**
 * Lets a socket be read to its end although writing to it fails. A peer that has answered and closed
 * without reading all of our input resets the connection; Node gives a socket up at the first write
 * that fails then, with the answer unread. Failed writes count as done here: the end of reading
 * (or its error) is what ends the socket.
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
