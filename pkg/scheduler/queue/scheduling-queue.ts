// Pending pods in three queues: active (a heap by priority, then age), back-off (failed recently),
// and unschedulable (waiting for an event that may help).
//
// Invariants: a pod is in one queue, or in flight between pop() and done() or addUnschedulable().
// An event that arrives while a pod is in flight is not lost: addUnschedulable() puts the pod into
// back-off for it.
import type { Clock, Timer } from '../../util/env/env.js';
import { Heap } from '../../util/heap/heap.js';
import type { ClusterEvent } from '../framework/framework.js';
import type { PodInfo } from '../framework/pod-info.js';
import { POD_BACKOFF_BASE_MS, POD_BACKOFF_MAX_MS, UNSCHEDULABLE_FLUSH_MS } from '../limits.js';

interface Entry {
  info: PodInfo;
  place: 'active' | 'backoff' | 'unschedulable' | 'in flight';
  attempts: number;
  /** Order of arrival, among pods of equal priority. */
  sequence: number;
  /** In the unschedulable queue: events that may help. */
  requeueEvents: ReadonlySet<ClusterEvent>;
  timer?: Timer;
  /** In flight: events seen since pop(). */
  eventsInFlight: Set<ClusterEvent>;
  /** In flight: a newer version of the pod. */
  updated?: PodInfo;
  deleted?: boolean;
}

export class SchedulingQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly active = new Heap<Entry>(
    (a, b) => b.info.priority - a.info.priority || a.sequence - b.sequence,
  );
  private arrivals = 0;

  /** `onReady` is called when pop() has a pod to give. */
  constructor(
    private readonly clock: Clock,
    private readonly onReady: () => void,
  ) {}

  /** Number of pods by queue, for the metric scheduler_pending_pods. */
  sizes(): { active: number; backoff: number; unschedulable: number } {
    const sizes = { active: 0, backoff: 0, unschedulable: 0, 'in flight': 0 };
    for (const { place } of this.entries.values()) sizes[place]++;
    const { 'in flight': _popped, ...waiting } = sizes;
    return waiting;
  }

  /**
   * Takes a new or changed pod. An unschedulable pod is tried again when its spec or labels have
   * changed.
   */
  set(info: PodInfo): void {
    const entry = this.entries.get(info.key);
    if (!entry) {
      const fresh: Entry = {
        info,
        place: 'active',
        attempts: 0,
        sequence: this.arrivals++,
        requeueEvents: new Set(),
        eventsInFlight: new Set(),
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
    else if (entry.place === 'unschedulable' && specChanged) this.backOff(entry);
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.timer?.cancel();
    if (entry.place === 'active') this.active.remove(entry);
    if (entry.place === 'in flight') entry.deleted = true;
    else this.entries.delete(key);
  }

  /** The next pod to schedule, which is in flight from now on. */
  pop(): PodInfo | undefined {
    const entry = this.active.pop();
    if (!entry) return undefined;
    entry.place = 'in flight';
    entry.attempts++;
    entry.eventsInFlight.clear();
    return entry.info;
  }

  /** Removes a pod in flight that needs no further attempt. */
  done(key: string): void {
    const entry = this.entries.get(key);
    if (entry && !this.startOver(entry)) this.entries.delete(key);
  }

  /**
   * A pod in flight was deleted, and another pod has its name (pods of stateful sets): the outcome
   * of the attempt does not concern the new pod. False when that is not so.
   */
  private startOver(entry: Entry): boolean {
    const { info, place, updated } = entry;
    if (place !== 'in flight' || !updated || entry.deleted) return false;
    if (updated.pod.metadata.uid === info.pod.metadata.uid) return false;
    this.entries.delete(info.key);
    this.set(updated);
    return true;
  }

  /** Stores a pod in flight that fits no node until one of `requeueEvents` happens. */
  addUnschedulable(key: string, requeueEvents: ReadonlySet<ClusterEvent>): void {
    const entry = this.takeOutOfFlight(key);
    if (!entry) return;
    entry.requeueEvents = requeueEvents;
    if ([...requeueEvents].some((e) => entry.eventsInFlight.has(e))) return this.backOff(entry);
    entry.place = 'unschedulable';
    entry.timer = this.clock.after(UNSCHEDULABLE_FLUSH_MS, () => this.activate(entry));
  }

  /** Tries a pod in flight again after back-off, because a request failed. */
  retry(key: string): void {
    const entry = this.takeOutOfFlight(key);
    if (entry) this.backOff(entry);
  }

  /** Moves the unschedulable pods that `event` may help to back-off. */
  requeueOn(event: ClusterEvent): void {
    for (const entry of this.entries.values()) {
      if (entry.place === 'in flight') entry.eventsInFlight.add(event);
      else if (entry.place === 'unschedulable' && entry.requeueEvents.has(event))
        this.backOff(entry);
    }
  }

  private takeOutOfFlight(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.place !== 'in flight') return undefined;
    if (entry.deleted) {
      this.entries.delete(key);
      return undefined;
    }
    if (this.startOver(entry)) return undefined;
    if (entry.updated) entry.info = entry.updated;
    delete entry.updated;
    return entry;
  }

  private backOff(entry: Entry): void {
    entry.timer?.cancel();
    entry.place = 'backoff';
    const delay = POD_BACKOFF_BASE_MS * 2 ** Math.min(entry.attempts - 1, 10);
    const bounded = Math.min(POD_BACKOFF_MAX_MS, Math.max(0, delay));
    entry.timer = this.clock.after(bounded, () => this.activate(entry));
  }

  private activate(entry: Entry): void {
    entry.timer?.cancel();
    entry.place = 'active';
    this.active.push(entry);
    this.onReady();
  }
}

/**
 * A change of the status alone, such as the scheduler's own condition, is no reason for another
 * attempt.
 */
function sameSpec(a: PodInfo, b: PodInfo): boolean {
  const [x, y] = [a.pod, b.pod];
  return (
    JSON.stringify([x.spec, x.metadata.labels]) === JSON.stringify([y.spec, y.metadata.labels])
  );
}
