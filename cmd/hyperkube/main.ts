import { realEnv } from '../../pkg/system/env.js';
import { runMain } from '../run.js';
import { parseOptions } from './options.js';
import { runHyperkube } from './run.js';

void runMain('hyperkube', async (argv, signal) =>
  runHyperkube(parseOptions(argv), realEnv, signal),
);
