import { runWatched } from '../daemon.js';
import { parseOptions, runKubeScheduler } from './run.js';

void runWatched('kube-scheduler', parseOptions, runKubeScheduler);
