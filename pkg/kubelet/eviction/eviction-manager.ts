// Evicts pods when the node runs short of memory or disk. Every ten seconds the manager compares
// the available amounts with the thresholds and sets the node's pressure conditions. While a
// threshold is met, it first reclaims dead containers and unused images, then evicts one pod per
// cycle, in the order of rank.ts. Under pressure it rejects new pods. No Node API. (Upstream:
// pkg/kubelet/eviction/eviction_manager.go.)
//
// Invariants: static and system-critical pods are never evicted; a condition stays for the
// transition period after its cause is gone; the next eviction waits until the last evicted pod has
// terminated, or EVICTION_END_TIMEOUT has passed.
import type { Pod } from '../../apis/core/v1/types.js';
import { TAINTS, tolerates } from '../../component-helpers/taints.js';
import { terminationGracePeriod } from '../../component-helpers/pods.js';
import { sleep, type Clock, type Log } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { until } from '../../util/wait/retry.js';
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
import { getOrInsert } from '../../util/map/get-or-insert.js';

const EVICTED = 'Evicted';
const MEMORY_TAINT = { key: TAINTS.memoryPressure, effect: 'NoSchedule' };

export interface EvictionDeps {
  clock: Clock;
  log: Log;
  thresholds: readonly Threshold[];
  /** Milliseconds. Upstream: --eviction-pressure-transition-period. */
  transitionPeriod: number;
  /**
   * Upper bound of the grace period in soft evictions, seconds (--eviction-max-pod-grace-period).
   */
  maxPodGrace: number;
  observe(): Promise<Observations>;
  /** Pods that are neither terminated nor terminating. */
  pods(): Pod[];
  /** Usage by pod uid. */
  usage(of: 'memory' | 'disk', pods: readonly Pod[]): Promise<ReadonlyMap<string, Usage>>;
  /** Disk usage by pod uid, with each limited volume on its own. */
  storage(pods: readonly Pod[]): Promise<ReadonlyMap<string, StorageUse>>;
  /** Frees disk space without terminating a pod. */
  reclaimDisk(): Promise<void>;
  evict(pod: Pod, graceSeconds: number, ended: { reason: string; message: string }): void;
  /** Whether all containers of the pod have terminated. */
  ended(pod: Pod): boolean;
  /** Called after an eviction, to record events and metrics. */
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
    const { clock, log } = this.deps;
    let evicted: Pod | undefined;
    await every(
      {
        env: { clock, log },
        signal,
        periodMs: () => (evicted ? 0 : EVICTION_PERIOD),
        failed: 'eviction check failed',
      },
      async () => {
        evicted = undefined;
        evicted = await this.synchronize();
        if (evicted) await this.untilEnded(evicted, signal);
      },
    );
  }

  private async untilEnded(pod: Pod, signal: AbortSignal): Promise<void> {
    const { clock } = this.deps;
    const periodMs = EVICTION_PERIOD / 10;
    await sleep(clock, periodMs, signal);
    await until({ clock, signal, periodMs, limitMs: EVICTION_END_TIMEOUT }, () =>
      this.deps.ended(pod),
    );
  }

  /** One cycle. Returns the evicted pod. */
  async synchronize(): Promise<Pod | undefined> {
    const greedy = await this.evictOverLimit();
    if (greedy) return greedy;
    let seen = await this.deps.observe();
    let due = this.updateConditions(seen);
    if (due.some((t) => pressureOf(t.signal) === 'disk')) {
      await this.deps.reclaimDisk();
      seen = await this.deps.observe();
      due = due.filter((t) => isMet(t, seen));
    }
    // Memory comes first, because the kernel's OOM killer acts when memory runs out.
    const threshold = due.sort(
      (a, b) =>
        Number(pressureOf(a.signal) !== 'memory') - Number(pressureOf(b.signal) !== 'memory') ||
        a.graceMs - b.graceMs,
    )[0];
    return threshold ? this.evictOne(threshold, seen) : undefined;
  }

  /**
   * Evicts pods that exceed their own storage limits, even without pressure; returns one of them.
   */
  private async evictOverLimit(): Promise<Pod | undefined> {
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

  /** Updates the conditions. Returns the thresholds that have been met for their grace period. */
  private updateConditions(seen: Observations): Threshold[] {
    const now = this.deps.clock.now();
    const due: Threshold[] = [];
    for (const threshold of this.deps.thresholds) {
      if (!isMet(threshold, seen)) {
        this.metSince.delete(threshold);
        continue;
      }
      const since = getOrInsert(this.metSince, threshold, () => now);
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

  /** The reason to reject a new pod now; undefined: the pod is admitted. */
  refusal(pod: Pod): { reason: string; message: string } | undefined {
    const { memory, disk } = this.seenPressure;
    if ((!memory && !disk) || isCritical(pod)) return undefined;
    if (!disk && (podQos(pod) !== 'BestEffort' || tolerates(pod.spec.tolerations, MEMORY_TAINT)))
      return undefined;
    const names = [...(memory ? ['MemoryPressure'] : []), ...(disk ? ['DiskPressure'] : [])];
    return { reason: EVICTED, message: `The node had condition: [${names.join(' ')}]. ` };
  }
}
