// Nodes come to a running cluster and go again, and pods are lost only when somebody deletes them.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, nodeLayoutOf } from '../../hack/cluster/layout.js';
import { until } from '../../hack/cluster/wait.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { pairStore } from '../../pkg/kubelet/certificates/pair-store.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { issue } from '../../pkg/system/pki/certificates.js';
import { writeKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
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

/** A pod whose node must read an object before it starts it. */
const reader = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    ...spec,
    nodeName: 'node-2',
    containers: [{ ...container, envFrom: [{ configMapRef: { name: 'read' } }] }],
  },
});

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

  it('renew their client certificates, under running pods', async () => {
    // A certificate of three hours with ten minutes to go, in place of the one of hack/up.
    const [hour, minute] = [3_600_000, 60_000];
    const now = Date.now() - 3 * hour;
    const { credentials, pki, auditLog } = layoutOf(cluster.name);
    const [certPem, keyPem] = await Promise.all(
      ['ca.crt', 'ca.key'].map((name) => readFile(join(pki, name), 'utf8')),
    );
    const name = 'system:node:node-2';
    const old = issue({
      ca: { certPem: certPem!, keyPem: keyPem! },
      commonName: name,
      organizations: ['system:nodes'],
      usages: ['client'],
      days: (3 * hour + 10 * minute) / (24 * hour),
      now,
    });
    const conf = join(credentials, 'kubelet-node-2.conf');
    const { server } = await loadKubeconfig(conf);
    await writeKubeconfig(conf, { server, caPem: certPem!, ...old, name });
    const folder = join(nodeLayoutOf(cluster.name, 'node-2').lib, 'kubelet/pki');
    const store = pairStore(folder, 'client', Date.now);
    await store.save(old.certPem, old.keyPem);
    await utimes(store.path, now / 1000, now / 1000);
    const kubelet = (await cluster.status()).processes.find(
      ({ service }) => service === 'node-2.kubelet',
    );
    process.kill(kubelet!.pid!, 'SIGKILL');
    const current = async () =>
      new X509Certificate((await store.current())!.pem).fingerprint256.replaceAll(':', '');
    const first = new X509Certificate(old.certPem).fingerprint256.replaceAll(':', '');
    const isRenewed = async () => (await current()) !== first;
    await until(isRenewed, WAIT_MS, () => 'the kubelet has not renewed its certificate');

    await cluster.kubectl('create', 'configmap', 'read', '--from-literal=a=b');
    const credential = `X509SHA256=${(await current()).toLowerCase()}`;
    let readers = 0;
    // The connection with the old certificate serves for some seconds more.
    const reads = async () => {
      const pod = `reader-${++readers}`;
      await cluster.create(JSON.stringify(reader(pod)));
      await cluster.kubectl('wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s');
      await cluster.kubectl('delete', 'pod', pod);
      return (await readFile(auditLog, 'utf8')).includes(credential);
    };
    await until(reads, WAIT_MS, () => 'no request of the node with the new certificate');
    await cluster.kubectl('exec', 'lonely', '--', 'true');
    assert.match(
      await cluster.jsonPath('pod lonely', '{.status.containerStatuses[0].restartCount}'),
      /^0$/,
    );
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
