import { runDaemon } from '../daemon.js';
import { parseOptions, runMetricsServer } from './run.js';

void runDaemon('metrics-server', parseOptions, runMetricsServer);
