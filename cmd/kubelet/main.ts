import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runKubelet } from './run.js';

void runMain('kubelet', (argv, signal) => {
  const config = parseOptions(argv);
  const env = realEnv('kubelet', config['log-level']);
  return watched('kubelet', env, (watchdog) => runKubelet(config, env, signal, watchdog));
});
