import { runDaemon } from '../daemon.js';
import { parseOptions, runSkyDns } from './run.js';

void runDaemon('skydns', parseOptions, runSkyDns);
