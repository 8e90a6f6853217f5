import { runWatched } from '../daemon.js';
import { parseOptions } from './options.js';
import { runKubeApiserver } from './run.js';

void runWatched('kube-apiserver', parseOptions, runKubeApiserver);
