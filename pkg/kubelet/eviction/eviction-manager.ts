// Keeps the node able to run: looks every ten seconds what is left of memory and disk, says so in the node's
// conditions, and while a threshold is met first throws away what nobody needs (dead containers, unused images), then
// evicts one pod a look, the one that rank.ts puts first. Under pressure new pods are turned away. No Node API.
// (Upstream: pkg/kubelet/eviction/eviction_manager.go.)
//
// Invariants: static and system-critical pods are never evicted; a condition outlives its cause by the transition
// period; the next pod goes only after the last one has ended, or has had its time.
import type { Pod } from '../../apis/core/v1/types.js';
import { TAINTS, tolerates } from '../../component-helpers/taints.js';
import { terminationGracePeriod } from '../../component-helpers/pods.js';
import { sleep, type Clock, type Log } from '../../util/env/env.js';
import { EVICTION_END_TIMEOUT, EVICTION_PERIOD } from '../limits.js';
import { podQos } from '../../component-helpers/qos.js';
import { evictionMessage, isCritical, rank, type Candidate, type Usage } from './rank.js';
import { hasStorageLimits, storageViolation, type StorageUse } from './storage-limits.js';
import {
  isMet,
  pressureOf,
  type Observations,
  type Pressure,
  type Threshold,
} from './thresholds.js';

const EVICTED = 'Evicted';
const MEMORY_TAINT = { key: TAINTS.memoryPressure, effect: 'NoSchedule' };

export interface EvictionDeps {
  clock: Clock;
  log: Log;
  thresholds: readonly Threshold[];
  /** Milliseconds. Upstream: --eviction-pressure-transition-period. */
  transitionPeriod: number;
  /** The longest grace that a soft threshold leaves, in seconds. Upstream: --eviction-max-pod-grace-period. */
  maxPodGrace: number;
  observe(): Promise<Observations>;
  /** Pods that are not over, nor being ended. */
  pods(): Pod[];
  /** What each pod takes, by uid. */
  usage(of: 'memory' | 'disk', pods: readonly Pod[]): Promise<ReadonlyMap<string, Usage>>;
  /** What pods take of the disk, volume by volume; by uid. */
  storage(pods: readonly Pod[]): Promise<ReadonlyMap<string, StorageUse>>;
  /** Frees disk without ending anything. */
  reclaimDisk(): Promise<void>;
  evict(pod: Pod, graceSeconds: number, ended: { reason: string; message: string }): void;
  /** Whether nothing of the pod runs any more. */
  ended(pod: Pod): boolean;
  /** A pod was evicted: for events and metrics. */
  evicted(pod: Pod, signal: string, message: string): void;
}

export class EvictionManager {
  private readonly metSince = new Map<Threshold, number>();
  private readonly lastPressure = { memory: -Infinity, disk: -Infinity };
  private seenPressure: Pressure = { memory: false, disk: false };

  constructor(private readonly deps: EvictionDeps) {}

  get pressure(): Pressure {
    return this.seenPressure;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const evicted = await this.look().catch((error: unknown) => {
        this.deps.log.warn('eviction check failed', { error });
        return undefined;
      });
      if (evicted) await this.untilEnded(evicted, signal);
      else await sleep(this.deps.clock, EVICTION_PERIOD, signal).catch(() => undefined);
    }
  }

  private async untilEnded(pod: Pod, signal: AbortSignal): Promise<void> {
    const end = this.deps.clock.now() + EVICTION_END_TIMEOUT;
    do await sleep(this.deps.clock, EVICTION_PERIOD / 10, signal).catch(() => undefined);
    while (!this.deps.ended(pod) && this.deps.clock.now() < end && !signal.aborted);
  }

  /** One look; returns the pod that it evicted. */
  async look(): Promise<Pod | undefined> {
    const greedy = await this.endGreedy();
    if (greedy) return greedy;
    let seen = await this.deps.observe();
    let due = this.note(seen);
    if (due.some((t) => pressureOf(t.signal) === 'disk')) {
      await this.deps.reclaimDisk();
      seen = await this.deps.observe();
      due = due.filter((t) => isMet(t, seen));
    }
    // Memory first: the kernel takes its own victims otherwise.
    const threshold = due.sort(
      (a, b) =>
        Number(pressureOf(a.signal) !== 'memory') - Number(pressureOf(b.signal) !== 'memory') ||
        a.graceMs - b.graceMs,
    )[0];
    return threshold ? this.evictOne(threshold, seen) : undefined;
  }

  /** Ends what is over its own limits, whatever the node has left; returns one of them. */
  private async endGreedy(): Promise<Pod | undefined> {
    const limited = this.deps.pods().filter((pod) => hasStorageLimits(pod) && !isCritical(pod));
    if (!limited.length) return undefined;
    const storage = await this.deps.storage(limited);
    let last: Pod | undefined;
    for (const pod of limited) {
      const use = storage.get(pod.metadata.uid!);
      const message = use && storageViolation(pod, use);
      if (!message) continue;
      this.deps.evict(pod, 0, { reason: EVICTED, message });
      this.deps.evicted(pod, 'ephemeralstorage.limit', message);
      last = pod;
    }
    return last;
  }

  /** Books what is met and sets the conditions; returns the thresholds whose time has come. */
  private note(seen: Observations): Threshold[] {
    const now = this.deps.clock.now();
    const due: Threshold[] = [];
    for (const threshold of this.deps.thresholds) {
      if (!isMet(threshold, seen)) {
        this.metSince.delete(threshold);
        continue;
      }
      const since = this.metSince.get(threshold) ?? now;
      this.metSince.set(threshold, since);
      this.lastPressure[pressureOf(threshold.signal)] = now;
      if (now - since >= threshold.graceMs) due.push(threshold);
    }
    const holds = (kind: keyof Pressure) =>
      now - this.lastPressure[kind] < this.deps.transitionPeriod || this.lastPressure[kind] === now;
    this.seenPressure = { memory: holds('memory'), disk: holds('disk') };
    return due;
  }

  private async evictOne(threshold: Threshold, seen: Observations): Promise<Pod | undefined> {
    const kind = pressureOf(threshold.signal);
    const pods = this.deps.pods().filter((pod) => !isCritical(pod));
    const usage = await this.deps.usage(kind, pods);
    const candidates = pods.map((pod): Candidate => ({
      pod,
      usage: usage.get(pod.metadata.uid!) ?? { total: 0, containers: new Map() },
    }));
    const first = rank(candidates, threshold)[0];
    if (!first) {
      this.deps.log.warn('eviction: no pod to evict', { signal: threshold.signal });
      return undefined;
    }
    const message = evictionMessage(first, threshold, seen[threshold.signal]!);
    const own = terminationGracePeriod(first.pod.spec);
    this.deps.evict(first.pod, threshold.graceMs ? Math.min(own, this.deps.maxPodGrace) : 0, {
      reason: EVICTED,
      message,
    });
    this.deps.evicted(first.pod, threshold.signal, message);
    return first.pod;
  }

  /** Why a new pod may not run here now; undefined when it may. */
  refusal(pod: Pod): { reason: string; message: string } | undefined {
    const { memory, disk } = this.seenPressure;
    if ((!memory && !disk) || isCritical(pod)) return undefined;
    if (!disk && (podQos(pod) !== 'BestEffort' || tolerates(pod.spec.tolerations, MEMORY_TAINT)))
      return undefined;
    const names = [...(memory ? ['MemoryPressure'] : []), ...(disk ? ['DiskPressure'] : [])];
    return {
      reason: EVICTED,
      message: `Pod was rejected: The node had condition: [${names.join(' ')}]. `,
    };
  }
}
