import { runDaemon } from '../daemon.js';
import { parseOptions } from './options.js';
import { runIngressController } from './run.js';

void runDaemon('ingress-controller', parseOptions, runIngressController);
