// The part of redis' protocol (RESP2) that the guestbook needs: one command and one reply per
// connection.
import { connect } from 'node:net';

const TIMEOUT_MS = 3000;
const MAX_REPLY_BYTES = 16_000_000;

export function encodeCommand(words: readonly string[]): Buffer {
  return Buffer.from(
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
  );
}

/**
 * The reply at the start of `data`, or undefined while it is incomplete. Throws the text of an
 * `-ERR` reply.
 */
export function decodeReply(data: Buffer): { value: string | null } | undefined {
  const end = data.indexOf('\r\n');
  if (end < 0) return undefined;
  const head = data.toString('utf8', 1, end);
  switch (String.fromCharCode(data[0]!)) {
    case '+':
    case ':':
      return { value: head };
    case '-':
      throw new Error(head);
    case '$': {
      const length = Number(head);
      if (length < 0) return { value: null };
      const body = end + 2;
      return data.length < body + length + 2
        ? undefined
        : { value: data.toString('utf8', body, body + length) };
    }
    default:
      throw new Error(`unexpected reply from redis: ${data.toString('latin1', 0, 40)}`);
  }
}

/** Sends one command to a redis server. Rejects after three seconds without a reply. */
export function ask(host: string, port: number, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(TIMEOUT_MS, () =>
      fail(new Error(`redis at ${host}:${port} does not answer`)),
    );
    socket.on('error', fail);
    socket.on('close', () => reject(new Error(`redis at ${host}:${port} closed the connection`)));
    socket.on('connect', () => socket.write(encodeCommand(words)));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > MAX_REPLY_BYTES) return fail(new Error('the reply is too long'));
      try {
        const reply = decodeReply(received);
        if (!reply) return;
        socket.end();
        resolve(reply.value);
      } catch (error) {
        fail(error as Error);
      }
    });
  });
}
