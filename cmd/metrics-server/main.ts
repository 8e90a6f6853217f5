import { runDaemon } from '../daemon.js';
import { parseOptions } from './options.js';
import { runMetricsServer } from './run.js';

void runDaemon('metrics-server', parseOptions, runMetricsServer);
