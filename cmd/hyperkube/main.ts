import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { watched } from '../watchdog.js';
import { parseOptions } from './options.js';
import { runHyperkube } from './run.js';

void runMain('hyperkube', (argv, signal) => {
  const parts = parseOptions(argv);
  return watched('hyperkube', realEnv('hyperkube'), (watchdog) =>
    runHyperkube(parts, realEnv, signal, { watchdog }),
  );
});
