import { runWatched } from '../daemon.js';
import { parseOptions, runKubeControllerManager } from './run.js';

void runWatched('kube-controller-manager', parseOptions, runKubeControllerManager);
