// Runs the UI's file server until the signal aborts.
import { dirname, join } from 'node:path';
import { serveUi } from '../../pkg/ui/server/serve.js';
import type { Env } from '../../pkg/util/env/env.js';
import type { KubeUiConfig } from './options.js';

/** The folder dist/ui, relative to dist/cmd/NAME/main.js. */
export const builtUi = (): string => join(dirname(process.argv[1] ?? '.'), '../../ui');

export async function runKubeUi(
  config: KubeUiConfig,
  env: Env,
  signal: AbortSignal,
): Promise<void> {
  const directory = config['ui-dir'] ?? builtUi();
  const port = await serveUi(
    env,
    { address: config.address, port: config.port, directory },
    signal,
  );
  env.log.info('serving', { port });
  await new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
