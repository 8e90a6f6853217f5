import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runKubeScheduler } from './run.js';

void runMain('kube-scheduler', (argv, signal) => {
  const config = parseOptions(argv);
  const env = realEnv('kube-scheduler', config['log-level']);
  return watched('kube-scheduler', env, (watchdog) =>
    runKubeScheduler(config, env, signal, watchdog),
  );
});
