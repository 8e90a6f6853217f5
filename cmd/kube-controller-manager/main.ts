import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runKubeControllerManager } from './run.js';

void runMain('kube-controller-manager', (argv, signal) => {
  const config = parseOptions(argv);
  const env = realEnv('kube-controller-manager', config['log-level']);
  return watched('kube-controller-manager', env, (watchdog) =>
    runKubeControllerManager(config, env, signal, watchdog),
  );
});
