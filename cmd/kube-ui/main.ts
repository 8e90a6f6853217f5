import { runDaemon } from '../daemon.js';
import { parseOptions, runKubeUi } from './run.js';

void runDaemon('kube-ui', parseOptions, runKubeUi);
