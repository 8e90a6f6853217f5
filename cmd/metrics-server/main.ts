import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runMetricsServer } from './run.js';

void runMain('metrics-server', (argv, signal) => {
  const config = parseOptions(argv);
  return runMetricsServer(config, realEnv('metrics-server', config['log-level']), signal);
});
