// NetworkPolicy on a real cluster: the guestbook with a default deny, then with redis allowed for
// its clients.
import assert from 'node:assert/strict';
import { until } from '../../hack/cluster/wait.js';
import { layoutOf } from '../../hack/cluster/layout.js';
import { testBlocks } from '../support/page-shell.js';
import { Guestbook, TestCluster } from './cluster.js';

const policy = (name: string, spec: object) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec,
  });
const named = (...names: string[]) => ({
  matchExpressions: [{ key: 'name', operator: 'In', values: names }],
});

const DENY = policy('deny', { podSelector: {} });
const OPEN_FRONTEND = policy('frontend', {
  podSelector: named('frontend'),
  ingress: [{ ports: [{ port: 80 }] }],
});
const OPEN_REDIS = policy('redis', {
  podSelector: named('redis-master', 'redis-slave'),
  ingress: [
    {
      from: [
        { podSelector: named('frontend', 'redis-slave') },
        { podSelector: { matchLabels: { access: 'redis' } } },
      ],
      ports: [{ port: 6379 }],
    },
  ],
});
const GUEST = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'guest', labels: { name: 'guest' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'wheelhouse/redis-slave:v2', command: ['sleep', '3600'] }],
  },
});

describe('NetworkPolicy on a cluster', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let book: Guestbook;

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--guestbook', '--nodes', '2');
    book = await Guestbook.of(cluster);
    await cluster.create(GUEST);
    await cluster.readyPods('name=guest', 1);
    await book.works();
  });

  after(async () => {
    await cluster.down();
  });

  const guestReads = async () =>
    (
      await cluster.tryKubectl([
        'exec',
        'guest',
        '--',
        'timeout',
        '3',
        'redis-cli',
        '-h',
        'redis-master',
        'ping',
      ])
    ).stdout.trim() === 'PONG';

  it('allows all traffic without policies', async () => {
    assert.equal(await guestReads(), true);
  });

  it('allows only the node under a default deny', async () => {
    await cluster.create(DENY);
    await until(
      async () => !(await guestReads()),
      20_000,
      () => 'the guest still reads',
    );
    for (const node of await cluster.nodeAddresses())
      assert.equal(await book.get(node), undefined, `the frontend answers at ${node}`);
    // The kubelet probes every second, so that five probes have succeeded by now.
    await cluster.readyPods('name in (redis-master, redis-slave, frontend)', 6, 5000);
  });

  it('allows the peers of a policy', async () => {
    await cluster.create(OPEN_FRONTEND);
    await cluster.create(OPEN_REDIS);
    await book.works();
    assert.equal(await guestReads(), false);
    await cluster.kubectl('label', 'pod', 'guest', 'access=redis');
    await until(guestReads, 20_000, () => 'the guest cannot read with the label');
    await cluster.kubectl('label', 'pod', 'guest', 'access-');
    await until(
      async () => !(await guestReads()),
      20_000,
      () => 'the guest still reads without the label',
    );
  });

  it('allows all traffic after the policies are deleted', async () => {
    await cluster.kubectl('delete', 'networkpolicies', '--all');
    await until(guestReads, 20_000, () => 'the guest cannot read');
    await book.works();
    await cluster.kubectl('delete', 'pod', 'guest');
  });

  describe('by the page to try', () =>
    testBlocks('try/network-policy.md', (text) =>
      text
        .replace(/^hack\/(up|down).*$/gm, '')
        .replace('$PWD/.wheelhouse/local/kubeconfig', layoutOf(cluster.name).kubeconfig)
        .replace('hack/node-exec', `hack/node-exec --name ${cluster.name}`),
    ));
});
