// One thread of the fuzzer: it runs the ranges that it is sent, and shows where it is.
import { parentPort, workerData } from 'node:worker_threads';
import { FAMILIES } from './families.js';
import { runFamily } from './run.js';

export interface Range {
  family: string;
  seed: number;
  first: number;
  count: number;
}

const progress = new Int32Array(workerData as SharedArrayBuffer);

parentPort!.on('message', ({ family, seed, first, count }: Range) => {
  const found = FAMILIES.find(({ name }) => name === family)!;
  void runFamily(found, seed, first, count, (input) => Atomics.store(progress, 0, input)).then(
    (outcome) => parentPort!.postMessage(outcome),
  );
});
