import { runWatched } from '../daemon.js';
import { parseOptions, runKubeApiserver } from './run.js';

void runWatched('kube-apiserver', parseOptions, runKubeApiserver);
