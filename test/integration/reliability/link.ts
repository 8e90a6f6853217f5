// A TCP link between a server and etcd that can be delayed or cut.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Link {
  readonly port: number;
  /** Delays all later data from the target by `ms`; the order is kept. */
  delay(ms: number): void;
  /** Closes all connections and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Listens on loopback and connects each connection to `targetPort`. */
export async function openLink(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (isCut) return void near.destroy();
    const far = connect({ port: targetPort, host: '127.0.0.1' });
    keep(far);
    near.pipe(far);
    far.on(
      'data',
      later(near, () => delayMs),
    );
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    delay: (ms) => (delayMs = ms),
    cut,
    mend: () => (isCut = false),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes each chunk to `socket` after its delay, in order. */
function later(socket: Socket, delayMs: () => number): (chunk: Buffer) => void {
  const waiting: { chunk: Buffer; due: number }[] = [];
  const pump = () => {
    while (waiting[0] && waiting[0].due <= performance.now()) {
      const { chunk } = waiting.shift()!;
      if (!socket.destroyed) socket.write(chunk);
    }
    if (waiting[0]) setTimeout(pump, waiting[0].due - performance.now());
  };
  return (chunk) => {
    waiting.push({ chunk, due: performance.now() + delayMs() });
    if (waiting.length === 1) pump();
  };
}
