// Exponential back-off, the one retry rule of the house.

export interface BackoffOptions {
  baseMs: number;
  maxMs: number;
  /** Default 2. */
  factor?: number;
  /** Adds up to this fraction of the delay by chance; default 0. */
  jitter?: number;
}

export class Backoff {
  private failures = 0;

  constructor(
    private readonly options: BackoffOptions,
    private readonly random: { next(): number } = { next: () => 0 },
  ) {}

  /** The delay in milliseconds before the next try; grows with each call until reset(). */
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
