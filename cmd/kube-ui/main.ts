import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runKubeUi } from './run.js';

void runMain('kube-ui', (argv, signal) => {
  const config = parseOptions(argv);
  return runKubeUi(config, realEnv('kube-ui', config['log-level']), signal);
});
