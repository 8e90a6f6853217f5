// Runs the tutorial as its reader does. Only the cluster's name differs.
import { BLOCK_MS, REPEAT_MS, testBlocks } from '../support/page-shell.js';
import { TestCluster } from './cluster.js';

/** Variables of etcd's tools that a reader's shell may hold, and that a cluster must not obey. */
const STRAY = 'ETCD_NAME=stray ETCDCTL_ENDPOINTS=http://127.0.0.1:1 FLANNELD_IFACE=stray0';

/** The reader's cluster is "local"; the test's has a name of its own beside others. */
const forCluster = (commands: string, name: string): string =>
  commands
    .replaceAll('.wheelhouse/local', `.wheelhouse/${name}`)
    .replace(/hack\/(up|down|status|node-exec)\b/g, `hack/$1 --name ${name}`)
    .replace(/hack\/up\b/g, `${STRAY} $& --no-build`);

describe('tutorial', function () {
  this.timeout(BLOCK_MS + REPEAT_MS);
  const cluster = new TestCluster();
  after(() => cluster.down());

  testBlocks('tutorial.md', (commands) => forCluster(commands, cluster.name));
});
