import { runWatched } from '../daemon.js';
import { parseOptions } from './options.js';
import { runKubelet } from './run.js';

void runWatched('kubelet', parseOptions, runKubelet);
