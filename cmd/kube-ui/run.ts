// Runs the UI's file server until the signal aborts.
import { dirname, join } from 'node:path';
import { serveUi } from '../../pkg/ui/server/serve.js';
import type { Run } from '../run.js';
import type { KubeUiConfig } from './options.js';

/** The folder dist/ui, relative to dist/cmd/NAME/main.js. */
export const builtUi = (): string => join(dirname(process.argv[1] ?? '.'), '../../ui');

export const runKubeUi: Run<KubeUiConfig> = async (config, env, signal) => {
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
};
