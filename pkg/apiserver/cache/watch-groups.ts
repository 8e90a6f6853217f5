// The groups of watchers of one resource, and which of them an event can concern. Groups that want
// one value of a field (a kubelet's own pods, one object by name) are found by that value, so that
// ten thousand of them cost an event no more than ten.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { Entry } from './entry.js';
import type { CacheEvent } from './event-ring.js';
import type { WatchGroup } from './watcher.js';

interface FieldGroups {
  read: (entry: Entry) => string;
  byValue: Map<string, Set<WatchGroup>>;
}

export class WatchGroups {
  private readonly byKey = new Map<string, WatchGroup>();
  private readonly others = new Set<WatchGroup>();
  private readonly byField = new Map<string, FieldGroups>();

  get(key: string): WatchGroup | undefined {
    return this.byKey.get(key);
  }

  all(): Iterable<WatchGroup> {
    return this.byKey.values();
  }

  add(group: WatchGroup): void {
    this.byKey.set(group.key, group);
    const { equal } = group;
    if (!equal) {
      this.others.add(group);
      return;
    }
    const groups = getOrInsert(this.byField, equal.field, () => ({
      read: equal.read,
      byValue: new Map(),
    }));
    getOrInsert(groups.byValue, equal.value, () => new Set()).add(group);
  }

  delete(group: WatchGroup): void {
    this.byKey.delete(group.key);
    this.others.delete(group);
    const { equal } = group;
    if (!equal) return;
    const groups = this.byField.get(equal.field);
    const same = groups?.byValue.get(equal.value);
    same?.delete(group);
    if (same?.size === 0) groups!.byValue.delete(equal.value);
    if (groups?.byValue.size === 0) this.byField.delete(equal.field);
  }

  /** Calls back for every group that may see the event. */
  concerned(event: CacheEvent, callback: (group: WatchGroup) => void): void {
    for (const group of this.others) callback(group);
    for (const { read, byValue } of this.byField.values()) {
      const now = event.entry && read(event.entry);
      const before = event.previous && read(event.previous);
      if (now !== undefined) byValue.get(now)?.forEach(callback);
      if (before !== undefined && before !== now) byValue.get(before)?.forEach(callback);
    }
  }
}
