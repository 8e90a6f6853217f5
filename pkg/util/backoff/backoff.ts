// Exponential back-off, the delay of every retry.

export interface BackoffOptions {
  baseMs: number;
  maxMs: number;
  /** Default 2. */
  factor?: number;
  /** Upper bound of the random fraction that is added to each delay; default 0. */
  jitter?: number;
}

export class Backoff {
  private failures = 0;

  constructor(
    private readonly options: BackoffOptions,
    private readonly random: { next(): number } = { next: () => 0 },
  ) {}

  /**
   * The delay in milliseconds before the next attempt. Each call before reset() increases the
   * delay.
   */
  next(): number {
    const { baseMs, maxMs, factor = 2, jitter = 0 } = this.options;
    const delay = Math.min(maxMs, baseMs * factor ** Math.min(this.failures, 64));
    this.failures++;
    return delay * (1 + jitter * this.random.next());
  }

  reset(): void {
    this.failures = 0;
  }
}
