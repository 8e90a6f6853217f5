// One priority level: its queues, its bounds, and what its requests have done.
import type { PriorityLevelConfiguration } from '../../apis/flowcontrol/v1/types.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { DemandMeter, type Bounds, type Demand } from './concurrency.js';
import { QueueSet, type Queuing } from './queue-set.js';
import { maxSeatsOf } from './work-estimate.js';

/** Counts of the requests of one flow schema; the metrics read them. */
export interface FlowCounts {
  dispatched: number;
  waiting: number;
  rejected: Record<string, number>;
}

/** Observed waits since the last time they were taken, as [schema, seconds, executed]. */
type Wait = readonly [schema: string, seconds: number, executed: boolean];

const NO_QUEUES: Queuing = { queues: 0, handSize: 0, queueLengthLimit: 0 };
const MAX_PENDING_WAITS = 10_000;

export class Level {
  readonly set = new QueueSet();
  readonly meter: DemandMeter;
  readonly counts = new Map<string, FlowCounts>();
  bounds: Bounds = { nominal: 0, lower: 0, upper: 0 };
  queuing: Queuing = NO_QUEUES;
  isQuiescing = false;
  maxSeats = 1;
  /** Time of the event loop per seat, in ms, while the level had waiting requests. */
  virtual = 0;
  demand: Demand = { average: 0, deviation: 0, high: 0 };
  smoothed = 0;
  target = 0;
  private exemptSeats = 0;
  private waits: Wait[] = [];

  constructor(
    public config: PriorityLevelConfiguration,
    now: number,
  ) {
    this.meter = new DemandMeter(now);
  }

  get name(): string {
    return this.config.metadata.name;
  }

  get isExempt(): boolean {
    return this.config.spec.type === 'Exempt';
  }

  configure(config: PriorityLevelConfiguration, bounds: Bounds): void {
    const { queuing, type } = config.spec.limited?.limitResponse ?? {};
    this.config = config;
    this.isQuiescing = false;
    this.queuing =
      type === 'Queue' && queuing ? { ...NO_QUEUES, ...(queuing as Partial<Queuing>) } : NO_QUEUES;
    this.set.configure(this.queuing);
    if (bounds.nominal !== this.bounds.nominal) this.set.limit = bounds.nominal;
    this.bounds = bounds;
    this.maxSeats = maxSeatsOf(bounds.nominal, this.queuing.handSize);
  }

  countsOf(schema: string): FlowCounts {
    return getOrInsert(this.counts, schema, () => ({ dispatched: 0, waiting: 0, rejected: {} }));
  }

  noteDemand(now: number): void {
    this.meter.set(this.set.demand, now);
  }

  /** Requests of an exempt level take seats from the others, and wait for none. */
  exempt(seats: number, now: number): void {
    this.exemptSeats += seats;
    this.set.seatsInUse = this.exemptSeats;
    this.set.executing += seats > 0 ? 1 : -1;
    this.meter.set(this.exemptSeats, now);
  }

  observeWait(schema: string, ms: number, executed: boolean): void {
    if (this.waits.length < MAX_PENDING_WAITS) this.waits.push([schema, ms / 1000, executed]);
  }

  takeWaits(): readonly Wait[] {
    const { waits } = this;
    this.waits = [];
    return waits;
  }
}
