// Seeded faults: servers and etcd are killed, paused and compacted one after the other, and always
// recover.
import { CompactedError } from '../../../pkg/storage/storage.js';
import type { Cluster } from './server-process.js';

/** A seeded generator of numbers in [0, 1) (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface FaultOptions {
  cluster: Cluster;
  random: () => number;
  milliseconds: number;
  compact: () => Promise<void>;
  /** Called for each fault. */
  note: (text: string) => void;
}

/** Injects one fault and ends it. */
async function fault({ cluster, random, compact, note }: FaultOptions): Promise<void> {
  const { etcd, servers } = cluster;
  const at = Math.floor(random() * servers.length);
  const server = servers[at]!;
  const dice = random();
  const ms = Math.round(200 + random() * 1_500);
  if (dice < 0.25) {
    note(`kill server ${at}, back after ${Math.round(ms / 3)} ms`);
    await server.kill();
    await sleep(ms / 3);
    server.start();
  } else if (dice < 0.35) {
    note(`kill etcd, back after ${Math.round(ms / 2)} ms`);
    await etcd.kill();
    await sleep(ms / 2);
    await etcd.start();
  } else if (dice < 0.45) {
    note(`pause etcd for ${ms} ms`);
    etcd.pause();
    await sleep(ms);
    etcd.resume();
  } else if (dice < 0.6) {
    note(`pause server ${at} for ${ms * 2} ms`);
    server.pause();
    await sleep(ms * 2);
    server.resume();
  } else if (dice < 0.7) {
    note(`pause server ${at} for ${ms} ms while etcd is killed, restarted and compacted`);
    server.pause();
    await etcd.kill();
    await etcd.start();
    await sleep(ms);
    await compact().catch((error: unknown) => {
      // Already compacted: the first response was lost.
      if (!(error instanceof CompactedError)) throw error;
    });
    server.resume();
  } else if (dice < 0.85) {
    note(`server ${at} gets delayed responses of etcd for ${ms * 2} ms`);
    server.link.delay(50 + random() * 400);
    await sleep(ms * 2);
    server.link.delay(0);
  } else if (dice < 0.93) {
    note(`server ${at} cut off from etcd for ${ms} ms`);
    server.link.cut();
    await sleep(ms);
    server.link.mend();
  } else {
    note('compact');
    await compact().catch((error: unknown) => {
      // Already compacted: the first response was lost.
      if (!(error instanceof CompactedError)) throw error;
    });
  }
}

/** Injects faults until abort; leaves all processes running. */
export async function runFaults(options: FaultOptions): Promise<void> {
  const end = Date.now() + options.milliseconds;
  while (Date.now() < end) {
    await sleep(200 + options.random() * 900);
    await fault(options);
  }
}
