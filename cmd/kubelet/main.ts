import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubelet } from './run.js';

void runMain('kubelet', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubelet(config, realEnv('kubelet', config['log-level']), signal);
});
