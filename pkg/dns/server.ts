// The DNS server: UDP and TCP sockets around an ordered chain of plugins (cmd/skydns passes them).
// Queries that no plugin answers are refused.
//
// Invariants: one answer per query. A malformed packet never ends the server. A UDP answer never
// exceeds the size that the client accepts (RFC 6891); a longer answer is truncated and marked TC.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Env } from '../util/env/env.js';
import { familyOf } from '../util/netaddr/ip.js';
import { onAbort } from '../util/wait/abortable.js';
import { refusal, type Plugin, type Question } from './answer.js';
import type { Record, Reply } from './wire/record.js';
import { MAX_CNAME_CHAIN, MAX_TCP_CONNECTIONS, MAX_UDP_ANSWER, TCP_IDLE_MS } from './limits.js';
import { CLASS_CHAOS, CLASS_IN, FLAGS, HEADER_BYTES, isNamedType, typeName } from './wire/codes.js';
import { labelsOf } from './wire/names.js';
import { registered } from '../util/metrics/registered.js';
import { DNS_METRICS } from './metrics.generated.js';
import { parseQuery, questionOf, type Query } from './wire/query.js';
import { bareReply, encodeReply, MAX_MESSAGE_BYTES } from './wire/reply.js';

/** Smallest message that every client accepts by UDP (RFC 1035 4.2.1). */
const MIN_UDP_ANSWER = 512;
const PORT_TRIES = 10;

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
  const handler = new Handler(env, options, signal);
  const tcp = createServer((socket) => serveTcp(handler, socket, signal));
  tcp.maxConnections = MAX_TCP_CONNECTIONS;
  const udp = await bindBoth(tcp, options);
  const { port } = udp.address();
  udp.on('error', (error) => env.log.warn('UDP socket failed', { error }));
  udp.on('message', (message, from) => {
    handler.answer(message, 'udp', (bytes) => udp.send(bytes, from.port, from.address));
  });
  onAbort(signal, () => {
    udp.close();
    tcp.close();
  });
  return port;
}

/** Listens on one port with both. A port that the system chose for UDP may be taken for TCP. */
async function bindBoth(
  tcp: Server,
  { address, port }: Pick<ServerOptions, 'address' | 'port'>,
  triesLeft = PORT_TRIES,
): Promise<UdpSocket> {
  const udp = createSocket(familyOf(address) === 6 ? 'udp6' : 'udp4');
  try {
    udp.bind(port, address);
    await once(udp, 'listening');
    tcp.listen(udp.address().port, address);
    await once(tcp, 'listening');
    return udp;
  } catch (error) {
    udp.close();
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (port !== 0 || !isTaken || triesLeft === 0) throw error;
    return bindBoth(tcp, { address, port }, triesLeft - 1);
  }
}

function serveTcp(handler: Handler, socket: Socket, signal: AbortSignal): void {
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
      handler.answer(query, 'tcp', (bytes) => {
        if (!socket.writable) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(bytes.length);
        socket.write(Buffer.concat([length, bytes]));
      });
    }
  });
}

type Transport = 'udp' | 'tcp';

/** A reply, and the name of the plugin that gave it. */
interface Answered {
  reply: Reply;
  by: string;
}

class Handler {
  private readonly metrics;

  constructor(
    private readonly env: Env,
    private readonly options: ServerOptions,
    private readonly signal: AbortSignal,
  ) {
    this.metrics = registered(env.metrics, DNS_METRICS);
  }

  /** Calls `send` once, or never for packets that must not be answered. */
  answer(bytes: Buffer, transport: Transport, send: (bytes: Buffer) => void): void {
    // An answer to a response could loop.
    if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(2) & FLAGS.response) return;
    const started = this.env.clock.monotonic();
    let query: Query;
    try {
      query = parseQuery(bytes);
    } catch {
      return send(bareReply(bytes.readUInt16BE(0), bytes.readUInt16BE(2), malformed(bytes)));
    }
    const type = typeName(query.type);
    this.metrics.requests.inc({ proto: transport, type: isNamedType(type) ? type : 'other' });
    const finish = ({ reply, by }: Answered): void => {
      this.metrics.responses.inc({ rcode: reply.rcode, plugin: by });
      this.metrics.duration.observe((this.env.clock.monotonic() - started) / 1000);
      send(this.encode(query, reply, transport));
    };
    const answered = this.resolve({ name: query.name, type, query });
    if (!(answered instanceof Promise)) return finish(answered);
    answered.then(finish).catch((error: unknown) => this.env.log.error('query failed', { error }));
  }

  private resolve(question: Question): Answered | Promise<Answered> {
    const { query } = question;
    if ((query.flags & FLAGS.opcode) !== 0) return { reply: refusal('NOTIMP'), by: '' };
    if (query.edns && query.edns.version !== 0) return { reply: refusal('BADVERS'), by: '' };
    if (query.class !== CLASS_IN && query.class !== CLASS_CHAOS)
      return { reply: refusal('REFUSED'), by: '' };
    const first = this.ask(question);
    if (first instanceof Promise) return first.then((answered) => this.follow(question, answered));
    return first.reply.answers.at(-1)?.type === 'CNAME' ? this.follow(question, first) : first;
  }

  /** Follows an alias that the plugin did not resolve (for example, an ExternalName). */
  private async follow(question: Question, first: Answered): Promise<Answered> {
    if (question.type !== 'A' && question.type !== 'AAAA') return first;
    const answers = [...first.reply.answers];
    for (let links = 0; links < MAX_CNAME_CHAIN; links++) {
      const last = answers.at(-1);
      if (last?.type !== 'CNAME') break;
      const name = last.data.toLowerCase().replace(/\.$/, '');
      if (answers.some((a) => a.name.toLowerCase() === name)) break;
      const { query } = question;
      const next = { ...query, name, question: questionOf(labelsOf(name), query.type) };
      const { reply } = await this.ask({ ...question, name, query: next });
      if (!reply.answers.length) break;
      answers.push(...reply.answers);
    }
    if (answers.length === first.reply.answers.length) return first;
    const { wire: _, ...reply } = first.reply;
    return { ...first, reply: { ...reply, answers } };
  }

  /** Asks the plugins from number `from` on. */
  private ask(question: Question, from = 0): Answered | Promise<Answered> {
    for (let at = from; at < this.options.plugins.length; at++) {
      const plugin = this.options.plugins[at]!;
      if ((plugin.class ?? CLASS_IN) !== question.query.class) continue;
      const failed = (error: unknown): Answered => {
        this.env.log.warn('plugin failed', { plugin: plugin.name, name: question.name, error });
        return { reply: refusal('SERVFAIL'), by: plugin.name };
      };
      try {
        const reply = plugin.answer(question, this.signal);
        if (reply instanceof Promise)
          return reply.then(
            (late) => (late ? { reply: late, by: plugin.name } : this.ask(question, at + 1)),
            failed,
          );
        if (reply) return { reply, by: plugin.name };
      } catch (error) {
        return failed(error);
      }
    }
    return { reply: refusal('REFUSED'), by: '' };
  }

  private encode(query: Query, reply: Reply, transport: Transport): Buffer {
    const limit =
      transport === 'tcp'
        ? MAX_MESSAGE_BYTES
        : Math.min(MAX_UDP_ANSWER, Math.max(MIN_UDP_ANSWER, query.edns?.size ?? 0));
    const options = { limit, recursionAvailable: this.options.recursive, udpSize: MAX_UDP_ANSWER };
    const answers = shuffled(reply.answers, this.env.random);
    try {
      return encodeReply(query, { ...reply, answers }, options);
    } catch (error) {
      this.env.log.warn('cannot write a record', { name: query.name, error });
      return encodeReply(query, refusal('SERVFAIL'), options);
    }
  }
}

/** Messages with another opcode need not have a question (RFC 1035 4.1.1). */
const malformed = (bytes: Buffer): 'FORMERR' | 'NOTIMP' =>
  bytes.readUInt16BE(2) & FLAGS.opcode ? 'NOTIMP' : 'FORMERR';

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
