// The faults of requests and their probabilities. All links and stores of a cluster share one
// object; chaos.ts changes its rates.
import type { Random } from '../../pkg/util/env/env.js';

/** Probabilities per request, watch or store operation. */
export interface FaultRates {
  /** The server refuses without effect: 429, 500, 503 or 504. */
  refused: number;
  /** The connection breaks before the request is sent. */
  unsent: number;
  /** The request takes effect, and the response is lost. */
  lost: number;
  /** The request or the response is delayed by seconds. */
  late: number;
  /** A watch breaks some seconds after its start. */
  cut: number;
  /** A chunk of a watch, and all later chunks, are delayed by seconds. */
  stalled: number;
  /** A store operation fails; half of these operations took effect. */
  store: number;
}

export const NO_FAULTS: Readonly<FaultRates> = {
  refused: 0,
  unsent: 0,
  lost: 0,
  late: 0,
  cut: 0,
  stalled: 0,
  store: 0,
};

export const SOME_FAULTS: Readonly<FaultRates> = {
  refused: 0.02,
  unsent: 0.01,
  lost: 0.02,
  late: 0.02,
  cut: 0.3,
  stalled: 0.003,
  store: 0.002,
};

export const MANY_FAULTS: Readonly<FaultRates> = {
  refused: 0.08,
  unsent: 0.05,
  lost: 0.1,
  late: 0.08,
  cut: 0.7,
  stalled: 0.02,
  store: 0.01,
};

export class Faults {
  rates: Readonly<FaultRates> = NO_FAULTS;

  constructor(private readonly random: Random) {}

  happens(fault: keyof FaultRates): boolean {
    const rate = this.rates[fault];
    return rate > 0 && this.random.next() < rate;
  }

  /** Latency of one direction in milliseconds. */
  latency(): number {
    if (this.happens('late'))
      return this.random.next() < 0.1 ? this.between(5_000, 70_000) : this.between(100, 5_000);
    return this.between(1, 5);
  }

  /** A random integer of milliseconds. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random.next() * (most - least + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.next() * list.length)]!;
  }
}
