import { runDaemon } from '../daemon.js';
import { parseOptions } from './options.js';
import { runSkyDns } from './run.js';

void runDaemon('skydns', parseOptions, runSkyDns);
