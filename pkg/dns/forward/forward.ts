// forward: passes all other queries byte for byte to upstream name servers, with a bounded cache of
// their answers. All servers are tried in turn; a truncated UDP answer is fetched again over TCP.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import packet, { type Packet } from 'dns-packet';
import { LRUCache } from 'lru-cache';
import type { Env } from '../../util/env/env.js';
import type { Plugin, Question, Rcode, Record, Reply } from '../answer.js';
import {
  FORWARD_TIMEOUT_MS,
  MAX_CACHE_TTL,
  MAX_CACHED_ANSWERS,
  MAX_FORWARDS,
  NEGATIVE_TTL,
} from '../limits.js';
import { familyOf } from '../../util/netaddr/ip.js';

export interface Upstream {
  host: string;
  port: number;
}

/** Parses '8.8.8.8', '8.8.8.8:53' or '[::1]:53'. */
export function parseUpstream(text: string): Upstream {
  const bracketed = /^\[([0-9a-fA-F:]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { host: bracketed[1]!, port: Number(bracketed[2] ?? 53) };
  if (familyOf(text) === 6) return { host: text, port: 53 };
  const [host = '', port = '53'] = text.split(':');
  return { host, port: Number(port) };
}

/** The name servers of a resolv.conf text. */
export function upstreamsOf(resolvConf: string): Upstream[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((m) => parseUpstream(m[1]!));
}

export function forward(env: Env, upstreams: readonly Upstream[]): Plugin {
  const cache = new LRUCache<string, { reply: Reply; at: number }>({ max: MAX_CACHED_ANSWERS });
  const hits = env.metrics.counter('coredns_cache_hits_total', 'The count of cache hits.', [
    'type',
  ]);
  const misses = env.metrics.counter(
    'coredns_cache_misses_total',
    'The count of cache misses.',
    [],
  );
  let underWay = 0;
  let next = 0;
  const ask = async (question: Question): Promise<Reply> => {
    for (let i = 0; i < upstreams.length; i++) {
      const upstream = upstreams[(next + i) % upstreams.length]!;
      try {
        return replyOf(await exchange(question.packet, upstream));
      } catch (error) {
        env.log.debug('upstream failed', { upstream: upstream.host, error });
      }
    }
    next++;
    return { rcode: 'SERVFAIL', authoritative: false, answers: [] };
  };
  return {
    name: 'forward',
    async answer(question) {
      if (!upstreams.length) return undefined;
      const key = `${question.name} ${question.type}`;
      const known = cache.get(key);
      const age = known ? (env.clock.now() - known.at) / 1000 : 0;
      if (known && age < lifetime(known.reply)) {
        hits.inc({ type: known.reply.rcode === 'NOERROR' ? 'success' : 'denial' });
        return aged(known.reply, Math.floor(age));
      }
      misses.inc();
      if (underWay >= MAX_FORWARDS) return { rcode: 'SERVFAIL', authoritative: false, answers: [] };
      underWay++;
      try {
        const reply = await ask(question);
        if (lifetime(reply) > 0) cache.set(key, { reply, at: env.clock.now() });
        return reply;
      } finally {
        underWay--;
      }
    },
  };
}

/** Seconds for which an answer may be cached. */
function lifetime(reply: Reply): number {
  if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return 0;
  if (!reply.answers.length) return NEGATIVE_TTL;
  return Math.min(MAX_CACHE_TTL, ...reply.answers.map((a) => ('ttl' in a ? (a.ttl ?? 0) : 0)));
}

function aged(reply: Reply, seconds: number): Reply {
  const older = (records: Record[] = []) =>
    records.map((r) =>
      'ttl' in r ? ({ ...r, ttl: Math.max(0, (r.ttl ?? 0) - seconds) } as Record) : r,
    );
  return {
    ...reply,
    answers: older(reply.answers),
    authorities: older(reply.authorities),
    additionals: older(reply.additionals),
  };
}

function replyOf(message: Packet & { rcode?: string }): Reply {
  const withoutEdns = (records: Record[] = []) => records.filter((r) => r.type !== 'OPT');
  return {
    rcode: (message.rcode ?? 'SERVFAIL') as Rcode,
    authoritative: false,
    answers: message.answers ?? [],
    authorities: message.authorities ?? [],
    additionals: withoutEdns(message.additionals),
  };
}

/** Sends one query to one server. A fresh socket and id for each query keep forged answers out. */
async function exchange(
  query: Uint8Array,
  upstream: Upstream,
): Promise<Packet & { rcode?: string }> {
  const bytes = Buffer.from(query);
  bytes.writeUInt16BE(randomInt(65_536), 0);
  const id = bytes.readUInt16BE(0);
  const answer = packet.decode(await overUdp(bytes, upstream)) as Packet & { rcode?: string };
  if (answer.id !== id) throw new Error('answer to another query');
  const truncated = ((answer.flags ?? 0) & packet.TRUNCATED_RESPONSE) !== 0;
  return truncated ? packet.decode(await overTcp(bytes, upstream)) : answer;
}

function overUdp(query: Buffer, { host, port }: Upstream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(familyOf(host) === 6 ? 'udp6' : 'udp4');
    const timer = setTimeout(() => done(() => reject(new Error('timed out'))), FORWARD_TIMEOUT_MS);
    const done = (then: () => void) => {
      clearTimeout(timer);
      socket.close();
      then();
    };
    socket.once('error', (error) => done(() => reject(error)));
    socket.once('message', (message) => done(() => resolve(message)));
    // The socket is connected, so that the kernel drops datagrams of other hosts and reports a
    // closed port at once.
    socket.connect(port, host, () => socket.send(query));
  });
}

function overTcp(query: Buffer, { host, port }: Upstream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: FORWARD_TIMEOUT_MS });
    let received = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('timeout', () => fail(new Error('timed out')));
    socket.once('error', fail);
    socket.once('end', () => fail(new Error('closed early')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
    socket.once('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
  });
}
