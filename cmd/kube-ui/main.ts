import { runDaemon } from '../daemon.js';
import { parseOptions } from './options.js';
import { runKubeUi } from './run.js';

void runDaemon('kube-ui', parseOptions, runKubeUi);
