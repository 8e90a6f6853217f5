import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runFlanneld } from './run.js';

void runMain('flanneld', (argv, signal) => {
  const config = parseOptions(argv, process.env);
  const env = realEnv('flanneld', config['log-level']);
  return watched('flanneld', env, (watchdog) => runFlanneld(config, env, signal, watchdog));
});
