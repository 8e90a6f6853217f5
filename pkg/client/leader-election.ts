// Leader election on a Lease (client-go tools/leaderelection). Of all processes with one lease
// name, at most one leads, as long as clocks run at about the same rate: a leader that cannot renew
// stops before its lease runs out, and a follower takes over only after it has seen no renewal for
// the whole lease by its own clock. Times written by others are never compared with ours. Pure.
import { ignoring } from '../apimachinery/errors/status-error.js';
import { LEASES } from '../apis/resource-types.js';
import type { Lease, LeaseSpec } from '../apis/coordination/v1/types.js';
import { microTimestamp, sleep, type Env, type Random } from '../util/env/env.js';
import type { Client } from './client.js';
import { ELECTION_METRICS } from './metrics.generated.js';
import { registered } from '../util/metrics/registered.js';

export interface LeaderElectionOptions {
  /** Lease name: 'kube-controller-manager'. */
  name: string;
  /** Default 'kube-system'. */
  namespace?: string;
  /** Unique per process: 'host_uuid'. */
  identity: string;
  /** Upstream's defaults: 15 s, 10 s, 2 s. */
  leaseDurationMs?: number;
  renewDeadlineMs?: number;
  retryPeriodMs?: number;
  /** Renews the lease during a term; default renewLease on this event loop. */
  renewer?: Renewer | undefined;
  /** Default: a fence that nobody reads. */
  fence?: Fence;
}

/**
 * One monotonic time in milliseconds, from which on this process writes nothing: its lease may
 * belong to another by then. Infinity outside of a term. An array, so that threads can share its
 * memory: a stalled event loop that wakes up sees the end of its term before any message of it.
 */
export type Fence = Float64Array;

export const openFence = (): Fence =>
  new Float64Array(new SharedArrayBuffer(8)).fill(Number.POSITIVE_INFINITY);

/** A lease at the begin of a term, as a message between threads. */
export interface HeldLease {
  settings: Settings;
  lease: Lease;
  /** Monotonic time from which the lease is ours. */
  acquiredAt: number;
  fence: Fence;
}

/** Renews until abort ('stopped') or until the renewals fail ('lost'). */
export type Renewer = (
  held: HeldLease,
  signal: AbortSignal,
) => Promise<{ outcome: 'lost' | 'stopped'; lease: Lease }>;

const UNOBSERVED = { observed: undefined, observedAt: 0 };

/** Adds to the retry period by chance, so that followers do not come in step. */
const JITTER = 1.2;

/**
 * Before any lease was seen: a server that starts with us answers, and knows our rights, in a
 * moment. Doubles up to the retry period.
 */
const FIRST_RETRY_MS = 50;

type Settings = Required<Omit<LeaderElectionOptions, 'renewer' | 'fence'>>;
type ElectionEnv = Pick<Env, 'clock' | 'log'>;

interface Election {
  readonly env: ElectionEnv;
  readonly client: Client;
  readonly options: Settings;
  observed: Lease | undefined;
  /** Monotonic time at which `observed` was first seen. */
  observedAt: number;
}

/**
 * Waits for leadership, runs `lead`, and when leadership is lost aborts its signal, waits for it
 * and starts over. Returns when `signal` aborts (the lease is then released) or `lead` returns;
 * throws what `lead` throws.
 */
export async function runWithLeadership(
  client: Client,
  env: Env,
  { fence = openFence(), renewer, ...given }: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const settings: Settings = {
    namespace: 'kube-system',
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2_000,
    ...given,
  };
  const election: Election = { env, client, options: settings, ...UNOBSERVED };
  const renewing = renewer ?? ((held, stop) => renewLease(client, env, held, () => true, stop));
  const { isLeader } = registered(env.metrics, ELECTION_METRICS);
  const log = env.log.child({ lease: settings.name });
  isLeader.set(0, { name: settings.name });
  while (!signal.aborted) {
    const acquiredAt = await acquire(election, env.random, signal);
    if (acquiredAt === undefined) return;
    isLeader.set(1, { name: settings.name });
    log.info('became leader', { identity: settings.identity });
    fence[0] = acquiredAt + settings.renewDeadlineMs;
    const term = new AbortController();
    const work = lead(AbortSignal.any([signal, term.signal]));
    const outcome = work.catch(() => {}).then(() => 'done' as const);
    const stopRenewing = new AbortController();
    const held = { settings, lease: election.observed!, acquiredAt, fence };
    const renewals = renewing(held, AbortSignal.any([signal, stopRenewing.signal]));
    const first = await Promise.race([outcome, renewals.then((end) => end.outcome)]);
    isLeader.set(0, { name: settings.name });
    term.abort(new Error('leadership lost'));
    stopRenewing.abort();
    if (first === 'lost') log.error('lost leadership');
    await outcome;
    observe(election, (await renewals).lease);
    fence[0] = Number.POSITIVE_INFINITY;
    if (first !== 'lost')
      await release(election).catch((error: unknown) => log.info('lease not released', { error }));
    if (first === 'done') return work;
  }
}

/**
 * The time from which the lease is ours; undefined on abort. Others count from when it was written,
 * so we count from before it was sent: an answer that came late may tell of a lease that has run
 * out.
 */
async function acquire(
  election: Election,
  random: Random,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { env, options } = election;
  let period = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const began = env.clock.monotonic();
    const ours = await tryAcquireOrRenew(election, signal);
    if (ours && env.clock.monotonic() - began < options.renewDeadlineMs) return began;
    period = election.observed
      ? options.retryPeriodMs
      : Math.min(2 * period, options.retryPeriodMs);
    await sleep(env.clock, period * (1 + JITTER * random.next()), signal).catch(() => {});
  }
  return undefined;
}

/**
 * Renews a lease during a term and moves its fence. `mayRenew` false: the holder is stuck, and its
 * lease is left to run out.
 */
export async function renewLease(
  client: Client,
  env: ElectionEnv,
  { settings, lease, acquiredAt, fence }: HeldLease,
  mayRenew: () => boolean,
  signal: AbortSignal,
): ReturnType<Renewer> {
  const { clock } = env;
  const { identity, renewDeadlineMs, retryPeriodMs } = settings;
  const election: Election = { env, client, options: settings, ...UNOBSERVED };
  observe(election, lease);
  const end = (outcome: 'lost' | 'stopped') => ({ outcome, lease: election.observed! });
  let renewedAt = acquiredAt;
  while (!signal.aborted) {
    // A renewal that hangs must not outlive the deadline.
    const attempt = new AbortController();
    const began = clock.monotonic();
    const left = renewDeadlineMs - (began - renewedAt);
    const timer = clock.after(Math.max(0, left), () => attempt.abort(new Error('renew deadline')));
    const tries = AbortSignal.any([signal, attempt.signal]);
    const ours = mayRenew() && (await tryAcquireOrRenew(election, tries));
    timer.cancel();
    const leader = election.observed?.spec.holderIdentity;
    if (ours) fence[0] = (renewedAt = began) + renewDeadlineMs;
    else if (!signal.aborted && clock.monotonic() - renewedAt >= renewDeadlineMs)
      return end('lost');
    else if (leader && leader !== identity) return end('lost');
    await sleep(clock, retryPeriodMs, signal).catch(() => {});
  }
  return end('stopped');
}

/** One try. False when another leads or the server cannot be reached. */
async function tryAcquireOrRenew(election: Election, signal: AbortSignal): Promise<boolean> {
  const { client, env, options } = election;
  // Time for a second attempt within the deadline (upstream: cmd/kube-controller-manager's client).
  const limits = { signal, deadlineMs: options.renewDeadlineMs / 2 };
  const key = { namespace: options.namespace, name: options.name };
  const take = async (lease: Lease | undefined): Promise<true> => {
    const spec = nextSpec(election);
    const made = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: key } as const;
    const taken = lease
      ? client.update(LEASES, { ...lease, spec }, limits)
      : client.create(LEASES, { ...made, spec }, limits);
    observe(election, await taken);
    return true;
  };
  try {
    // A leader writes from what it wrote last; only when that fails it reads.
    if (election.observed?.spec.holderIdentity === options.identity) {
      if (await take(election.observed).catch(() => false)) return true;
      signal.throwIfAborted();
    }
    const current = await client.get(LEASES, key, limits).catch(ignoring('NotFound'));
    if (!current) return await take(undefined);
    if (changed(election.observed, current)) observe(election, current);
    const holder = current.spec.holderIdentity ?? '';
    const expired =
      env.clock.monotonic() - election.observedAt >=
      (current.spec.leaseDurationSeconds ?? 0) * 1000;
    if (holder && holder !== options.identity && !expired) return false;
    return await take(current);
  } catch (error) {
    if (!signal.aborted)
      env.log.info('lease not obtained', { lease: options.name, error: (error as Error).message });
    return false;
  }
}

const changed = (known: Lease | undefined, current: Lease): boolean =>
  known?.metadata.resourceVersion !== current.metadata.resourceVersion ||
  known?.metadata.uid !== current.metadata.uid;

function observe(election: Election, lease: Lease): void {
  election.observed = lease;
  election.observedAt = election.env.clock.monotonic();
}

/** Our hold on the lease, keeping acquireTime and transitions while we hold it already. */
function nextSpec({ env, observed, options }: Election): LeaseSpec {
  const now = microTimestamp(env.clock.now());
  const held = observed?.spec.holderIdentity === options.identity;
  const transitions = observed?.spec.leaseTransitions ?? 0;
  return {
    holderIdentity: options.identity,
    leaseDurationSeconds: Math.round(options.leaseDurationMs / 1000),
    acquireTime: (held && observed?.spec.acquireTime) || now,
    renewTime: now,
    leaseTransitions: held || !observed ? transitions : transitions + 1,
  };
}

/** Lets the next leader start at once (ReleaseOnCancel). */
async function release(election: Election): Promise<void> {
  const { client, env, observed, options } = election;
  if (observed?.spec.holderIdentity !== options.identity) return;
  const now = microTimestamp(env.clock.now());
  const times = { acquireTime: now, renewTime: now, leaseDurationSeconds: 1 };
  const spec: LeaseSpec = { ...nextSpec(election), ...times, holderIdentity: '' };
  observe(election, await client.update(LEASES, { ...observed, spec }));
}
