// Many watchers in a separate process (watchers.ts), so that their CPU does not count as the
// server's.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../cluster/layout.js';
import { ended, TOKEN } from './apiserver-lab.js';

export const WATCHERS = 500;
export const WATCH_CONNECTIONS = 10;

export interface Crowd {
  /**
   * Resolves with events per second when `work` is done and every watcher has seen `count` more
   * events.
   */
  delivered(count: number, work: () => Promise<unknown> | void): Promise<number>;
  end(): Promise<void>;
}

/**
 * `path` of the watch, in which {n} stands for the watcher's number; `caFile` verifies the server
 * on `port` of 127.0.0.1. Resolves when all watches are open.
 */
export async function gather(
  port: number,
  path: string,
  caFile: string,
  size = { watchers: WATCHERS, connections: WATCH_CONNECTIONS },
): Promise<Crowd> {
  const child = spawn(process.execPath, [join(ROOT, 'build/hack/benchmarks/watchers.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      WATCH_URL: `https://127.0.0.1:${port}`,
      WATCH_PATH: path,
      WATCH_CA: caFile,
      WATCH_TOKEN: TOKEN,
      WATCHERS: String(size.watchers),
      CONNECTIONS: String(size.connections),
    },
  });
  const lines = linesOf(child);
  await lines('ready');
  return {
    async delivered(count, work) {
      const began = performance.now();
      child.stdin!.write(`${size.watchers * count}\n`);
      await lines('armed');
      await work();
      await lines('done');
      return (size.watchers * count) / ((performance.now() - began) / 1000);
    },
    end: () => ended(child),
  };
}

/** Resolves with the next line that contains `wanted`. */
function linesOf(child: ChildProcess): (wanted: string) => Promise<void> {
  let seen = '';
  let wake: () => void = () => {};
  child.stdout!.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    wake();
  });
  child.once('exit', () => wake());
  return async (wanted) => {
    const line = `${wanted}\n`;
    while (!seen.includes(line)) {
      if (child.exitCode !== null) throw new Error(`watchers ended with code ${child.exitCode}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
    seen = seen.slice(seen.indexOf(line) + line.length);
  };
}
