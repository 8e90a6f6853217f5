import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubeControllerManager } from './run.js';

void runMain('kube-controller-manager', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubeControllerManager(
    config,
    realEnv('kube-controller-manager', config['log-level']),
    signal,
  );
});
