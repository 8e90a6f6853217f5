import { runWatched } from '../daemon.js';
import { parseOptions, runKubelet } from './run.js';

void runWatched('kubelet', parseOptions, runKubelet);
