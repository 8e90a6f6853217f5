// How the seats of the server are divided among priority levels (upstream
// util/flowcontrol/apf_controller.go and conc_alloc.go). Each level has a nominal limit by its
// shares. Every ten seconds levels that need less lend seats to levels that need more. Pure.
import type { PriorityLevelConfiguration } from '../../apis/flowcontrol/v1/types.js';

export interface Bounds {
  nominal: number;
  /** Seats that the level never lends. */
  lower: number;
  /** Seats that the level has at most, with what it borrows. */
  upper: number;
}

/** Shares and percentages of the spec, of either type of level. */
function sharesOf({ spec }: PriorityLevelConfiguration) {
  const { nominalConcurrencyShares = 0, lendablePercent = 0 } =
    (spec.type === 'Exempt' ? spec.exempt : spec.limited) ?? {};
  const borrowing = spec.limited?.borrowingLimitPercent;
  return { shares: nominalConcurrencyShares, lendable: lendablePercent, borrowing };
}

export function boundsOf(
  levels: readonly PriorityLevelConfiguration[],
  serverLimit: number,
): Map<string, Bounds> {
  const total = levels.reduce((sum, level) => sum + sharesOf(level).shares, 0);
  return new Map(
    levels.map((level) => {
      const { shares, lendable, borrowing } = sharesOf(level);
      const nominal = total === 0 ? 0 : Math.ceil((serverLimit * shares) / total);
      const lower = nominal - Math.round((nominal * lendable) / 100);
      const upper =
        borrowing === undefined
          ? serverLimit
          : Math.min(serverLimit, nominal + Math.round((nominal * borrowing) / 100));
      return [level.metadata.name, { nominal, lower, upper }];
    }),
  );
}

/** The need of a level during the last period, in seats. */
export interface Demand {
  average: number;
  deviation: number;
  high: number;
}

/** Collects the demand of a period: the average and deviation over time, and the highest value. */
export class DemandMeter {
  private sum = 0;
  private squares = 0;
  private high = 0;
  private value = 0;
  private since: number;

  constructor(private began: number) {
    this.since = began;
  }

  set(value: number, now: number): void {
    const span = now - this.since;
    this.sum += this.value * span;
    this.squares += this.value * this.value * span;
    this.since = now;
    this.value = value;
    if (value > this.high) this.high = value;
  }

  /** Ends the period at `now` and begins the next. */
  take(now: number): Demand {
    this.set(this.value, now);
    const span = now - this.began;
    const average = span > 0 ? this.sum / span : this.value;
    const variance = span > 0 ? this.squares / span - average * average : 0;
    const demand = { average, deviation: Math.sqrt(Math.max(0, variance)), high: this.high };
    this.sum = 0;
    this.squares = 0;
    this.high = this.value;
    this.began = now;
    return demand;
  }
}

/** Upstream's seatDemandSmoothingCoefficient, for periods of ten seconds. */
const SMOOTHING = 0.977;

/** The demand rises at once and falls slowly. */
export function smoothed(before: number, { average, deviation }: Demand): number {
  const envelope = average + deviation;
  return Math.max(envelope, SMOOTHING * before + (1 - SMOOTHING) * envelope);
}

export interface Claim {
  lower: number;
  upper: number;
  target: number;
}

/**
 * Divides `total` seats: each claim gets its target times one factor for all, within its bounds.
 * The sum of the lower bounds is at most `total`.
 */
export function divideSeats(total: number, claims: readonly Claim[]): number[] {
  const at = (factor: number): number[] =>
    claims.map(({ lower, upper, target }) => Math.max(lower, Math.min(upper, factor * target)));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  let low = 0;
  let high = 1;
  while (sum(at(high)) < total && high < total * 1024) high *= 2;
  for (let step = 0; step < 64; step++) {
    const middle = (low + high) / 2;
    if (sum(at(middle)) < total) low = middle;
    else high = middle;
  }
  return at(high).map(Math.round);
}
