// Follows files that may be replaced while the server runs, as upstream's dynamic file controllers.
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sleep, type Env } from '../pkg/util/env/env.js';
import { Wakeup } from '../pkg/util/wait/abortable.js';
import { every } from '../pkg/util/wait/every.js';

/** Poll interval for a folder that cannot be watched, as in upstream. */
const LOOK_MS = 60_000;
/** Delay before reading, so that files that are replaced together are read together. */
const SETTLE_MS = 200;

/**
 * Calls `look` at once, after each change beside the files, and once a minute, until abort. A
 * failure of `look` is logged under `failed`.
 */
export async function followFiles(
  paths: readonly string[],
  { env, failed }: { env: Pick<Env, 'clock' | 'log'>; failed: string },
  look: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const wakeup = new Wakeup();
  const log = env.log.child({ files: paths });
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    // Watches folders, because a watch of a file does not see its replacement.
    const watcher = watch(folder, { signal, persistent: false }, () => wakeup.wake());
    watcher.on('error', (error) =>
      log.warn('cannot watch a folder, polling once a minute', { folder, error }),
    );
  }
  let isFirst = true;
  await every({ env: { ...env, log }, signal, periodMs: LOOK_MS, wakeup, failed }, async () => {
    if (!isFirst) await sleep(env.clock, SETTLE_MS, signal);
    isFirst = false;
    await look();
  });
}

/**
 * Calls `apply` with the new texts whenever they differ from those of before, until abort. While
 * `apply` throws, the old configuration stays, and a warning says so.
 */
export async function followTexts(
  paths: readonly string[],
  first: readonly string[],
  apply: (texts: string[]) => void | Promise<void>,
  env: Pick<Env, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let known = JSON.stringify(first);
  const look = async (): Promise<void> => {
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    const now = JSON.stringify(texts);
    if (now === known) return;
    await apply(texts);
    known = now;
    env.log.info('read again', { paths: paths.join(', ') });
  };
  const failed = `files were changed and cannot be used: ${paths.join(', ')}`;
  await followFiles(paths, { env, failed }, look, signal);
}
