import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubeApiserver } from './run.js';

void runMain('kube-apiserver', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubeApiserver(config, realEnv('kube-apiserver', config['log-level']), signal);
});
