// Back-off by key, as upstream's flowcontrol.Backoff: the first attempt has no delay, each further
// attempt doubles the delay, and a long time without failures resets the delay. Pure.

interface Entry {
  delay: number;
  /** When the delay was set. */
  since: number;
}

export class KeyedBackoff {
  private readonly entries = new Map<string, Entry>();

  /** `forgetAfter`: milliseconds between an attempt and the next failure that reset the delay. */
  constructor(
    private readonly bounds: { baseMs: number; maxMs: number },
    private readonly forgetAfter: number,
  ) {}

  /**
   * The earliest time of the next attempt after a failure at `failedAt`; 0 for an immediate
   * attempt.
   */
  until(key: string, failedAt?: number): number {
    const entry = this.entries.get(key);
    if (!entry) return 0;
    const from = failedAt ?? entry.since;
    return from - entry.since > this.forgetAfter ? 0 : from + entry.delay;
  }

  /**
   * Records an attempt after a failure at `failedAt`, which increases the delay of the next
   * attempt.
   */
  next(key: string, now: number, failedAt = now): void {
    const entry = this.entries.get(key);
    const fresh = !entry || failedAt - entry.since > this.forgetAfter;
    const delay = fresh ? this.bounds.baseMs : Math.min(entry.delay * 2, this.bounds.maxMs);
    this.entries.set(key, { delay, since: now });
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
