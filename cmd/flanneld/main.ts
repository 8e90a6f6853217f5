import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runFlanneld } from './run.js';

void runMain('flanneld', (argv, signal) => {
  const config = parseOptions(argv, process.env);
  return runFlanneld(config, realEnv('flanneld', config['log-level']), signal);
});
