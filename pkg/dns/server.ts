// The DNS server: UDP and TCP sockets around an ordered chain of plugins (cmd/skydns passes them in
// the order chaos, kubernetes, skydns, forward). Queries that no plugin answers are refused.
//
// Invariants: one answer per query. A malformed packet never ends the server. A UDP answer never
// exceeds the size that the client accepts (RFC 6891); a longer answer is truncated and marked TC.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import packet, { type Packet } from 'dns-packet';
import type { Env } from '../util/env/env.js';
import type { Plugin, Question, Record, Reply } from './answer.js';
import { MAX_CNAME_CHAIN, MAX_TCP_CONNECTIONS, MAX_UDP_ANSWER, TCP_IDLE_MS } from './limits.js';
import { familyOf } from '../util/netaddr/ip.js';

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const BUCKETS = [
  0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024,
  2.048, 4.096, 8.192,
];

export interface ServerOptions {
  address: string;
  /** 0 lets the system choose the port. */
  port: number;
  plugins: readonly Plugin[];
  /** Whether answers set the flag "recursion available". */
  recursive: boolean;
}

/** Listens until abort; resolves with the port once both sockets listen. */
export async function serveDns(
  env: Env,
  options: ServerOptions,
  signal: AbortSignal,
): Promise<number> {
  const handler = new Handler(env, options);
  const udp = createSocket(familyOf(options.address) === 6 ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject);
    udp.bind(options.port, options.address, resolve);
  });
  const { port } = udp.address();
  udp.on('error', (error) => env.log.warn('UDP socket failed', { error }));
  udp.on('message', (message, from) => {
    handler
      .answer(message, { client: from.address, transport: 'udp', signal })
      .then((bytes) => bytes && send(udp, bytes, from))
      .catch((error: unknown) => env.log.error('query failed', { error }));
  });
  const tcp = createServer((socket) => serveTcp(handler, socket, env, signal));
  tcp.maxConnections = MAX_TCP_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, options.address, resolve);
  });
  const stop = () => {
    udp.close();
    tcp.close();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return port;
}

function send(udp: UdpSocket, bytes: Buffer, to: { address: string; port: number }): void {
  udp.send(bytes, to.port, to.address);
}

function serveTcp(handler: Handler, socket: Socket, env: Env, signal: AbortSignal): void {
  let received = Buffer.alloc(0);
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  socket.setTimeout(TCP_IDLE_MS, stop);
  socket.on('error', stop);
  socket.on('close', () => signal.removeEventListener('abort', stop));
  socket.on('data', (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk;
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const query = received.subarray(2, end);
      received = received.subarray(end);
      handler
        .answer(query, { client: socket.remoteAddress ?? '', transport: 'tcp', signal })
        .then((bytes) => {
          if (!bytes || !socket.writable) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(bytes.length);
          socket.write(Buffer.concat([length, bytes]));
        })
        .catch((error: unknown) => env.log.error('query failed', { error }));
    }
  });
}

interface Context {
  client: string;
  transport: 'udp' | 'tcp';
  signal: AbortSignal;
}

class Handler {
  private readonly requests;
  private readonly responses;
  private readonly duration;

  constructor(
    private readonly env: Env,
    private readonly options: ServerOptions,
  ) {
    const { metrics } = env;
    this.requests = metrics.counter(
      'coredns_dns_requests_total',
      'Counter of DNS requests made per zone, protocol and family.',
      ['proto', 'type'],
    );
    this.responses = metrics.counter(
      'coredns_dns_responses_total',
      'Counter of response status codes.',
      ['rcode', 'plugin'],
    );
    this.duration = metrics.histogram(
      'coredns_dns_request_duration_seconds',
      'Histogram of the time (in seconds) each request took per zone.',
      BUCKETS,
    );
  }

  /** The bytes of the answer; undefined for packets that must not be answered. */
  async answer(bytes: Buffer, context: Context): Promise<Buffer | undefined> {
    const started = this.env.clock.monotonic();
    let query: Packet;
    try {
      query = packet.decode(bytes);
    } catch {
      return malformed(bytes);
    }
    if (query.type !== 'query') return undefined;
    const [asked] = query.questions ?? [];
    if (!asked || query.questions!.length !== 1)
      return this.encode(query, { rcode: 'FORMERR', authoritative: false, answers: [] }, context);
    const question: Question = {
      name: asked.name.toLowerCase().replace(/\.$/, ''),
      originalName: asked.name,
      type: asked.type,
      packet: bytes,
      client: context.client,
    };
    this.requests.inc({ proto: context.transport, type: question.type });
    const { reply, by } = await this.resolve(question, context.signal);
    this.responses.inc({ rcode: reply.rcode, plugin: by });
    this.duration.observe((this.env.clock.monotonic() - started) / 1000);
    return this.encode(query, reply, context, question);
  }

  /**
   * Asks the chain, and follows an alias that the plugin did not resolve (for example, an
   * ExternalName).
   */
  private async resolve(
    question: Question,
    signal: AbortSignal,
  ): Promise<{ reply: Reply; by: string }> {
    const first = await this.ask(question, signal);
    if (question.type !== 'A' && question.type !== 'AAAA') return first;
    const answers = [...first.reply.answers];
    for (let links = 0; links < MAX_CNAME_CHAIN; links++) {
      const last = answers.at(-1);
      if (last?.type !== 'CNAME') break;
      const name = last.data.toLowerCase().replace(/\.$/, '');
      if (answers.some((a) => a.name.toLowerCase() === name)) break;
      const originalPacket = packet.encode({
        type: 'query',
        flags: packet.RECURSION_DESIRED,
        questions: [{ name, type: question.type }],
      });
      const { reply } = await this.ask(
        { ...question, name, originalName: name, packet: originalPacket },
        signal,
      );
      if (!reply.answers.length) break;
      answers.push(...reply.answers);
    }
    return { ...first, reply: { ...first.reply, answers } };
  }

  private async ask(
    question: Question,
    signal: AbortSignal,
  ): Promise<{ reply: Reply; by: string }> {
    for (const plugin of this.options.plugins) {
      try {
        const answer = plugin.answer(question, signal);
        const reply = answer instanceof Promise ? await answer : answer;
        if (reply) return { reply, by: plugin.name };
      } catch (error) {
        this.env.log.warn('plugin failed', { plugin: plugin.name, name: question.name, error });
        return { reply: { rcode: 'SERVFAIL', authoritative: false, answers: [] }, by: plugin.name };
      }
    }
    return { reply: { rcode: 'REFUSED', authoritative: false, answers: [] }, by: '' };
  }

  private encode(query: Packet, reply: Reply, { transport }: Context, question?: Question): Buffer {
    const edns = query.additionals?.find((r) => r.type === 'OPT') as
      | { udpPayloadSize?: number }
      | undefined;
    const limit =
      transport === 'tcp'
        ? 65_535
        : Math.min(MAX_UDP_ANSWER, Math.max(512, edns?.udpPayloadSize ?? 512));
    const echo = (records: Record[] = []): Record[] =>
      question && question.originalName !== question.name
        ? records.map((r) => (r.name === question.name ? { ...r, name: question.originalName } : r))
        : records;
    const flags =
      RCODES[reply.rcode] |
      ((query.flags ?? 0) & packet.RECURSION_DESIRED) |
      (reply.authoritative ? packet.AUTHORITATIVE_ANSWER : 0) |
      (this.options.recursive ? packet.RECURSION_AVAILABLE : 0);
    const opt = edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: MAX_UDP_ANSWER,
            flags: 0,
            options: [],
          } as unknown as Record,
        ]
      : [];
    const message = {
      type: 'response',
      id: query.id ?? 0,
      flags,
      questions: query.questions ?? [],
    } as const;
    const attempts = [
      {
        answers: shuffled(echo(reply.answers), this.env.random),
        authorities: reply.authorities ?? [],
        additionals: [...(reply.additionals ?? []), ...opt],
      },
      { answers: echo(reply.answers), authorities: reply.authorities ?? [], additionals: opt },
    ];
    for (const sections of attempts) {
      const bytes = packet.encode({ ...message, ...sections } as Packet);
      if (bytes.length <= limit) return bytes;
    }
    return packet.encode({
      ...message,
      flags: flags | packet.TRUNCATED_RESPONSE,
      additionals: opt,
    } as Packet);
  }
}

/**
 * Shuffles records, which spreads clients that take the first address. CNAME chains keep their
 * order.
 */
function shuffled(records: Record[], random: { next(): number }): Record[] {
  if (records.length < 2 || records.some((r) => r.type === 'CNAME')) return records;
  const out = [...records];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/**
 * FORMERR with the id of the query. Packets too short for an id, and responses, get no answer;
 * answering responses could loop.
 */
function malformed(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 12 || bytes.readUInt8(2) & 0x80) return undefined;
  return packet.encode({ type: 'response', id: bytes.readUInt16BE(0), flags: RCODES.FORMERR });
}
