// What a controller has asked for and not yet seen in its cache (ControllerExpectations,
// pkg/controller/controller_utils.go). While expectations are open, the cache does not yet show the
// controller's own work, and counting from it would create or delete twice. Deletions are told apart
// by uid, so that an update of a dying pod followed by its removal counts once.
import type { Clock } from '../../util/env/env.js';
import { EXPECTATIONS_TIMEOUT_MS } from './limits.js';

interface Expectation {
  creations: number;
  deletions: Set<string>;
  since: number;
}

export class Expectations {
  private readonly byKey = new Map<string, Expectation>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until the open expectations of the key are given up; 0 when there are none. */
  openFor(key: string): number {
    const expected = this.byKey.get(key);
    if (!expected || (expected.creations <= 0 && expected.deletions.size === 0)) return 0;
    return Math.max(0, expected.since + EXPECTATIONS_TIMEOUT_MS - this.clock.monotonic());
  }

  /** True when the cache may be counted from: all was seen, or it was waited for too long. */
  satisfied(key: string): boolean {
    return this.openFor(key) === 0;
  }

  /** Replaces what was expected. Call before the first request is sent, or its event may come first. */
  expect(key: string, creations: number, deletions: Iterable<string> = []): void {
    this.byKey.set(key, { creations, deletions: new Set(deletions), since: this.clock.monotonic() });
  }

  /** A creation was seen, or failed, or was not tried. */
  created(key: string, count = 1): void {
    const expected = this.byKey.get(key);
    if (expected) expected.creations -= count;
  }

  /** A deletion was seen, or failed. */
  deleted(key: string, uid: string): void {
    this.byKey.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }
}
