// A deterministic Env: advance() alone moves the clock, a seed determines the random numbers, and
// log lines stay in memory.
import type { Clock, Env, Log, LogFields, Metrics, Random, Timer } from '../../pkg/util/env/env.js';

interface Pending {
  at: number;
  order: number;
  callback: () => void;
}

export class VirtualClock implements Clock {
  private pending: Pending[] = [];
  private order = 0;

  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): Timer {
    const entry: Pending = { at: this.time + Math.max(0, ms), order: this.order++, callback };
    this.pending.push(entry);
    return {
      cancel: () => {
        this.pending = this.pending.filter((p) => p !== entry);
      },
    };
  }

  /** Moves the clock forward. Timers fire in order; promises settle between two timers. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.pending.reduce<Pending | undefined>(
        (a, b) => (!a || b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a),
        undefined,
      );
      if (!next || next.at > end) break;
      this.pending = this.pending.filter((p) => p !== next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
    await settle();
  }
}

/** Runs the continuations of promises that are already resolved. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** The mulberry32 generator: fast, and random enough for tests and the simulation. */
export class SeededRandom implements Random {
  constructor(private state = 1) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16));
    hex[12] = '4';
    hex[16] = '89ab'[Math.floor(this.next() * 4)]!;
    const s = hex.join('');
    return `${s.slice(0, 8)}-${s.slice(8, 12)}-${s.slice(12, 16)}-${s.slice(16, 20)}-${s.slice(20)}`;
  }
}

export class MemoryLog implements Log {
  constructor(
    readonly lines: { level: string; event: string; fields: LogFields }[] = [],
    private readonly bound: LogFields = {},
  ) {}

  private add(level: string, event: string, fields?: LogFields): void {
    this.lines.push({ level, event, fields: { ...this.bound, ...fields } });
  }
  debug(event: string, fields?: LogFields): void {
    this.add('debug', event, fields);
  }
  info(event: string, fields?: LogFields): void {
    this.add('info', event, fields);
  }
  warn(event: string, fields?: LogFields): void {
    this.add('warn', event, fields);
  }
  error(event: string, fields?: LogFields): void {
    this.add('error', event, fields);
  }
  child(fields: LogFields): Log {
    return new MemoryLog(this.lines, { ...this.bound, ...fields });
  }
}

/** Metrics that discard every value. */
export const noMetrics: Metrics = {
  counter: () => ({ inc: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
  render: () => Promise.resolve(''),
};

export interface VirtualEnv extends Env {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly log: MemoryLog;
}

export function virtualEnv(seed = 1): VirtualEnv {
  return {
    clock: new VirtualClock(),
    random: new SeededRandom(seed),
    log: new MemoryLog(),
    metrics: noMetrics,
  };
}
