// Runs the UI's file server until the signal aborts.
import { dirname, join } from 'node:path';
import { serveUi } from '../../pkg/ui/server/serve.js';
import { aborted } from '../../pkg/util/wait/abortable.js';
import type { Run } from '../run.js';
import type { KubeUiConfig } from './options.js';
export { parseOptions } from './options.js';

/** The folder dist/ui, relative to dist/cmd/NAME/main.js. */
export const builtUi = (): string => join(dirname(process.argv[1] ?? '.'), '../../ui');

export const runKubeUi: Run<KubeUiConfig> = async (config, env, signal) => {
  const { address, port } = config;
  const directory = config['ui-dir'] ?? builtUi();
  env.log.info('serving', { port: await serveUi(env, { address, port, directory }, signal) });
  await aborted(signal);
};
