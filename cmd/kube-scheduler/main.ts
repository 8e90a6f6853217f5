import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubeScheduler } from './run.js';

void runMain('kube-scheduler', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubeScheduler(config, realEnv('kube-scheduler', config['log-level']), signal);
});
