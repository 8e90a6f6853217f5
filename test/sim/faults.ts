// What may go wrong on the way of a request, and how often. One object is shared by all links and
// stores of a cluster; the chaos (chaos.ts) raises and lowers its rates.
import type { Random } from '../../pkg/util/env/env.js';

/** Chances per request, watch or store operation. */
export interface FaultRates {
  /** Refused before anything was done: 429, 500, 503 or 504. */
  refused: number;
  /** The connection breaks before the request is out. */
  unsent: number;
  /** Carried out, and the answer lost. */
  lost: number;
  /** Seconds late, on the way there or back. */
  late: number;
  /** A watch is cut some seconds after it began. */
  cut: number;
  /** A piece of a watch comes seconds late, and all after it. */
  stalled: number;
  /** A store operation fails: half of these have been carried out. */
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

  /** Milliseconds of one way over the network. */
  latency(): number {
    if (this.happens('late'))
      return this.random.next() < 0.1 ? this.between(5_000, 70_000) : this.between(100, 5_000);
    return this.between(1, 5);
  }

  /** A whole number of milliseconds. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random.next() * (most - least + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random.next() * list.length)]!;
  }
}
