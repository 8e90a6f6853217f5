// A whole cluster in this process: one memory store, API servers, controller managers, schedulers
// and hollow nodes, with one virtual clock and random numbers from one seed. Two clusters of one
// seed behave identically to the last byte.
//
// Invariant: no code here uses the real clock, real random numbers or a socket.
import { loadEngine } from '../../pkg/apiextensions/rules/engine.js';
import type { Client } from '../../pkg/client/client.js';
import type { HttpRequest } from '../../pkg/client/transport.js';
import { createMemoryStorage } from '../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../pkg/storage/storage.js';
import type { Env, Log, LogFields } from '../../pkg/util/env/env.js';
import { noMetrics, SeededRandom } from '../support/virtual-env.js';
import type { RunningPods } from './convergence.js';
import { Faults } from './faults.js';
import { CUSTOM_PATH } from './custom-objects.js';
import { Hooks } from './hooks.js';
import { Invariants, Violation } from './invariants.js';
import { Link } from './link.js';
import { Metrics } from './metrics.js';
import { isJudged, Model, type AnyObject } from './model.js';
import { managerProcess, schedulerProcess, SimNode, type SimProcess } from './processes.js';
import { SimServer } from './servers.js';
import { SimClock } from './sim-clock.js';
import { Trace } from './trace.js';
import { Twins, type RunningSandbox } from './twins.js';

export interface ClusterOptions {
  seed: number;
  servers: number;
  nodes: number;
  echo?: (line: string) => void;
}

export class Cluster {
  readonly clock = new SimClock();
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly model = new Model();
  readonly metrics = new Metrics(this.model, () => this.clock.now());
  readonly invariants = new Invariants(this.model, this.metrics, () => this.clock.now());
  readonly store: Storage;
  readonly hooks: Hooks;
  readonly servers: SimServer[] = [];
  readonly managers: SimProcess[] = [];
  readonly schedulers: SimProcess[] = [];
  readonly nodes: SimNode[] = [];
  /** The client of the user, whose requests are delayed but do not fail. */
  readonly client: Client;
  /** The first violation. */
  violation: Error | undefined;
  /** Writes other than heartbeats since the last reset of this counter. */
  writes: string[] = [];
  private readonly twins = new Twins();
  private starts = 0;
  private readonly links = new Set<Link>();
  private readonly watching = new AbortController();

  constructor(readonly options: ClusterOptions) {
    this.random = new SeededRandom(options.seed);
    this.faults = new Faults(this.fork());
    this.trace = new Trace(() => this.clock.elapsed, options.echo);
    this.store = createMemoryStorage({ clock: this.clock });
    this.hooks = new Hooks(this.clock, this.faults);
    for (let at = 0; at < options.servers; at++) {
      const name = `apiserver-${at}`;
      this.servers.push(
        new SimServer({
          name,
          address: `10.0.0.${at + 2}`,
          store: this.store,
          faults: this.faults,
          hooks: this.hooks,
          metrics: this.metrics,
          env: () => this.env(name),
        }),
      );
    }
    this.client = this.link(
      'user',
      { commonName: 'admin', organizations: ['system:masters'] },
      this.env('user'),
      false,
    ).client;
  }

  private fork(): SeededRandom {
    return new SeededRandom(Math.floor(this.random.next() * 2 ** 31));
  }

  private env(name: string): Env {
    this.starts++;
    return {
      clock: this.clock,
      random: this.fork(),
      log: new SimLog(this, name),
      metrics: noMetrics,
    };
  }

  private link(
    name: string,
    certificate: { commonName: string; organizations: string[] },
    env: Env,
    faulty: boolean,
  ): Link {
    const answered = (request: HttpRequest, status: number, body: () => unknown) => {
      if (status === 201 && request.method === 'POST' && /\/pods(\?|$)/.test(request.path))
        this.acknowledge(body() as AnyObject);
      if (SENSELESS.has(status))
        this.judgeRefusal(name, request, status, body() as { message?: string });
    };
    const link = new Link({
      name,
      certificate,
      env,
      servers: this.servers,
      faults: this.faults,
      trace: this.trace,
      faulty,
      answered,
    });
    this.links.add(link);
    return link;
  }

  private acknowledge(pod: AnyObject): void {
    this.guard(() => this.invariants.acknowledge(pod.metadata.uid!));
  }

  /** Fails the simulation for a request of a component that is invalid or forbidden. */
  private judgeRefusal(
    name: string,
    { method, path }: HttpRequest,
    status: number,
    { message = '' }: { message?: string },
  ): void {
    if (status === 403 && TIMELY.test(message)) return;
    if (status === 422 && STALE.test(message)) return;
    if (name === 'user' && CUSTOM_PATH.test(path)) return; // its workload judges these answers
    this.fail(new Violation(`${name} was told ${status} to ${method} ${path}: ${message}`));
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  fail(error: Error): void {
    this.trace.add(`WRONG ${error.message}`);
    this.violation ??= error;
  }

  /** Resolves when all processes are started; they need not be ready. */
  async start(): Promise<void> {
    // A module that loads later would take real time, which differs between two runs of a seed.
    await loadEngine([{ pattern: '.' }]);
    this.follow().catch((error: unknown) => {
      if (!this.watching.signal.aborted) this.fail(error as Error);
    });
    const shared = {
      env: () => this.env(`process-${this.starts}`),
      link: (
        name: string,
        certificate: { commonName: string; organizations: string[] },
        env: Env,
      ) => this.link(name, certificate, env, true),
      failed: (name: string, error: unknown) =>
        this.fail(
          new Error(
            `${name} ended: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          ),
        ),
    };
    for (const at of [0, 1]) {
      this.managers.push(await managerProcess(`manager-${at}`, shared));
      this.schedulers.push(schedulerProcess(`scheduler-${at}`, shared));
    }
    for (let at = 0; at < this.options.nodes; at++)
      this.nodes.push(new SimNode(`node-${at}`, at, this.env(`node-${at}`), shared));
    await this.during(Promise.all(this.servers.map((server) => server.start())));
    await this.during(Promise.all(this.servers.map((server) => server.furnished)));
    for (const process of this.processes()) process.start();
  }

  processes(): SimProcess[] {
    return [...this.managers, ...this.schedulers, ...this.nodes.map((node) => node.process)];
  }

  private async follow(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const { revision, events } of this.store.watch('', {
      fromRevision: 1,
      signal: this.watching.signal,
    })) {
      for (const { type, kv } of events) {
        if (!isJudged(kv.key)) {
          this.trace.add(`store ${revision} ${type} ${kv.key} ${kv.value.length}`);
          continue;
        }
        const object =
          type === 'put' ? (JSON.parse(decoder.decode(kv.value)) as AnyObject) : undefined;
        const change = this.model.take(kv.key, object);
        this.writes.push(`${type} ${kv.key}`);
        this.trace.add(`store ${revision} ${type} ${kv.key} ${summary(object)}`);
        this.twins.take(change);
        this.guard(() => this.invariants.check(change));
      }
    }
  }

  /** Advances the clock; throws the first violation with its cause. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      await this.clock.advance(Math.min(1_000, end - this.clock.now()));
      const twice = this.twins.check(await this.sandboxes());
      if (twice) this.fail(new Violation(twice));
      if (this.violation) throw this.violation;
    }
  }

  /** Advances the clock until `work` is done, for ten minutes at most. */
  async during<T>(work: Promise<T>): Promise<T> {
    let outcome: { value: T } | { error: unknown } | undefined;
    work.then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    for (let step = 0; step < 60_000; step++) {
      await this.clock.advance(step < 1000 ? 1 : 10);
      if (this.violation) throw this.violation;
      if (!outcome) continue;
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    }
    throw new Violation('something that was begun never ended');
  }

  async running(): Promise<RunningPods[]> {
    const all = await this.sandboxes();
    return this.nodes.map(({ name }) => ({
      node: name,
      uids: all.filter(({ node }) => node === name).map(({ uid }) => uid),
    }));
  }

  private async sandboxes(): Promise<RunningSandbox[]> {
    const all = this.nodes.map(async ({ name, runtime }) => {
      const ready = (await runtime.sandboxes()).filter(({ state }) => state === 'SANDBOX_READY');
      return ready.map(({ metadata }) => ({
        node: name,
        uid: metadata.uid,
        pod: `${metadata.namespace}/${metadata.name}`,
      }));
    });
    return (await Promise.all(all)).flat();
  }

  async stop(): Promise<void> {
    for (const process of this.processes()) process.crash();
    for (const server of this.servers) server.crash();
    for (const link of this.links) link.kill();
    this.watching.abort(new Error('the simulation is over'));
    await this.clock.advance(1);
  }
}

/**
 * Refusals that end with time: a namespace that is terminating or new, an ordinal that has moved to
 * another node.
 */
const TIMELY =
  /terminat|serviceaccount "default" not found|can only (delete|update) pods? .*with spec\.nodeName set to itself/;
/**
 * An adoption by a controller with a late watch, which shows its pod without the controller of the
 * past: upstream's patch has no resource version either, and is tried again.
 */
const STALE = /^Pod .* Only one reference can have Controller set to true/;

/** Responses that show a bug in the client or the server. */
const SENSELESS = new Set([400, 401, 403, 405, 406, 415, 422]);

/**
 * The text of an object in the trace, which must be equal in two runs of a seed.
 */
function summary(object: AnyObject | undefined): string {
  if (!object) return '';
  const { spec, status } = object as {
    spec?: { nodeName?: string; replicas?: number };
    status?: { phase?: string; replicas?: number };
  };
  const { metadata } = object;
  const parts = [
    metadata.uid?.slice(0, 8),
    spec?.nodeName,
    spec?.replicas,
    status?.phase,
    status?.replicas,
    metadata.deletionTimestamp ? 'deleting' : '',
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** Adds warnings to the trace; a log line that only a bug can cause ends the simulation. */
class SimLog implements Log {
  constructor(
    private readonly cluster: Cluster,
    private readonly name: string,
  ) {}

  private add(level: string, event: string, fields: LogFields = {}): void {
    const text = Object.values(fields).map((value) =>
      value instanceof Error ? value.message : String(value),
    );
    this.cluster.trace.add(`${this.name} ${level}: ${event} ${text.join(' ').slice(0, 300)}`);
    const bug = Object.values(fields)
      .map(bugIn)
      .find((one) => one !== undefined);
    if (bug !== undefined) this.cluster.fail(new Error(`${this.name}: ${event}: ${bug}`));
  }
  debug(): void {}
  info(): void {}
  warn(event: string, fields?: LogFields): void {
    this.add('warn', event, fields);
  }
  error(event: string, fields?: LogFields): void {
    this.add('error', event, fields);
  }
  child(): Log {
    return this;
  }
}

const BUGS =
  /Cannot read propert|is not a function|is not iterable|is not defined|undefined \(reading|Invalid time value|assert/i;

/** The text of a log field that shows a bug. */
function bugIn(value: unknown): string | undefined {
  const text = value instanceof Error ? value.message : typeof value === 'string' ? value : '';
  const isBug =
    value instanceof TypeError ||
    value instanceof RangeError ||
    value instanceof ReferenceError ||
    BUGS.test(text);
  return isBug ? (value instanceof Error && value.stack) || text : undefined;
}
