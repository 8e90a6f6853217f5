// One simulation: rounds of work and faults. After each round, without faults, the cluster must
// reach its desired state and then stay quiet. The result of a failed seed is a bug report.
import { Chaos } from './chaos.js';
import { Cluster } from './cluster.js';
import { unfinished } from './convergence.js';
import { Violation } from './invariants.js';
import { Workload } from './workload.js';

export interface SimulationOptions {
  seed: number;
  /** Number of rounds; default 3. */
  rounds?: number;
  /** Virtual seconds of work and faults in a round; default 400. */
  chaosSeconds?: number;
  echo?: (line: string) => void;
  /**
   * Causes a violation at the end of the first round, for the test of the simulation.
   */
  sabotage?: (cluster: Cluster) => Promise<unknown>;
}

export interface SimulationResult {
  seed: number;
  /** The hash of the trace. */
  hash: string;
  lines: number;
  virtualSeconds: number;
  /** The bug report; undefined for a seed that passed. */
  report: string | undefined;
}

/**
 * Virtual seconds in which a cluster without faults reaches its desired state: longer than the
 * longest back-off and toleration.
 */
const SETTLE_SECONDS = 900;
/** Longer than an answer can be late that was asked for before the faults ended. */
const LATE_SECONDS = 80;
const STILL_SECONDS = 60;
const TRACE_LINES = 60;
/**
 * Steps of a virtual minute. Busy minutes have 5,000; two rules that undo each other's work make
 * 40,000 and never end.
 */
const MAX_STEPS_A_MINUTE = 20_000;

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, rounds = 3, chaosSeconds = 400, echo } = options;
  const cluster = new Cluster({
    seed,
    servers: 1 + (seed % 2),
    nodes: 3 + (seed % 3),
    ...(echo ? { echo } : {}),
  });
  let report: string | undefined;
  try {
    await cluster.start();
    await cluster.advance(20_000);
    const advance = advancing(cluster);
    const [workload, chaos] = [new Workload(cluster), new Chaos(cluster)];
    await cluster.during(workload.prepare());
    for (let round = 0; round < rounds; round++) {
      await disturb(cluster, advance, workload, chaos, chaosSeconds);
      await options.sabotage?.(cluster);
      await chaos.heal();
      await settle(cluster, advance, workload);
      await keepStill(cluster, advance);
      cluster.invariants.calm();
    }
  } catch (error) {
    report = describe(cluster, error as Error, options);
  }
  const result = {
    seed,
    hash: cluster.trace.digest(),
    lines: cluster.trace.lines,
    virtualSeconds: Math.round(cluster.clock.elapsed / 1000),
    report,
  };
  await cluster.stop();
  return result;
}

type Advance = (ms: number) => Promise<void>;

/** Advances the cluster's clock, and refuses a cluster that is caught in a loop. */
function advancing(cluster: Cluster): Advance {
  const { clock, trace } = cluster;
  let [minute, before] = [clock.elapsed, trace.lines];
  return async (ms) => {
    await cluster.advance(ms);
    const minutes = (clock.elapsed - minute) / 60_000;
    if (minutes < 1) return;
    const steps = Math.round((trace.lines - before) / minutes);
    if (steps > MAX_STEPS_A_MINUTE)
      throw new Violation(`caught in a loop: ${steps} steps in a minute`);
    [minute, before] = [clock.elapsed, trace.lines];
  };
}

async function disturb(
  cluster: Cluster,
  advance: Advance,
  workload: Workload,
  chaos: Chaos,
  seconds: number,
): Promise<void> {
  const { clock, faults } = cluster;
  const end = clock.elapsed + seconds * 1000;
  let nextFault = clock.elapsed + faults.between(1_000, 20_000);
  while (clock.elapsed < end) {
    workload.step();
    if (clock.elapsed >= nextFault) {
      chaos.step();
      nextFault = clock.elapsed + faults.between(1_000, 30_000);
    }
    await advance(faults.between(100, 6_000));
  }
}

/** Waits until no work is left. */
async function settle(cluster: Cluster, advance: Advance, workload: Workload): Promise<void> {
  let left: string[] = [];
  for (let waited = 0; waited < SETTLE_SECONDS; waited += 5) {
    await advance(5_000);
    if (workload.idle) await cluster.during(workload.finish());
    left = workload.idle
      ? unfinished(cluster.model, await cluster.running(), cluster.metrics)
      : ['the user is at work'];
    if (!left.length) return cluster.trace.add(`settled after ${waited} s`);
  }
  throw new Violation(
    `not settled after ${SETTLE_SECONDS} s without faults:\n  ${left.slice(0, 20).join('\n  ')}`,
  );
}

/** Checks that a settled cluster writes nothing. */
async function keepStill(cluster: Cluster, advance: Advance): Promise<void> {
  await advance(LATE_SECONDS * 1000);
  cluster.writes = [];
  await advance(STILL_SECONDS * 1000);
  const left = unfinished(cluster.model, await cluster.running(), cluster.metrics);
  if (left.length)
    throw new Violation(`did not stay settled:\n  ${left.slice(0, 20).join('\n  ')}`);
  const writes = cluster.writes.filter((one) => !/ \/registry\/minions\//.test(one));
  if (writes.length)
    throw new Violation(
      `${writes.length} writes although there is nothing to do:\n  ${writes.slice(0, 20).join('\n  ')}`,
    );
}

function describe(
  cluster: Cluster,
  error: Error,
  { seed, rounds, chaosSeconds }: SimulationOptions,
): string {
  const { trace } = cluster;
  const again = [
    `SIM_SEED=${seed}`,
    ...(rounds ? [`SIM_ROUNDS=${rounds}`] : []),
    ...(chaosSeconds ? [`SIM_SECONDS=${chaosSeconds}`] : []),
  ];
  return [
    `seed ${seed}, after ${(cluster.clock.elapsed / 1000).toFixed(3)} virtual seconds and ${trace.lines} steps:`,
    error instanceof Violation ? error.message : (error.stack ?? error.message),
    '',
    'what users and chaos did last:',
    ...trace.actions(25),
    '',
    `the last ${TRACE_LINES} steps:`,
    ...trace.tail(TRACE_LINES),
    '',
    `again: ${again.join(' ')} hack/simulate`,
  ].join('\n');
}
