import { runWatched } from '../daemon.js';
import { parseOptions } from './options.js';
import { runFlanneld } from './run.js';

void runWatched('flanneld', (argv) => parseOptions(argv, process.env), runFlanneld);
