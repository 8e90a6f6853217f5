// Nodes come to a running cluster and go again, and pods are lost only when somebody deletes them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { until } from '../../hack/cluster/wait.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { isReady, TestCluster } from './cluster.js';
import { ROOT } from '../support/root.js';

const UP_MS = 240_000;
const WAIT_MS = 60_000;

const container = { name: 'main', image: 'busybox:1', command: ['sleep', '1000000'] };
const spec = { terminationGracePeriodSeconds: 0, containers: [container] };
const LONELY = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'lonely' },
  spec: { ...spec, nodeName: 'node-2' },
};
const FINISHED = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'finished' },
  spec: {
    ...spec,
    nodeName: 'node-2',
    restartPolicy: 'Never',
    containers: [{ ...container, command: ['true'] }],
  },
};
const SPREAD = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'spread' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'spread' } },
    template: {
      metadata: { labels: { app: 'spread' } },
      spec: {
        ...spec,
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'spread' } },
          },
        ],
      },
    },
  },
};

describe('nodes of a running cluster', function () {
  this.timeout(300_000);
  const cluster = new TestCluster();
  before(() => cluster.up('--nodes', '2'));
  after(() => cluster.down());

  const nodesAre = async (...names: string[]): Promise<void> => {
    const shown = await cluster.jsonPath('nodes', '{.items[*].metadata.name}');
    assert.deepEqual(shown.split(' '), names);
  };
  const nodesOfPods = async (): Promise<string[]> =>
    (await cluster.pods('app=spread'))
      .filter(isReady)
      .map(({ spec: { nodeName } }) => nodeName!)
      .sort();

  it('stay when a pod on them would be gone for good', async () => {
    for (const object of [LONELY, FINISHED, SPREAD]) await cluster.create(JSON.stringify(object));
    await cluster.readyPods('app=spread', 2, WAIT_MS);
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/lonely', '--timeout=60s');
    const phase = '--for=jsonpath={.status.phase}=Succeeded';
    await cluster.kubectl('wait', phase, 'pod/finished', '--timeout=60s');
    const words = ['--name', cluster.name, '--no-build', '--nodes', '1'];
    const { code, stdout, stderr } = await tryExec([join(ROOT, 'hack/up'), ...words], {
      timeoutMs: UP_MS,
    });
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /delete them first: default\/lonely\b(?!,)/);
    await nodesAre('node-1', 'node-2');
    assert.equal(await cluster.jsonPath('node node-2', '{.spec.unschedulable}'), '');
    assert.equal(await cluster.jsonPath('pod lonely', '{.status.phase}'), 'Running');
    assert.deepEqual(await nodesOfPods(), ['node-1', 'node-2']);
  });

  it('go when their pods can start elsewhere, and leave nothing behind', async () => {
    await cluster.kubectl('delete', 'pod', 'lonely');
    await cluster.up('--nodes', '1');
    await nodesAre('node-1');
    const moved = async () => (await nodesOfPods()).join() === 'node-1,node-1';
    await until(moved, WAIT_MS, () => 'the deployment has not moved to node-1');
    assert.doesNotMatch(await exec(['ip', '-o', 'link']), new RegExp(`${cluster.name}.*node-2`));
    const { nodes, processes } = await cluster.status();
    assert.deepEqual([nodes.length, processes.filter(({ node }) => node === 'node-2')], [1, []]);
  });

  it('come, and take pods', async () => {
    await cluster.up('--nodes', '3');
    await nodesAre('node-1', 'node-2', 'node-3');
    await cluster.kubectl('scale', 'deployment/spread', '--replicas=3');
    const spread = async () => new Set(await nodesOfPods()).size >= 2;
    await until(spread, WAIT_MS, () => 'no pod came to a new node');
  });
});
