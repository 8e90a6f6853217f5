import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runKubeApiserver } from './run.js';

void runMain('kube-apiserver', (argv, signal) => {
  const config = parseOptions(argv);
  const env = realEnv('kube-apiserver', config['log-level']);
  return watched('kube-apiserver', env, (watchdog) =>
    runKubeApiserver(config, env, signal, watchdog),
  );
});
