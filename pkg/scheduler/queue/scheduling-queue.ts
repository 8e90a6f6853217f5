// The pods that wait for a node, in three places: active (a heap by priority, then age), back-off
// (failed lately), and parked (nothing that happened since could help).
//
// Invariants: a pod is in one place at a time, or in flight between pop() and done()/park(). An
// event that arrives while a pod is in flight is not lost: park() sees it and sends the pod to
// back-off instead.
import type { Clock, Timer } from '../../util/env/env.js';
import { Heap } from '../../util/heap/heap.js';
import type { ClusterEvent } from '../framework/framework.js';
import type { PodInfo } from '../framework/pod-info.js';
import { POD_BACKOFF_BASE_MS, POD_BACKOFF_MAX_MS, UNSCHEDULABLE_FLUSH_MS } from '../limits.js';

interface Entry {
  info: PodInfo;
  place: 'active' | 'backoff' | 'parked' | 'in flight';
  attempts: number;
  /** Order among equals: when the pod came. */
  arrived: number;
  /** Events that may help, while parked. */
  wakes: ReadonlySet<ClusterEvent>;
  timer?: Timer;
  /** In flight: events seen since pop(). */
  seen: Set<ClusterEvent>;
  /** In flight: a newer version of the pod. */
  updated?: PodInfo;
  deleted?: boolean;
}

export class SchedulingQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly active = new Heap<Entry>(
    (a, b) => b.info.priority - a.info.priority || a.arrived - b.arrived,
  );
  private arrivals = 0;

  /** `onReady` is called when pop() has something again. */
  constructor(
    private readonly clock: Clock,
    private readonly onReady: () => void,
  ) {}

  /** Pods by place, for metrics (scheduler_pending_pods). */
  sizes(): { active: number; backoff: number; unschedulable: number } {
    const count = (place: Entry['place']) =>
      [...this.entries.values()].filter((e) => e.place === place).length;
    return { active: count('active'), backoff: count('backoff'), unschedulable: count('parked') };
  }

  /** A new or changed pod. A change of a parked pod may help it, so it is tried again. */
  set(info: PodInfo): void {
    const entry = this.entries.get(info.key);
    if (!entry) {
      const fresh: Entry = {
        info,
        place: 'active',
        attempts: 0,
        arrived: this.arrivals++,
        wakes: new Set(),
        seen: new Set(),
      };
      this.entries.set(info.key, fresh);
      this.activate(fresh);
      return;
    }
    if (entry.place === 'in flight') {
      entry.updated = info;
      entry.deleted = false;
      return;
    }
    const specChanged = !sameSpec(entry.info, info);
    if (entry.place === 'active') this.active.remove(entry);
    entry.info = info;
    if (entry.place === 'active') this.active.push(entry);
    else if (entry.place === 'parked' && specChanged) this.backOff(entry);
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.timer?.cancel();
    if (entry.place === 'active') this.active.remove(entry);
    if (entry.place === 'in flight') entry.deleted = true;
    else this.entries.delete(key);
  }

  /** The next pod to decide on, now in flight. */
  pop(): PodInfo | undefined {
    const entry = this.active.pop();
    if (!entry) return undefined;
    entry.place = 'in flight';
    entry.attempts++;
    entry.seen.clear();
    return entry.info;
  }

  /** The pod in flight has its node. */
  done(key: string): void {
    this.entries.delete(key);
  }

  /** The pod in flight fits nowhere; any of `wakes` may change that. */
  park(key: string, wakes: ReadonlySet<ClusterEvent>): void {
    const entry = this.land(key);
    if (!entry) return;
    entry.wakes = wakes;
    if ([...wakes].some((e) => entry.seen.has(e))) return this.backOff(entry);
    entry.place = 'parked';
    entry.timer = this.clock.after(UNSCHEDULABLE_FLUSH_MS, () => this.activate(entry));
  }

  /** Something failed that was not the pod's fault: again, after back-off. */
  retry(key: string): void {
    const entry = this.land(key);
    if (entry) this.backOff(entry);
  }

  /** Wakes the parked pods that `event` may help. */
  wake(event: ClusterEvent): void {
    for (const entry of this.entries.values()) {
      if (entry.place === 'in flight') entry.seen.add(event);
      else if (entry.place === 'parked' && entry.wakes.has(event)) this.backOff(entry);
    }
  }

  private land(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.place !== 'in flight') return undefined;
    if (entry.deleted) {
      this.entries.delete(key);
      return undefined;
    }
    if (entry.updated) entry.info = entry.updated;
    delete entry.updated;
    return entry;
  }

  private backOff(entry: Entry): void {
    entry.timer?.cancel();
    entry.place = 'backoff';
    const delay = Math.min(
      POD_BACKOFF_MAX_MS,
      POD_BACKOFF_BASE_MS * 2 ** Math.min(entry.attempts - 1, 10),
    );
    entry.timer = this.clock.after(Math.max(0, delay), () => this.activate(entry));
  }

  private activate(entry: Entry): void {
    entry.timer?.cancel();
    entry.place = 'active';
    this.active.push(entry);
    this.onReady();
  }
}

/** Status changes (the scheduler's own condition among them) are no reason to try again. */
function sameSpec(a: PodInfo, b: PodInfo): boolean {
  const [x, y] = [a.pod, b.pod];
  return (
    JSON.stringify([x.spec, x.metadata.labels]) === JSON.stringify([y.spec, y.metadata.labels])
  );
}
