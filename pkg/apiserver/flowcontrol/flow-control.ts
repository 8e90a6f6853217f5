// Priority and fairness (upstream util/flowcontrol and server/filters/priority-and-fairness.go).
// Each request belongs to a flow of a flow schema, and the schema to a priority level with seats of
// its own. A request runs when its level has free seats and the event loop has time.
//
// Upstream's seats bound how many requests run at once on many threads. Here one event loop runs
// all, so the loop's time is shared as well: when a turn of the loop has lasted TURN_MS, requests
// wait in their queues, and the next turns take them from the levels in proportion to their seats.
import { createHash } from 'node:crypto';
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { FlowSchema, PriorityLevelConfiguration } from '../../apis/flowcontrol/v1/types.js';
import { FLOW_SCHEMAS, PRIORITY_LEVEL_CONFIGURATIONS } from '../../apis/resource-types.js';
import type { Env } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Exchange } from '../http/exchange.js';
import { MAX_KNOWN_FLOWS, QUEUE_WAIT_SHARE, TURN_MS } from '../limits.js';
import { holdPlace, tooManyRequests, type Arrival, type RequestLimiter } from './limiter.js';
import type { RequestInfo } from '../request/request-info.js';
import type { ObjectReader } from '../resource/reader.js';
import { boundsOf, divideSeats, smoothed } from './concurrency.js';
import { Level, type FlowCounts } from './level.js';
import { distinguisherOf, inPrecedence, schemaMatches } from './matching.js';
import type { Refusal, Ticket } from './queue-set.js';
import { dealHand } from './shuffle-shard.js';
import { estimateWork, type Work } from './work-estimate.js';

/** The objects that every cluster has; the bootstrap hook stores them. */
export interface DefaultFlows {
  priorityLevels: readonly PriorityLevelConfiguration[];
  flowSchemas: readonly FlowSchema[];
  mandatory: ReadonlySet<string>;
}

export interface FlowControlOptions {
  env: Env;
  reader: ObjectReader;
  defaults: DefaultFlows;
  /** Seats of the server: --max-requests-inflight and --max-mutating-requests-inflight together. */
  seats: number;
  /** --request-timeout. */
  requestTimeoutMs: number;
}

interface Flow {
  schema: FlowSchema;
  level: Level;
  hand: readonly number[];
  counts: FlowCounts;
}

type UsedFlow = { info: RequestInfo; flow: Flow };

/** Whether two requests belong to one flow, when one user makes both. */
const isSameCall = (a: RequestInfo, b: RequestInfo): boolean =>
  a.verb === b.verb &&
  a.isResource === b.isResource &&
  (a.isResource
    ? a.resource === b.resource &&
      a.namespace === b.namespace &&
      a.subresource === b.subresource &&
      a.group === b.group
    : a.path === b.path);

export class FlowControl implements RequestLimiter {
  readonly levels = new Map<string, Level>();
  private schemas: FlowSchema[] = [];
  private known = new WeakMap<UserInfo, { flows: Map<string, Flow>; last?: UsedFlow }>();
  /** Monotonic ms at which the current turn of the event loop began, as far as is known. */
  private turnBegan: number | undefined;
  private isPumpDue = false;
  /** The virtual time of the level that was served last, in ms per seat. */
  private virtual = 0;

  constructor(private readonly options: FlowControlOptions) {
    this.configure();
  }

  /** Follows the objects until the signal aborts. */
  start(signal: AbortSignal): void {
    let isDue = false;
    const changed = (): void => {
      if (isDue) return;
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        this.configure();
      });
    };
    const { reader } = this.options;
    const stops = [
      reader.observe(FLOW_SCHEMAS, changed),
      reader.observe(PRIORITY_LEVEL_CONFIGURATIONS, changed),
    ];
    signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
  }

  /** Runs the request when its turn comes. Rejects with 429, or with what `run` rejects with. */
  admit(arrival: Arrival, run: () => Promise<void>): Promise<void> {
    const flow = this.flowOf(arrival.info, arrival.user);
    const { level, schema } = flow;
    arrival.exchange.flow = {
      schema: schema.metadata.uid ?? '',
      level: level.config.metadata.uid ?? '',
    };
    const now = this.options.env.clock.monotonic();
    const work = estimateWork(arrival.info, arrival.query, arrival.resource, level.maxSeats);
    if (level.isExempt) return this.runExempt(flow, work, now, arrival.exchange, run);
    const { set } = level;
    const ticket = set.enter(flow.hand, work.seats, now / 1000, this.hasTurn(now));
    if (typeof ticket === 'string') return this.refuse(flow, ticket);
    level.noteDemand(now);
    if (ticket.state === 'running') return this.runNow(flow, ticket, work, arrival.exchange, run);
    return this.wait(flow, ticket, work, arrival.exchange, run);
  }

  /** Seats move between the levels by what they needed since the last call. */
  adjust(): void {
    const now = this.options.env.clock.monotonic();
    const levels = [...this.levels.values()];
    const claims = levels.map((level) => {
      const demand = level.meter.take(now);
      level.demand = demand;
      level.smoothed = smoothed(level.smoothed, demand);
      const { nominal, lower, upper } = level.bounds;
      const least = level.isExempt ? demand.high : Math.max(lower, Math.min(nominal, demand.high));
      return { level, lower: least, upper, target: Math.max(least, level.smoothed) };
    });
    const limited = claims.filter(({ level }) => !level.isExempt);
    const exempt = claims.filter(({ level }) => level.isExempt);
    const used = exempt.reduce((sum, { lower }) => sum + lower, 0);
    const total = Math.max(0, this.options.seats - used);
    const least = limited.reduce((sum, { lower }) => sum + lower, 0);
    const seats = total <= least ? limited.map(({ lower }) => lower) : divideSeats(total, limited);
    limited.forEach(({ level, target }, i) => {
      level.target = target;
      level.set.limit = seats[i]!;
    });
    for (const { level, lower } of exempt) level.set.limit = lower;
    this.pumpSoon();
  }

  private configure(): void {
    const { reader, defaults, seats } = this.options;
    const configs = withDefaults(
      reader.list(PRIORITY_LEVEL_CONFIGURATIONS),
      defaults.priorityLevels,
    );
    const bounds = boundsOf(configs, seats);
    const now = this.options.env.clock.monotonic();
    const names = new Set(configs.map(({ metadata }) => metadata.name));
    for (const config of configs) {
      const { name } = config.metadata;
      const level = this.levels.get(name) ?? new Level(config, now);
      level.configure(config, bounds.get(name)!);
      this.levels.set(name, level);
    }
    // A level that is gone serves the requests that it has.
    for (const [name, level] of this.levels)
      if (!names.has(name)) {
        level.isQuiescing = true;
        if (level.set.executing + level.set.waiting === 0) this.levels.delete(name);
      }
    this.schemas = inPrecedence(
      withDefaults(reader.list(FLOW_SCHEMAS), defaults.flowSchemas).filter(({ spec }) =>
        names.has(spec.priorityLevelConfiguration.name),
      ),
    );
    this.known = new WeakMap();
    this.pumpSoon();
  }

  private flowOf(info: RequestInfo, user: UserInfo): Flow {
    const known = getOrInsert(this.known, user, () => ({ flows: new Map() }));
    // Users repeat themselves, and comparing costs less than a key.
    if (known.last && isSameCall(known.last.info, info)) return known.last.flow;
    const key = info.isResource
      ? `${info.verb}|${info.group}|${info.resource}|${info.subresource}|${info.namespace}`
      : `${info.verb}|${info.path}`;
    const flow = getOrInsert(known.flows, key, () => {
      if (known.flows.size >= MAX_KNOWN_FLOWS) known.flows.clear();
      return this.classify(info, user);
    });
    known.last = { info, flow };
    return flow;
  }

  private classify(info: RequestInfo, user: UserInfo): Flow {
    // The schema catch-all is mandatory, and its level too.
    const schema =
      this.schemas.find((one) => schemaMatches(one, info, user)) ?? this.schemas.at(-1)!;
    const level = this.levels.get(schema.spec.priorityLevelConfiguration.name)!;
    const distinguisher = distinguisherOf(schema, info, user);
    const { queues, handSize } = level.queuing;
    const hash = createHash('sha256').update(`${schema.metadata.name},${distinguisher}`).digest();
    const hand = handSize ? dealHand(hash.readBigUInt64LE(0), queues, handSize) : [];
    return { schema, level, hand, counts: level.countsOf(schema.metadata.name) };
  }

  private runExempt(
    { level, counts }: Flow,
    work: Work,
    now: number,
    exchange: Exchange,
    run: () => Promise<void>,
  ): Promise<void> {
    const { clock } = this.options.env;
    counts.dispatched++;
    level.exempt(work.seats, now);
    return holdPlace(exchange, run, () => level.exempt(-work.seats, clock.monotonic()));
  }

  private runNow(
    flow: Flow,
    ticket: Ticket,
    work: Work,
    exchange: Exchange,
    run: () => Promise<void>,
  ): Promise<void> {
    flow.counts.dispatched++;
    return holdPlace(exchange, run, () => this.finish(flow, ticket, work));
  }

  private finish({ level }: Flow, ticket: Ticket, work: Work): void {
    const { clock } = this.options.env;
    const free = (): void => {
      const now = clock.monotonic();
      level.set.leave(ticket, now / 1000);
      level.noteDemand(now);
      if (level.set.waiting) this.pumpSoon();
    };
    // The events of a write to many watchers are work too; it only matters to those that wait.
    if (work.extraMs && level.set.waiting) {
      level.set.resize(ticket, work.finalSeats);
      clock.after(work.extraMs, free);
    } else free();
  }

  private refuse({ counts }: Flow, reason: Refusal | 'time-out'): Promise<void> {
    counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1;
    return Promise.reject(tooManyRequests());
  }

  private wait(
    flow: Flow,
    ticket: Ticket,
    work: Work,
    exchange: Exchange,
    run: () => Promise<void>,
  ): Promise<void> {
    const { clock } = this.options.env;
    const { level, counts } = flow;
    const arrived = clock.monotonic();
    level.virtual = Math.max(level.virtual, this.virtual);
    counts.waiting++;
    this.pumpSoon();
    return new Promise((resolve, reject) => {
      const quit = (answer: () => void): void => {
        if (ticket.state !== 'waiting') return;
        level.set.leave(ticket, clock.monotonic() / 1000);
        level.noteDemand(clock.monotonic());
        counts.waiting--;
        level.observeWait(flow.schema.metadata.name, clock.monotonic() - arrived, false);
        answer();
      };
      const timer = clock.after(this.options.requestTimeoutMs * QUEUE_WAIT_SHARE, () =>
        quit(() => void this.refuse(flow, 'time-out').catch(reject)),
      );
      exchange.onClose(() => {
        timer.cancel();
        quit(() => {
          counts.rejected.cancelled = (counts.rejected.cancelled ?? 0) + 1;
          reject(statusError('Timeout', 'the client has disconnected'));
        });
      });
      ticket.run = () => {
        timer.cancel();
        counts.waiting--;
        level.observeWait(flow.schema.metadata.name, clock.monotonic() - arrived, true);
        this.runNow(flow, ticket, work, exchange, run).then(resolve, reject);
      };
    });
  }

  /** True while the current turn of the event loop is short. */
  private hasTurn(now: number): boolean {
    if (this.turnBegan === undefined) {
      this.turnBegan = now;
      setImmediate(() => (this.turnBegan = undefined)).unref();
      return true;
    }
    return now - this.turnBegan < TURN_MS;
  }

  private pumpSoon(): void {
    this.pumpIn(queueMicrotask);
  }

  /** One pump is due at a time, however many requests wait. */
  private pumpIn(later: (run: () => void) => void): void {
    if (this.isPumpDue) return;
    this.isPumpDue = true;
    later(() => {
      this.isPumpDue = false;
      this.pump();
    });
  }

  /** Starts waiting requests: the level with the least time per seat goes first. */
  private pump(): void {
    const { clock } = this.options.env;
    const blocked = new Set<Level>();
    for (;;) {
      const now = clock.monotonic();
      let level: Level | undefined;
      for (const one of this.levels.values())
        if (one.set.waiting && !blocked.has(one) && (!level || one.virtual < level.virtual))
          level = one;
      if (!level) return;
      if (!this.hasTurn(now)) {
        // Deferred, so that the requests of other clients are read in between.
        this.pumpIn(setImmediate);
        return;
      }
      const ticket = level.set.dispatch(now / 1000);
      if (!ticket) {
        blocked.add(level);
        continue;
      }
      this.virtual = level.virtual;
      ticket.run!();
      level.virtual += (clock.monotonic() - now) / Math.max(1, level.set.limit);
    }
  }
}

/** The stored objects, and the default ones that are not stored yet. */
function withDefaults<T extends { metadata: { name: string } }>(
  stored: readonly T[],
  defaults: readonly T[],
): T[] {
  const names = new Set(stored.map(({ metadata }) => metadata.name));
  return [...stored, ...defaults.filter(({ metadata }) => !names.has(metadata.name))];
}
