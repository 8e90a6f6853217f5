import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runSkyDns } from './run.js';

void runMain('skydns', (argv, signal) => {
  const config = parseOptions(argv);
  return runSkyDns(config, realEnv('skydns', config['log-level']), signal);
});
