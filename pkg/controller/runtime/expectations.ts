// Requests of a controller that its cache does not show yet (ControllerExpectations,
// pkg/controller/controller_utils.go). While expectations are open, counting from the cache would
// create or delete twice. Unlike upstream, creations have uids too: a creation that succeeded
// although its answer was lost would otherwise count both as failed and as observed, and close the
// expectations too early.
import type { Clock } from '../../util/env/env.js';
import { EXPECTATIONS_TIMEOUT_MS } from './limits.js';

interface Expectation {
  /** Uids of created objects that the cache does not show yet. */
  creations: Set<string>;
  /** Uids observed since `expect`: a watch event may come before the answer to the request. */
  seen: Set<string>;
  deletions: Set<string>;
  since: number;
}

export class Expectations {
  private readonly byKey = new Map<string, Expectation>();

  constructor(private readonly clock: Clock) {}

  /**
   * Milliseconds until the open expectations of the key expire; 0 when all was observed. Do not
   * call while requests are in flight.
   */
  openFor(key: string): number {
    const expected = this.byKey.get(key);
    if (!expected || expected.creations.size + expected.deletions.size === 0) return 0;
    return Math.max(0, expected.since + EXPECTATIONS_TIMEOUT_MS - this.clock.monotonic());
  }

  /**
   * Replaces the expectations. Call before the first request: its watch event may come before its
   * answer.
   */
  expect(key: string, deletions: Iterable<string> = []): void {
    this.byKey.set(key, {
      creations: new Set(),
      seen: new Set(),
      deletions: new Set(deletions),
      since: this.clock.monotonic(),
    });
  }

  /** A creation succeeded. Creations that failed or got no answer are not expected. */
  created(key: string, uid: string): void {
    const expected = this.byKey.get(key);
    if (expected && !expected.seen.has(uid)) expected.creations.add(uid);
  }

  /** The cache shows the object, or showed it before. */
  seen(key: string, uid: string): void {
    const expected = this.byKey.get(key);
    expected?.seen.add(uid);
    expected?.creations.delete(uid);
  }

  /** A deletion was observed, or failed. */
  deleted(key: string, uid: string): void {
    this.byKey.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }
}
