import { runWatched } from '../daemon.js';
import { parseOptions } from './options.js';
import { runKubeScheduler } from './run.js';

void runWatched('kube-scheduler', parseOptions, runKubeScheduler);
