import { runWatched } from '../daemon.js';
import { parseOptions } from './options.js';
import { runKubeControllerManager } from './run.js';

void runWatched('kube-controller-manager', parseOptions, runKubeControllerManager);
