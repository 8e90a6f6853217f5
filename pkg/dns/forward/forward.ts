// forward: passes questions to upstream name servers, and their answers back byte for byte, with a
// bounded cache. Equal questions under way are asked once. A server that did not answer is skipped
// until it answers a probe.
import { LRUCache } from 'lru-cache';
import type { Env } from '../../util/env/env.js';
import { DONE, every } from '../../util/wait/every.js';
import { refusal, type Plugin, type Question } from '../answer.js';
import { NEGATIVE_TTL } from '../../component-helpers/dns/limits.js';
import type { Reply } from '../wire/record.js';
import {
  FORWARD_TOTAL_MS,
  MAX_CACHE_TTL,
  MAX_CACHED_ANSWERS,
  MAX_FORWARDS,
  PROBE_INTERVAL_MS,
} from '../limits.js';
import { CLASS_IN, FLAGS, RCODES, TYPES, type Rcode } from '../wire/codes.js';
import {
  addressRecords,
  aged,
  lowestTtl,
  recordsOf,
  withoutOpt,
  type RecordBytes,
} from '../wire/message.js';
import { questionOf, type Query } from '../wire/query.js';
import { exchange, type Address } from './exchange.js';
import { CACHE_METRICS } from '../metrics.generated.js';
import { registered } from '../../util/metrics/registered.js';

/** Servers that know the same names. */
export interface UpstreamGroup {
  /** Equal for equal servers. */
  readonly id: string;
  readonly upstreams: readonly Upstream[];
}

interface Upstream extends Address {
  /** Set while the server does not answer. */
  down: boolean;
}

/** A message without OPT record. */
interface Stored {
  bytes: Buffer;
  records: readonly RecordBytes[];
  at: number;
}

const ROOT: Query = {
  id: 0,
  flags: FLAGS.recursionDesired,
  name: '',
  type: TYPES.NS,
  class: CLASS_IN,
  question: questionOf([], TYPES.NS),
};
const RCODE_NAMES = new Map<number, Rcode>(
  Object.entries(RCODES).map(([name, code]) => [code, name as Rcode]),
);

export function groupOf(addresses: readonly Address[]): UpstreamGroup {
  return {
    id: addresses.map(({ host, port }) => `${host}#${port}`).join(','),
    upstreams: addresses.map((each) => ({ ...each, down: false })),
  };
}

/** Asks groups of servers. Probes end with the signal. */
export class Forwarder {
  private readonly cache = new LRUCache<string, Stored>({ max: MAX_CACHED_ANSWERS });
  private readonly underWay = new Map<string, Promise<Reply>>();
  private readonly metrics;

  constructor(
    private readonly env: Env,
    private readonly signal: AbortSignal,
  ) {
    this.metrics = registered(env.metrics, CACHE_METRICS);
  }

  ask(question: Question, group: UpstreamGroup): Reply | Promise<Reply> {
    const { edns, flags } = question.query;
    const variant = (edns?.dnssec ? 1 : 0) + (flags & FLAGS.checkingDisabled);
    const key = `${group.id} ${question.name} ${question.query.type} ${variant}`;
    const known = this.cache.get(key);
    if (known) {
      const age = Math.floor((this.env.clock.now() - known.at) / 1000);
      if (age < lifetime(known)) {
        const reply = replyOf(known, age);
        this.metrics.hits.inc({ type: reply.rcode === 'NOERROR' ? 'success' : 'denial' });
        return reply;
      }
    }
    this.metrics.misses.inc();
    const joined = this.underWay.get(key);
    if (joined) return joined;
    if (this.underWay.size >= MAX_FORWARDS) return refusal('SERVFAIL');
    const asked = this.fetch(question.query, group, key).finally(() => this.underWay.delete(key));
    this.underWay.set(key, asked);
    return asked;
  }

  private async fetch(query: Query, group: UpstreamGroup, key: string): Promise<Reply> {
    const began = this.env.clock.monotonic();
    const up = group.upstreams.filter(({ down }) => !down);
    for (const upstream of up.length ? up : group.upstreams) {
      if (this.env.clock.monotonic() - began > FORWARD_TOTAL_MS) break;
      try {
        const answer = await exchange(query, upstream);
        const bytes = withoutOpt(answer, recordsOf(answer));
        const stored = { bytes, records: recordsOf(bytes), at: this.env.clock.now() };
        if (lifetime(stored) > 0) this.cache.set(key, stored);
        return replyOf(stored, 0);
      } catch (error) {
        this.env.log.debug('upstream failed', { upstream: upstream.host, error });
        this.probe(upstream);
      }
    }
    return refusal('SERVFAIL');
  }

  /** Marks the server as down until it answers. */
  private probe(upstream: Upstream): void {
    if (upstream.down) return;
    upstream.down = true;
    this.env.log.warn('name server does not answer', { upstream: upstream.host });
    const { env, signal } = this;
    const times = { firstMs: PROBE_INTERVAL_MS, periodMs: PROBE_INTERVAL_MS };
    void every({ env, signal, ...times, failed: () => undefined }, async () => {
      await exchange(ROOT, upstream);
      upstream.down = false;
      return DONE;
    });
  }
}

/** The last plugin of the chain: `group` answers what the others do not. */
export function forward(forwarder: Forwarder, group: () => UpstreamGroup): Plugin {
  return {
    name: 'forward',
    answer(question) {
      const servers = group();
      return servers.upstreams.length ? forwarder.ask(question, servers) : undefined;
    },
  };
}

const rcodeOf = (bytes: Buffer): Rcode =>
  RCODE_NAMES.get(bytes.readUInt16BE(2) & FLAGS.rcode) ?? 'SERVFAIL';

/** Seconds for which an answer may be kept. */
function lifetime({ bytes, records }: Stored): number {
  const rcode = rcodeOf(bytes);
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return 0;
  return Math.min(MAX_CACHE_TTL, lowestTtl(bytes, records) ?? NEGATIVE_TTL);
}

function replyOf({ bytes, records }: Stored, age: number): Reply {
  const wire = age > 0 ? aged(bytes, records, age) : bytes;
  const answers = addressRecords(wire, records);
  return { rcode: rcodeOf(bytes), authoritative: false, answers, wire };
}
