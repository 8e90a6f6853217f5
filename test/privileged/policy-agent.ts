// The program of a pod in the network policy test. It serves ports and sends requests as told on
// stdin, with a JSON object per line. Arguments: NAME and comma-separated PORTS, each served over
// TCP, UDP and raw SCTP. TCP and UDP servers first send their name and the client's address ('NAME
// ADDRESS'), then echo; the datagram 'stream' starts a stream of datagrams.
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createRequire } from 'node:module';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Request {
  id: number;
  op: 'probe' | 'open' | 'talk' | 'who' | 'count';
  protocol: 'tcp' | 'udp' | 'sctp';
  ip: string;
  port: number;
  /** Time limit in milliseconds. */
  ms: number;
  /** For 'talk', 'who' and 'count': the id of the 'open' request. */
  connection?: number;
  /** For 'open' over UDP: request a stream. */
  stream?: boolean;
}

/** The part of the raw-socket package that is used here; the package has no types. */
interface RawSocket {
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'message', listener: (data: Buffer, source: string) => void): void;
  send(data: Buffer, offset: number, length: number, address: string, done: () => void): void;
  close(): void;
}
const rawSocket = createRequire(import.meta.url)('raw-socket') as {
  createSocket(options: { protocol: number }): RawSocket;
};

const UDP_RETRY_MS = 100;
const STREAM_MS = 20;
const STREAM_DATAGRAMS = 1500;
const SCTP = 132;

interface Connection {
  send(text: string): void;
  /** Bytes received since the last read. */
  taken: string;
  received: number;
}

const [name, ports] = [process.argv[2]!, process.argv[3]!.split(',').map(Number)];
const connections = new Map<number, Connection>();

/** Removes the prefix of IPv4 addresses on dual-stack sockets. */
const plain = (address: string): string => address.replace(/^::ffff:/, '');
const datagrams = (ip: string) => (ip.includes(':') ? 'udp6' : 'udp4');

function serve(port: number): Promise<unknown> {
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(`${name} ${plain(socket.remoteAddress ?? '')}\n`);
    socket.on('data', (data) => socket.write(data));
  });
  const udp = createSocket('udp6');
  udp.on('message', (message, from) => {
    const say = (text: string) => udp.send(text, from.port, from.address);
    if (message.toString() !== 'stream')
      return say(
        message.toString() === 'hi' ? `${name} ${plain(from.address)}` : message.toString(),
      );
    let left = STREAM_DATAGRAMS;
    const timer = setInterval(() => (left-- ? say('more') : clearInterval(timer)), STREAM_MS);
    timer.unref();
  });
  return Promise.all([
    new Promise<void>((done) => tcp.listen(port, '::', done)),
    new Promise<void>((done) => udp.bind(port, '::', done)),
  ]);
}

/** Source port, destination port and a word after a header of 12 bytes, without an association. */
function sctpPacket(from: number, to: number, word: string): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  return Buffer.concat([header, Buffer.from(word)]);
}

function sctpSocket(
  onPacket: (packet: { from: number; to: number; word: string }, source: string) => void,
) {
  const socket = rawSocket.createSocket({ protocol: SCTP });
  socket.on('error', () => {});
  socket.on('message', (data: Buffer, source: string) => {
    const packet = data.subarray((data[0]! & 15) * 4);
    onPacket(
      {
        from: packet.readUInt16BE(0),
        to: packet.readUInt16BE(2),
        word: packet.subarray(12).toString(),
      },
      source,
    );
  });
  return {
    send: (data: Buffer, to: string) => socket.send(data, 0, data.length, to, () => {}),
    close: () => socket.close(),
  };
}

const sctpServer = sctpSocket(({ from, to, word }, source) => {
  if (word === 'hi' && ports.includes(to)) sctpServer.send(sctpPacket(to, from, name), source);
});

/** The name of the server that answers; null: no answer in time. */
function probe({ protocol, ip, port, ms }: Request): Promise<string | null> {
  return new Promise((resolve) => {
    let close = () => {};
    let again: NodeJS.Timeout | undefined;
    const finish = (answer: string | null) => {
      clearTimeout(timer);
      clearInterval(again);
      close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), ms);
    const repeat = (send: () => void) => {
      send();
      again = setInterval(send, UDP_RETRY_MS);
    };
    if (protocol === 'tcp') {
      const socket = connect({ host: ip, port });
      close = () => void socket.destroy();
      socket.on('error', () => finish(null));
      socket.once('data', (data) => finish(data.toString().trim()));
    } else if (protocol === 'udp') {
      const socket = createSocket(datagrams(ip));
      close = () => socket.close();
      socket.on('error', () => finish(null));
      socket.once('message', (message) => finish(message.toString()));
      repeat(() => socket.send('hi', port, ip, () => {}));
    } else {
      const own = 40_000 + Math.floor(Math.random() * 20_000);
      const socket = sctpSocket(({ to, word }) => to === own && word !== 'hi' && finish(word));
      close = socket.close;
      repeat(() => socket.send(sctpPacket(own, port, 'hi'), ip));
    }
  });
}

function open({ id, protocol, ip, port, stream }: Request): void {
  const connection: Connection = { send: () => {}, taken: '', received: 0 };
  const take = (data: Buffer) => {
    connection.taken = (connection.taken + data.toString()).slice(-10_000);
    connection.received++;
  };
  if (protocol === 'tcp') {
    const socket: Socket = connect({ host: ip, port, noDelay: true });
    socket.on('error', () => {});
    socket.on('data', take);
    connection.send = (text) => void socket.write(text);
  } else {
    const socket: Datagrams = createSocket(datagrams(ip));
    socket.on('error', () => {});
    socket.on('message', take);
    connection.send = (text) => socket.send(text, port, ip, () => {});
    if (stream) connection.send('stream');
  }
  connections.set(id, connection);
}

/** The server that a UDP flow reaches now, and the client address that the server sees. */
function who({ connection: of, ms }: Request): Promise<string | null> {
  const connection = connections.get(of!)!;
  connection.taken = '';
  connection.send('hi');
  const end = Date.now() + ms;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!connection.taken && Date.now() < end) return;
      clearInterval(timer);
      resolve(connection.taken || null);
    }, 10);
  });
}

/** Whether the server echoes a word in time. */
function talk({ id, connection: of, ms }: Request): Promise<string | null> {
  const connection = connections.get(of!)!;
  const word = `word-${id}.`;
  connection.send(word);
  const end = Date.now() + ms;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const heard = connection.taken.includes(word);
      if (!heard && Date.now() < end) return;
      clearInterval(timer);
      resolve(heard ? word : null);
    }, 10);
  });
}

async function handle(request: Request): Promise<void> {
  let answer: string | null = null;
  if (request.op === 'probe') answer = await probe(request);
  else if (request.op === 'open') open(request);
  else if (request.op === 'talk') answer = await talk(request);
  else if (request.op === 'who') answer = await who(request);
  else answer = String(connections.get(request.connection!)!.received);
  process.stdout.write(`${JSON.stringify({ id: request.id, answer })}\n`);
}

await Promise.all(ports.map(serve));
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).on(
  'line',
  (line) => void handle(JSON.parse(line) as Request),
);
process.stdin.on('end', () => process.exit(0));
