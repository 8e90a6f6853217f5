// Files of the configuration that may change while the server runs.
import { readFile } from 'node:fs/promises';
import type { Env } from '../../pkg/util/env/env.js';
import { every } from '../../pkg/util/wait/every.js';

/** Time between two looks at a file. */
const LOOK_MS = 1_000;

/**
 * Calls `apply` with the new texts whenever a file changes, until abort. While `apply` throws, the
 * old configuration stays, and a warning says so once.
 */
export async function followFiles(
  paths: readonly string[],
  first: readonly string[],
  apply: (texts: string[]) => void | Promise<void>,
  env: Env,
  signal: AbortSignal,
): Promise<void> {
  let known = JSON.stringify(first);
  const failed = `files were changed and cannot be used: ${paths.join(', ')}`;
  await every({ env, signal, periodMs: LOOK_MS, firstMs: LOOK_MS, failed }, async () => {
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    const now = JSON.stringify(texts);
    if (now === known) return;
    await apply(texts);
    known = now;
    env.log.info('read again', { paths: paths.join(', ') });
  });
}
