// Claims on real nodes: the data outlives the pods, and the directories do not outlive the claims.
import assert from 'node:assert/strict';
import { layoutOf } from '../../hack/cluster/layout.js';
import { until } from '../../hack/cluster/wait.js';
import { testBlocks } from '../support/page-shell.js';
import { TestCluster } from './cluster.js';

const WAIT_MS = 90_000;
const ROOT = '/var/lib/local-path-provisioner';

/** Each start adds a line; the user is not root. */
const DATABASE = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      securityContext: {runAsUser: 1000, runAsNonRoot: true}
      containers:
      - name: db
        image: busybox:1
        command: [sh, -c, 'hostname >> /data/starts; sleep 1000000']
        readinessProbe: {exec: {command: [test, -s, /data/starts]}, periodSeconds: 1}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
/** Paths beyond PATH_MAX, and links that lead out of the volume. */
const PLANT = `cd /data && d=$(yes d | head -n 200 | tr -d '\\n') && p=$(yes $d | head -n 19 | tr '\\n' '/') \\
  && mkdir -p a/$p b/$p \\
  && mv b a/$p && ln -s / out && ln -s /all all && mkdir locked -- -rf && chmod 000 locked`;

describe('volumes of claims', function () {
  this.timeout(4 * WAIT_MS);
  const cluster = new TestCluster();
  before(() => cluster.up('--nodes', '2', '--ingress'));
  after(() => cluster.down());

  const directories = async (): Promise<string[]> => {
    const found = await Promise.all(
      ['node-1', 'node-2'].map(async (node) => {
        const { stdout } = await cluster.onNode(
          node,
          'find',
          ROOT,
          '-mindepth',
          '1',
          '-maxdepth',
          '1',
        );
        return stdout.split('\n').filter(Boolean);
      }),
    );
    return found.flat();
  };
  const starts = (pod: string) => cluster.kubectl('exec', pod, '--', 'cat', '/data/starts');
  const volumes = async () => (await cluster.kubectl('get', 'pv', '-o', 'name')).trim();

  it('keep the data when their pod is deleted and made again', async () => {
    await cluster.create(DATABASE);
    const pods = await cluster.readyPods('app=db', 2, WAIT_MS);
    const node = pods.find(({ metadata }) => metadata.name === 'db-0')!.spec.nodeName;
    assert.equal(await starts('db-0'), 'db-0\n');
    await cluster.kubectl('delete', 'pod', 'db-0');
    const again = await cluster.readyPods('app=db', 2, WAIT_MS);
    assert.equal(again.find(({ metadata }) => metadata.name === 'db-0')!.spec.nodeName, node);
    assert.equal(await starts('db-0'), 'db-0\ndb-0\n');
    assert.equal(await starts('db-1'), 'db-1\n');
    assert.equal((await directories()).length, 2);
  });

  it('go with their claims, whatever a pod has left in them', async () => {
    await cluster.kubectl('exec', 'db-0', '--', 'sh', '-c', PLANT);
    await cluster.kubectl('delete', 'statefulset', 'db');
    await cluster.kubectl('delete', 'pvc', 'data-db-0', 'data-db-1');
    let left: unknown;
    await until(
      async () => {
        left = [await volumes(), await directories(), await cluster.pods('', 'kube-system')];
        return !(await volumes()) && !(await directories()).length;
      },
      WAIT_MS,
      () => `volumes or directories are left: ${JSON.stringify(left)}`,
    );
    // The links led nowhere.
    await cluster.readyPods('k8s-app=kube-dns', 2, WAIT_MS, 'kube-system');
  });

  it('stay with their data when they are retained', async () => {
    await cluster.create(DATABASE);
    await cluster.readyPods('app=db', 2, WAIT_MS);
    const name = await cluster.jsonPath('pvc data-db-0', '{.spec.volumeName}');
    await cluster.kubectl(
      'patch',
      'pv',
      name,
      '-p',
      '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}',
    );
    // hack/down removes these, too.
    await cluster.kubectl('exec', 'db-0', '--', 'sh', '-c', PLANT);
    await cluster.kubectl('delete', 'statefulset', 'db');
    await cluster.kubectl('delete', 'pvc', 'data-db-0', 'data-db-1');
    await until(
      async () => (await volumes()) === `persistentvolume/${name}`,
      WAIT_MS,
      () => 'the other volume is left',
    );
    await cluster.kubectl('delete', 'pv', name);
    const [kept, ...others] = await directories();
    assert.deepEqual(others, []);
    assert.equal(kept, `${ROOT}/${name}_default_data-db-0`);
  });

  describe('by the page to try', () =>
    testBlocks('try/application.md', (text) =>
      text
        .replace(/^hack\/(up|down).*$/gm, '')
        .replace('$PWD/.wheelhouse/local/kubeconfig', layoutOf(cluster.name).kubeconfig)
        .replaceAll('hack/node-exec', `hack/node-exec --name ${cluster.name}`),
    ));
});
