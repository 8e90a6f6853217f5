// Runs a range of one family's inputs and finds failures: errors that are not documented, more than
// 200 ms of CPU time for one input, heap that stays.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Family, Prepared } from './family.js';
import { minimise } from './minimise.js';
import { Choice } from './random.js';

export const MAX_CPU_MS = 200;
/** Runs that measure the CPU time of an input that took long. */
const REPEATS = 3;
/** Failures of one kind are reported once, and so many kinds of a range. */
const MAX_KINDS = 10;
/** Heap that an input may leave behind in a room that stores nothing. */
const GROWTH_BYTES = 300;
/** Allows for caches with a bound, which fill in the first quarter and later. */
const GROWTH_SLACK = 24_000_000;

export interface Failure {
  family: string;
  seed: number;
  input: number;
  kind: string;
  text: string;
  /** Minimised. */
  bytes: Buffer;
}

export interface Outcome {
  inputs: number;
  seconds: number;
  slowestMs: number;
  failures: Failure[];
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

const text = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Two failures with the same kind have one cause: the error and the place that threw it. */
function kindOf(error: unknown): string {
  const lines = text(error).split('\n');
  const place = lines.find(
    (line) => /^\s+at .*(build|pkg|test)\//.test(line) && !/family\.[jt]s/.test(line),
  );
  const head = lines[0]!
    .split('|', 1)[0]!
    .replace(/[0-9]+/g, 'N')
    .replace(/"[^"]*"?|'[^']*'?/g, '"..."');
  return `${head} ${place?.trim().replace(/\(?file:.*\/(build\/)?/, '(') ?? ''}`;
}

/** Why the input fails; undefined when it passes. */
async function failureOf(prepared: Prepared, bytes: Buffer): Promise<unknown> {
  const began = performance.now();
  try {
    await prepared.run(bytes);
  } catch (error) {
    return error;
  }
  if (performance.now() - began < MAX_CPU_MS) return undefined;
  // The machine may have been busy: the least CPU time of further runs decides, since the time of
  // the process has that of the other thread in it.
  let least = Infinity;
  for (let again = 0; again < REPEATS && least > MAX_CPU_MS; again++) {
    const before = process.cpuUsage();
    try {
      await prepared.run(bytes);
    } catch (error) {
      return error;
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least > MAX_CPU_MS ? new Error(`slow: ${Math.round(least)} ms of CPU`) : undefined;
}

/** Runs the inputs [first, first + count); `at` is told the number of each. */
export async function runFamily(
  family: Family,
  seed: number,
  first: number,
  count: number,
  at: (input: number) => void = () => {},
): Promise<Outcome> {
  const prepared = await family.prepare();
  const outcome: Outcome = { inputs: count, seconds: 0, slowestMs: 0, failures: [] };
  const kinds = new Set<string>();
  const began = performance.now();
  let before = 0;
  const warm = Math.floor(count / 4);
  const add = async (input: number, error: unknown, bytes: Buffer): Promise<void> => {
    const kind = kindOf(error);
    if (kinds.has(kind) || kinds.size >= MAX_KINDS) return;
    kinds.add(kind);
    const small = await minimise(bytes, async (smaller) => {
      const other = await failureOf(prepared, smaller);
      return other === undefined ? undefined : kindOf(other);
    });
    const last = (await failureOf(prepared, small)) ?? error;
    outcome.failures.push({
      family: family.name,
      seed,
      input,
      kind,
      text: text(last),
      bytes: small,
    });
  };
  try {
    for (let input = first; input < first + count; input++) {
      at(input);
      if (input - first === warm) before = heap();
      const bytes = prepared.make(Choice.of(seed, family.name, input));
      const start = performance.now();
      const error = await failureOf(prepared, bytes);
      outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - start);
      if (error !== undefined) await add(input, error, bytes);
    }
    const grown = heap() - before;
    if (grown > GROWTH_SLACK + (count - warm) * (family.growth ?? GROWTH_BYTES))
      await add(
        first,
        new Error(`growth: ${Math.round(grown / 1e6)} MB after ${count} inputs`),
        Buffer.alloc(0),
      );
  } finally {
    await prepared.close?.();
  }
  outcome.seconds = (performance.now() - began) / 1000;
  return outcome;
}
