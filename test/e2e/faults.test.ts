// kill -9 of every process in turn: the process is restarted, the guestbook answers, and all
// acknowledged objects exist.
import assert from 'node:assert/strict';
import { until } from '../../hack/cluster/wait.js';
import { Guestbook, TestCluster } from './cluster.js';

const BACK_MS = 30_000;
const CONTROL_PLANE = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'etcd'];
const NODE_PARTS = ['kubelet', 'flanneld', 'kube-proxy', 'containerd'];

describe('kill -9', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let book: Guestbook;
  let written = 0;

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--separate', '--guestbook', '--nodes', '2');
    book = await Guestbook.of(cluster);
    await book.works();
  });

  after(async () => {
    await cluster.down();
  });

  const pidOf = async (service: string) =>
    (await cluster.status()).processes.find((process) => process.service === service)?.pid;

  /** Ids of the running containers, which must survive the restart of a daemon. */
  const containers = async (node: string) =>
    (await cluster.onNode(node, 'ctr', '-n', 'k8s.io', 'tasks', 'list', '-q')).stdout
      .split('\n')
      .filter(Boolean)
      .sort();

  for (const service of [...CONTROL_PLANE, ...NODE_PARTS.map((part) => `node-2.${part}`)]) {
    it(`of ${service}`, async () => {
      const name = `written-${++written}`;
      await cluster.kubectl('create', 'configmap', name);
      const before = await pidOf(service);
      assert.ok(before, `${service} runs`);
      const running = await containers('node-2');
      process.kill(before, 'SIGKILL');
      await until(
        async () => {
          const pid = await pidOf(service);
          return pid !== undefined && pid !== before;
        },
        BACK_MS,
        () => `${service} does not come back`,
      );
      await book.works(BACK_MS);
      await until(
        async () => (await cluster.tryKubectl(['get', 'configmap', name])).code === 0,
        BACK_MS,
        () => `configmap ${name} is not there`,
      );
      await until(
        async () => (await containers('node-2')).length >= running.length,
        BACK_MS,
        () => 'containers are missing',
      );
      assert.deepEqual(await containers('node-2'), running);
      // The whole control loop works again: a new pod is scheduled, starts and becomes Ready.
      await cluster.kubectl('scale', 'rc', 'frontend', `--replicas=${3 + (written % 2)}`);
      await cluster.readyPods('name=frontend', 3 + (written % 2), 60_000);
    });
  }

  it('loses no acknowledged object', async () => {
    const names = (await cluster.jsonPath('configmaps', '{.items[*].metadata.name}')).split(' ');
    for (let i = 1; i <= written; i++) assert.ok(names.includes(`written-${i}`), `written-${i}`);
  });

  it('restarts every process', async () => {
    const status = await cluster.status();
    assert.deepEqual(
      status.processes.filter(({ state }) => state !== 'run').map(({ service }) => service),
      [],
    );
  });
});
