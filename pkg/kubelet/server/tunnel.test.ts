import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { tunnel } from './tunnel.js';

const ANSWER =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n';
const INPUT = Buffer.alloc(4096, 'i');
const ROUNDS = 40;

async function listening<S extends Server>(server: S): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A streaming server that reads a little input, sends `words` and closes the connection. */
const runtime = (words: string) =>
  createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(ANSWER);
      socket.once('data', () => {
        socket.pause();
        // Unread input makes the kernel reset the connection, as with containerd.
        socket.write(words, () => socket.resetAndDestroy());
      });
    });
  });

/** The bytes that a client receives while it keeps sending. */
async function receive(port: number): Promise<string> {
  const call = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/exec',
    headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1' },
  });
  call.end();
  const [, socket, head] = (await once(call, 'upgrade')) as [unknown, Socket, Buffer];
  socket.on('error', () => {});
  const talk = () => {
    if (socket.writable) socket.write(INPUT, () => setImmediate(talk));
  };
  talk();
  let text = head.toString();
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'close');
  return text;
}

describe('tunnel to the runtime', () => {
  it('delivers the last bytes of a runtime that closes while the client is sending', async () => {
    const words = `${'x'.repeat(10_000)}exit status 3`;
    const target = runtime(words);
    const targetPort = await listening(target);
    const kubelet = createHttpServer();
    kubelet.on('upgrade', (message, client: Duplex, head: Buffer) => {
      void tunnel(
        message,
        client,
        head,
        `http://127.0.0.1:${targetPort}/stream`,
        new AbortController().signal,
      );
    });
    const port = await listening(kubelet);
    try {
      for (let round = 0; round < ROUNDS; round++)
        assert.equal(await receive(port), words, `round ${round}`);
    } finally {
      kubelet.close();
      kubelet.closeAllConnections();
      target.close();
    }
  });

  it('delivers all bytes to a slow client after both sides have ended', async () => {
    let left!: () => void;
    const gone = new Promise<void>((resolve) => (left = resolve));
    // A command that waits for the end of its input, writes twice and exits.
    const target = createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('end', () =>
        socket.write(`${ANSWER}exit `, () => setImmediate(() => socket.end('status 3'))),
      );
      socket.once('close', left).resume();
    });
    const port = await listening(target);
    const taken: string[] = [];
    const slow = gone.then(async () => {
      for (let i = 0; i < 50; i++) await turn();
    });
    const client = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        taken.push(chunk.toString());
        void slow.then(() => done());
      },
    });
    client.push(null);
    const message = { method: 'POST', rawHeaders: ['Upgrade', 'SPDY/3.1'] } as IncomingMessage;
    try {
      await tunnel(
        message,
        client,
        Buffer.alloc(0),
        `http://127.0.0.1:${port}/stream`,
        new AbortController().signal,
      );
      assert.equal(taken.join(''), `${ANSWER}exit status 3`);
      assert.equal(client.writableFinished, true);
    } finally {
      target.close();
    }
  });
});
