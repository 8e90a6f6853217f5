// hack/fuzz N [SEED [FAMILY [FIRST]]]: N inputs of all families, or of one, from two threads. The
// inputs follow from the seed alone. A failure is printed minimised, with the command that repeats
// it; an input that does not end within HANG_MS is a failure too.
import { Worker } from 'node:worker_threads';
import { FAMILIES } from './families.js';
import type { Failure, Outcome } from './run.js';
import type { Range } from './worker.js';

const THREADS = 2;
const RANGE = 20_000;
const HANG_MS = 60_000;

interface Total {
  inputs: number;
  seconds: number;
  slowestMs: number;
}

const [count = '100000', seedText, only, firstText = '0'] = process.argv.slice(2);
const seed = Number(seedText ?? 1);
const chosen = FAMILIES.filter(({ name }) => !only || name === only);
if (!chosen.length)
  throw new Error(`no family ${only}; there are ${FAMILIES.map(({ name }) => name).join(', ')}`);

function rangesOf(total: number): Range[] {
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  return chosen.flatMap(({ name, share }) => {
    const inputs = Math.ceil((total * share) / shares);
    return Array.from({ length: Math.ceil(inputs / RANGE) }, (_, at): Range => {
      const start = at * RANGE;
      return {
        family: name,
        seed,
        first: Number(firstText) + start,
        count: Math.min(RANGE, inputs - start),
      };
    });
  });
}

const queue = rangesOf(Number(count));
const totals = new Map<string, Total>();
const failures = new Map<string, Failure>();

function note(family: string, { inputs, seconds, slowestMs, failures: found }: Outcome): void {
  const total = totals.get(family) ?? { inputs: 0, seconds: 0, slowestMs: 0 };
  totals.set(family, {
    inputs: total.inputs + inputs,
    seconds: total.seconds + seconds,
    slowestMs: Math.max(total.slowestMs, slowestMs),
  });
  for (const failure of found) report(failure);
}

function report(failure: Failure): void {
  const key = `${failure.family} ${failure.kind}`;
  if (failures.has(key)) return;
  failures.set(key, failure);
  process.stdout.write(
    `FAILED ${failure.family}: hack/fuzz 1 ${failure.seed} ${failure.family} ${failure.input}\n${failure.text}\n  ${JSON.stringify(Buffer.from(failure.bytes).toString('latin1').slice(0, 2_000))}\n\n`,
  );
}

function runThread(): Promise<void> {
  return new Promise((resolve) => {
    const shared = new SharedArrayBuffer(4);
    const progress = new Int32Array(shared);
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: shared });
    let range: Range | undefined;
    let last = -1;
    const lost = (why: string): void => {
      clearInterval(watch);
      if (range)
        report({
          family: range.family,
          seed,
          input: Atomics.load(progress, 0),
          kind: why,
          text: why,
          bytes: Buffer.alloc(0),
        });
      void worker.terminate().then(() => (queue.length ? runThread().then(resolve) : resolve()));
    };
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 0);
      if (range && now === last) lost(`no end after ${HANG_MS} ms`);
      last = now;
    }, HANG_MS);
    const next = (): void => {
      range = queue.shift();
      last = -1;
      if (range) worker.postMessage(range);
      else {
        clearInterval(watch);
        void worker.terminate().then(() => resolve());
      }
    };
    worker.on('message', (outcome: Outcome) => {
      note(range!.family, outcome);
      next();
    });
    worker.on('error', (error) => lost(`the thread ended: ${error.stack ?? error.message}`));
    next();
  });
}

await Promise.all(Array.from({ length: THREADS }, runThread));
let all = 0;
for (const [family, { inputs, seconds, slowestMs }] of totals) {
  all += inputs;
  process.stdout.write(
    `${family.padEnd(18)} ${String(inputs).padStart(9)} inputs ${String(Math.round(inputs / seconds)).padStart(7)}/s  slowest ${slowestMs.toFixed(0)} ms\n`,
  );
}
process.stdout.write(`${all} inputs, seed ${seed}, ${failures.size} kinds of failures\n`);
process.exitCode = failures.size ? 1 : 0;
