// Back-off by key in the manner of upstream's flowcontrol.Backoff: the first go is free, each next
// one doubles the wait, a long quiet time forgets everything. Pure.

interface Entry {
  delay: number;
  /** When the delay was set. */
  since: number;
}

export class KeyedBackoff {
  private readonly entries = new Map<string, Entry>();

  /** `forgetAfter`: milliseconds between a go and the next failure after which nothing is remembered. */
  constructor(
    private readonly bounds: { baseMs: number; maxMs: number },
    private readonly forgetAfter: number,
  ) {}

  /** When `key` may go again after having failed at `failedAt`; 0 when at once. */
  until(key: string, failedAt?: number): number {
    const entry = this.entries.get(key);
    if (!entry) return 0;
    const from = failedAt ?? entry.since;
    return from - entry.since > this.forgetAfter ? 0 : from + entry.delay;
  }

  /** Notes a go of `key` (a restart after a failure at `failedAt`): the wait after the next failure grows. */
  next(key: string, now: number, failedAt = now): void {
    const entry = this.entries.get(key);
    const fresh = !entry || failedAt - entry.since > this.forgetAfter;
    this.entries.set(key, {
      delay: fresh ? this.bounds.baseMs : Math.min(entry.delay * 2, this.bounds.maxMs),
      since: now,
    });
  }

  delayOf(key: string): number {
    return this.entries.get(key)?.delay ?? 0;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  forgetPrefix(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }
}
