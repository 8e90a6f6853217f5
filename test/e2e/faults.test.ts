// kill -9 of every process in turn: the process is restarted, the guestbook answers, and all
// acknowledged objects exist.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../hack/cluster/wait.js';
import { Guestbook, TestCluster } from './cluster.js';
import { pauseProcess } from '../support/pause-process.js';

const BACK_MS = 30_000;
/** The service `watchdog` ends a process after 35 s without a sign of life, and looks twice. */
const HEARTBEAT_MS = 50_000;
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

  it('finds programs with the capabilities that they need, and no others', async () => {
    const of = async (service: string) => {
      const status = readFileSync(`/proc/${await pidOf(service)}/status`, 'utf8');
      const field = (name: string) => new RegExp(`^${name}:\\s+(\\w+)$`, 'm').exec(status)?.[1];
      return [field('CapEff'), field('CapBnd'), field('NoNewPrivs')];
    };
    // Bit 2 is CAP_DAC_READ_SEARCH, 12 is CAP_NET_ADMIN, 13 is CAP_NET_RAW.
    for (const [service, mask] of [
      ['kube-apiserver', '0000000000000004'],
      ['kube-scheduler', '0000000000000004'],
      ['kube-controller-manager', '0000000000000004'],
      ['node-1.flanneld', '0000000000003004'],
      ['node-1.kube-proxy', '0000000000001004'],
    ] as const)
      assert.deepEqual(await of(service), [mask, mask, '1'], service);
  });

  it('ends programs that are stopped, and starts them again', async () => {
    const stopped = ['kube-controller-manager', 'node-1.kubelet', 'node-1.kube-proxy'];
    const pids = () => Promise.all(stopped.map(pidOf));
    const before = await pids();
    for (const pid of before) pauseProcess(pid!);
    let after: (number | undefined)[] = [];
    const areNew = async () => {
      after = await pids();
      return after.every((pid, at) => pid !== undefined && pid !== before[at]);
    };
    const why = () =>
      `some of ${stopped.join(', ')} stay stopped: ${before.join()}, ${after.join()}`;
    await until(areNew, BACK_MS + HEARTBEAT_MS, why);
    await book.works(BACK_MS);
  });

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
