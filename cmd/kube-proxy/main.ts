import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubeProxy } from './run.js';

void runMain('kube-proxy', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubeProxy(config, realEnv('kube-proxy', config['log-level']), signal);
});
