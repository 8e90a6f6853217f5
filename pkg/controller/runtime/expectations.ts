// What a controller has asked for and not yet seen in its cache (ControllerExpectations,
// pkg/controller/controller_utils.go). While expectations are open, the cache does not yet show the
// controller's own work, and counting from it would create or delete twice. Unlike upstream's, creations
// are told apart by uid too: one whose answer was lost but that was carried out after all would
// otherwise be counted both as failed and as seen, and the cache be believed too early.
import type { Clock } from '../../util/env/env.js';
import { EXPECTATIONS_TIMEOUT_MS } from './limits.js';

interface Expectation {
  /** Created by us, not yet in the cache. */
  creations: Set<string>;
  /** Seen since `expect`: an event may come before the answer of the request. */
  seen: Set<string>;
  deletions: Set<string>;
  since: number;
}

export class Expectations {
  private readonly byKey = new Map<string, Expectation>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until the open expectations of the key are given up; 0 when there are none. */
  openFor(key: string): number {
    const expected = this.byKey.get(key);
    if (!expected || expected.creations.size + expected.deletions.size === 0) return 0;
    return Math.max(0, expected.since + EXPECTATIONS_TIMEOUT_MS - this.clock.monotonic());
  }

  /** True when the cache may be counted from: all was seen, or it was waited for too long. Not while requests are under way. */
  satisfied(key: string): boolean {
    return this.openFor(key) === 0;
  }

  /** Replaces what was expected. Call before the first request is sent, or its event may come first. */
  expect(key: string, deletions: Iterable<string> = []): void {
    this.byKey.set(key, {
      creations: new Set(),
      seen: new Set(),
      deletions: new Set(deletions),
      since: this.clock.monotonic(),
    });
  }

  /** A creation was answered. One that failed, or got no answer, is not waited for. */
  created(key: string, uid: string): void {
    const expected = this.byKey.get(key);
    if (expected && !expected.seen.has(uid)) expected.creations.add(uid);
  }

  /** The cache shows the object, or showed it. */
  seen(key: string, uid: string): void {
    const expected = this.byKey.get(key);
    expected?.seen.add(uid);
    expected?.creations.delete(uid);
  }

  /** A deletion was seen, or failed. */
  deleted(key: string, uid: string): void {
    this.byKey.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }
}
