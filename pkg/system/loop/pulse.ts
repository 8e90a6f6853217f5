// The pulse of an event loop: a counter in memory that a thread reads, and the loop's own measure
// of its stalls.
import { performance } from 'node:perf_hooks';
import type { Env, Histogram } from '../../util/env/env.js';
import { PULSE_MS, STALL_MS } from './limits.js';

const BUCKETS = [0.2, 0.5, 1, 2, 5, 10, 20, 40];

export interface Pulse {
  /** Counts up every PULSE_MS while the loop runs. */
  readonly counter: Int32Array;
  /** Exports the stalls of the loop among the metrics of a component. */
  export(env: Pick<Env, 'metrics'>): void;
  stop(): void;
}

/**
 * Logs the stalls of this event loop with `env`, and the work that began last before each. Does not
 * keep the process alive.
 */
export function startPulse(env: Pick<Env, 'log' | 'metrics'>, lastWork: () => string): Pulse {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const histograms = new Set<Histogram>();
  let before = performance.now();
  const timer = setInterval(() => {
    Atomics.add(counter, 0, 1);
    const now = performance.now();
    const stall = now - before - PULSE_MS;
    before = now;
    if (stall < STALL_MS) return;
    for (const histogram of histograms) histogram.observe(stall / 1000);
    env.log.warn('the event loop stalled', { ms: Math.round(stall), lastWork: lastWork() });
  }, PULSE_MS);
  timer.unref();
  const pulse: Pulse = {
    counter,
    export({ metrics }) {
      const name = 'wheelhouse_event_loop_stall_seconds';
      const help = `Times of at least ${STALL_MS} ms for which the event loop of the process ran nothing else.`;
      histograms.add(metrics.histogram(name, help, BUCKETS));
    },
    stop: () => clearInterval(timer),
  };
  pulse.export(env);
  return pulse;
}
