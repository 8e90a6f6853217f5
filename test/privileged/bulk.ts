// A traffic generator for tests. 'serve PORT' answers a TCP stream with its SHA-256 and echoes UDP;
// 'send IP PORT BYTES' sends a stream and prints whether the hash matches; 'udp IP PORT SIZES'
// sends a datagram of each size (comma-separated, up to three attempts each) and prints the sizes
// that returned intact; 'raw IP PORT HEX' sends a datagram; 'talk IP PORT' keeps a connection to an
// 'echo PORT' busy until standard input ends, then prints the numbers of lines returned and sent;
// 'flood IP PORT COUNT' sends COUNT datagrams within a bounded window and prints how many returned.
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [verb, ...args] = process.argv.slice(2);

function pattern(size: number, seed: number): Buffer {
  const out = Buffer.allocUnsafe(size);
  for (let at = 0, state = seed | 1; at < size; at++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    out[at] = state >>> 16;
  }
  return out;
}

function serve(port: number): void {
  const tcp = createServer({ allowHalfOpen: true }, (socket) => {
    const hash = createHash('sha256');
    socket
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => socket.end(hash.digest('hex')))
      .on('error', () => {});
  });
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => udp.send(message, from.port, from.address));
  tcp.listen(port, '0.0.0.0', () =>
    udp.bind(port, '0.0.0.0', () => process.stdout.write('ready\n')),
  );
}

function send(ip: string, port: number, bytes: number): void {
  const data = pattern(bytes, bytes);
  const socket = connect({ host: ip, port, allowHalfOpen: true }, () => socket.end(data));
  let answer = '';
  socket
    .on('data', (chunk) => (answer += chunk.toString()))
    .on('end', () => {
      process.stdout.write(
        answer === createHash('sha256').update(data).digest('hex') ? 'same\n' : 'different\n',
      );
    });
}

async function udp(ip: string, port: number, sizes: readonly number[]): Promise<void> {
  const socket = createSocket('udp4');
  const back: number[] = [];
  for (const size of sizes) {
    const data = pattern(size, size + 7);
    for (let tries = 0; tries < 3; tries++) {
      const answer = await new Promise<Buffer | undefined>((done) => {
        const timer = setTimeout(() => done(undefined), 300);
        socket.once('message', (message) => {
          clearTimeout(timer);
          done(message);
        });
        socket.send(data, port, ip);
      });
      socket.removeAllListeners('message');
      if (!answer?.equals(data)) continue;
      back.push(size);
      break;
    }
  }
  socket.close();
  process.stdout.write(`${back.join()}\n`);
}

/**
 * At most WINDOW datagrams are in flight, so that no queue overflows; missing ones are real losses.
 */
function flood(ip: string, port: number, count: number): void {
  const WINDOW = 16;
  const QUIET_MS = 10_000;
  const socket = createSocket('udp4');
  const seen = new Set<number>();
  let sent = 0;
  const finish = () => {
    process.stdout.write(`${seen.size} of ${count}\n`);
    socket.close();
  };
  let timer = setTimeout(finish, QUIET_MS);
  const fill = () => {
    for (; sent < count && sent - seen.size < WINDOW; sent++) {
      const data = Buffer.alloc(200);
      data.writeUInt32BE(sent);
      socket.send(data, port, ip);
    }
  };
  socket.on('message', (message) => {
    seen.add(message.readUInt32BE());
    clearTimeout(timer);
    if (seen.size === count) return finish();
    timer = setTimeout(finish, QUIET_MS);
    fill();
  });
  fill();
}

/** Sends a line every 10 ms on one connection and counts the lines that return. */
function talk(ip: string, port: number): void {
  let sent = 0;
  let back = 0;
  const socket = connect(port, ip, () => process.stdout.write('connected\n'));
  socket.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 10) back++;
    if (over && back === sent) finish();
  });
  let over = false;
  const finish = () => {
    process.stdout.write(`${back} of ${sent}\n`);
    process.exit();
  };
  socket.on('error', finish).on('close', finish);
  const timer = setInterval(() => socket.write(`${sent++}\n`), 10);
  process.stdin.resume().on('end', () => {
    clearInterval(timer);
    over = true;
    setTimeout(finish, 15_000);
    if (back === sent) finish();
  });
}

if (verb === 'serve') serve(Number(args[0]));
else if (verb === 'send') send(args[0]!, Number(args[1]), Number(args[2]));
else if (verb === 'flood') flood(args[0]!, Number(args[1]), Number(args[2]));
else if (verb === 'talk') talk(args[0]!, Number(args[1]));
else if (verb === 'echo')
  createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(Number(args[0]), () =>
    process.stdout.write('ready\n'),
  );
else if (verb === 'raw') {
  const socket = createSocket('udp4');
  socket.send(Buffer.from(args[2]!, 'hex'), Number(args[1]), args[0]!, () => socket.close());
} else await udp(args[0]!, Number(args[1]), args[2]!.split(',').map(Number));
