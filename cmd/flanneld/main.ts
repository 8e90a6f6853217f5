import { runWatched } from '../daemon.js';
import { parseOptions, runFlanneld } from './run.js';

void runWatched('flanneld', (argv) => parseOptions(argv, process.env), runFlanneld);
