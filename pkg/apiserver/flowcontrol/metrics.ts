// The metrics of priority and fairness by upstream's names (util/flowcontrol/metrics). They are
// computed when they are read, so that requests do not pay for them.
import type { Metrics } from '../../util/env/env.js';
import type { FlowControl } from './flow-control.js';
import { registered } from '../../util/metrics/registered.js';
import { FLOW_METRICS } from './metrics.generated.js';
import type { Level } from './level.js';

const LEVEL = ['priority_level'] as const;
const PREFIX = 'apiserver_flowcontrol_';

/** Gauges of a level: name, help, value. */
const LEVEL_GAUGES: readonly [name: string, help: string, value: (level: Level) => number][] = [
  ['nominal_limit_seats', 'Nominal number of execution seats', ({ bounds }) => bounds.nominal],
  ['lower_limit_seats', 'Lower bound on number of execution seats', ({ bounds }) => bounds.lower],
  ['upper_limit_seats', 'Upper bound on number of execution seats', ({ bounds }) => bounds.upper],
  ['current_limit_seats', 'Current derived number of execution seats', ({ set }) => set.limit],
  ['current_executing_seats', 'Seats occupied by executing requests', ({ set }) => set.seatsInUse],
  ['demand_seats_average', 'Average of seat demand', ({ demand }) => demand.average],
  ['demand_seats_stdev', 'Standard deviation of seat demand', ({ demand }) => demand.deviation],
  ['demand_seats_high_watermark', 'High watermark of seat demand', ({ demand }) => demand.high],
  ['demand_seats_smoothed', 'Smoothed seat demand', (level) => level.smoothed],
  ['target_seats', 'Seat allocation target', (level) => level.target],
];

/** Returns the function that brings the metrics up to date. */
export function flowControlMetrics(control: FlowControl, metrics: Metrics): () => void {
  const gauges = LEVEL_GAUGES.map(([name, help, value]) => ({
    gauge: metrics.gauge(`${PREFIX}${name}`, `${help} of each priority level.`, LEVEL),
    value,
  }));
  const { inQueue, executing, dispatched, rejected, waits } = registered(metrics, FLOW_METRICS);
  const told = new Map<string, number>();
  /** The growth of a count since the last call. */
  const added = (key: string, count: number): number => {
    const before = told.get(key) ?? 0;
    told.set(key, count);
    return count - before;
  };
  return () => {
    for (const level of control.levels.values()) {
      const labels = { priority_level: level.name };
      for (const { gauge, value } of gauges) gauge.set(value(level), labels);
      executing.set(level.set.executing, labels);
      for (const [schema, counts] of level.counts) {
        const flow = { ...labels, flow_schema: schema };
        inQueue.set(counts.waiting, flow);
        const key = `${level.name}/${schema}`;
        dispatched.inc(flow, added(key, counts.dispatched));
        for (const [reason, count] of Object.entries(counts.rejected))
          rejected.inc({ ...flow, reason }, added(`${key}/${reason}`, count));
      }
      for (const [schema, seconds, execute] of level.takeWaits())
        waits.observe(seconds, { ...labels, flow_schema: schema, execute: String(execute) });
    }
  };
}
