// The power of a node fails: its pods run elsewhere, its data waits, and it comes back without
// duplicates. test/sim/node-failure.test.ts cuts the control plane off from all nodes.
import assert from 'node:assert/strict';
import { cgroupOf, processesIn } from '../../hack/cluster/cgroups.js';
import { requireRecord } from '../../hack/cluster/record.js';
import { until } from '../../hack/cluster/wait.js';
import { exec } from '../../pkg/system/exec.js';
import { request, TestCluster } from './cluster.js';

const WAIT_MS = 90_000;
/** 40 s without a sign of the node, and 10 s for those who look. */
const ENDPOINTS_MS = 50_000;

const tolerations = ['not-ready', 'unreachable'].map(
  (condition) =>
    `{key: node.kubernetes.io/${condition}, operator: Exists, effect: NoExecute, tolerationSeconds: 5}`,
);

/** Each start of a database adds a line to its data. */
const APPLICATION = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [${tolerations.join(', ')}]
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}
      containers:
      - name: web
        image: busybox:1
        command: [sh, -c, 'mkdir /www && hostname > /www/index.html && exec httpd -f -p 80 -h /www']
        readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 1
      tolerations: [${tolerations.join(', ')}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}
      containers:
      - name: db
        image: busybox:1
        command: [sh, -c, 'hostname >> /data/starts; exec sleep 1000000']
        readinessProbe: {exec: {command: [test, -s, /data/starts]}, periodSeconds: 1}
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;

describe('a node without power', function () {
  this.timeout(4 * WAIT_MS);
  const cluster = new TestCluster();
  const LOST = 'node-3';
  let port = 0;
  let addresses: string[] = [];
  let lostDatabase = '';

  before(async () => {
    await cluster.up('--nodes', '3');
    await cluster.create(APPLICATION);
    await cluster.readyPods('app=web', 4, WAIT_MS);
    const databases = await cluster.readyPods('app=db', 3, WAIT_MS);
    lostDatabase = databases.find(({ spec }) => spec.nodeName === LOST)!.metadata.name;
    port = Number(await cluster.jsonPath('service web', '{.spec.ports[0].nodePort}'));
    addresses = await cluster.nodeAddresses();
  });
  after(() => cluster.down());

  const cable = (state: 'up' | 'down') => {
    const { link } = requireRecord(cluster.name).nodes.find(({ name }) => name === LOST)!;
    return exec(['ip', 'link', 'set', link, state]);
  };
  const readyStatus = () =>
    cluster.jsonPath(`node ${LOST}`, '{.status.conditions[?(@.type=="Ready")].status}');
  /** Names of the pods with running containers on a node, as containerd counts. */
  const running = async (node: string) => {
    const { stdout } = await cluster.onNode(node, 'ctr', '-n', 'k8s.io', 'tasks', 'list');
    const tasks = stdout.split('\n').filter((line) => line.includes('RUNNING'));
    const names = new Set<string>();
    for (const task of tasks) {
      const id = task.split(/\s+/, 1)[0]!;
      const info = await cluster.onNode(node, 'ctr', '-n', 'k8s.io', 'container', 'info', id);
      if (info.code !== 0) continue;
      const { Labels } = JSON.parse(info.stdout) as { Labels: Record<string, string> };
      names.add(Labels['io.kubernetes.pod.name']!);
    }
    return [...names].filter((name) => /^(web|db)-/.test(name)).sort();
  };
  const assigned = async (node: string) =>
    [...(await cluster.pods('app=web')), ...(await cluster.pods('app=db'))]
      .filter(({ spec }) => spec.nodeName === node)
      .map(({ metadata }) => metadata.name)
      .sort();

  it('loses its endpoints in time, and its pods run elsewhere', async () => {
    const onLost = new Set(await assigned(LOST));
    await cable('down');
    for (const pid of processesIn(cgroupOf(cluster.name, LOST))) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The process ended with its parent.
      }
    }
    const endpoints = async () =>
      JSON.parse(
        await cluster.kubectl(
          'get',
          'endpointslices',
          '-l',
          'kubernetes.io/service-name=web',
          '-o',
          'json',
        ),
      ) as { items: { endpoints: { nodeName: string; conditions: { ready: boolean } }[] }[] };
    await until(
      async () =>
        (await endpoints()).items
          .flatMap(({ endpoints }) => endpoints)
          .every(({ nodeName, conditions }) => nodeName !== LOST || !conditions.ready),
      ENDPOINTS_MS,
      'endpoints on the lost node stay ready',
    );
    const isElsewhere = async () => {
      const pods = await cluster.pods('app=web');
      const kept = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
      return kept.length === 4 && kept.every(({ metadata }) => !onLost.has(metadata.name));
    };
    await until(isElsewhere, WAIT_MS, 'pods of the lost node are not replaced');
    for (const address of addresses.slice(0, 2))
      for (let attempt = 0; attempt < 10; attempt++)
        assert.equal((await request(`http://${address}:${port}/`))?.status, 200, address);
  });

  it('keeps its database and the data to itself', async () => {
    await until(
      async () =>
        (await cluster.jsonPath(`pod ${lostDatabase}`, '{.metadata.deletionTimestamp}')) !== '',
      WAIT_MS,
      'the database is not evicted',
    );
    const pods = await cluster.pods('app=db');
    assert.equal(pods.length, 3);
    assert.equal(pods.find(({ metadata }) => metadata.name === lostDatabase)!.spec.nodeName, LOST);
  });

  it('comes back without duplicates, and with its data', async () => {
    await cable('up');
    await until(async () => (await readyStatus()) === 'True', WAIT_MS, 'the node stays away');
    const databases = await cluster.readyPods('app=db', 3, WAIT_MS);
    const again = databases.find(({ metadata }) => metadata.name === lostDatabase)!;
    assert.equal(again.spec.nodeName, LOST);
    assert.equal(
      await cluster.kubectl('exec', lostDatabase, '--', 'cat', '/data/starts'),
      `${lostDatabase}\n`.repeat(2),
    );
    await cluster.readyPods('app=web', 4, WAIT_MS);
    for (const node of ['node-1', 'node-2', 'node-3']) {
      let seen: unknown;
      await until(
        async () => {
          const [are, should] = [await running(node), await assigned(node)];
          seen = { are, should };
          return are.join() === should.join();
        },
        WAIT_MS,
        () => `${node} runs other pods than it has: ${JSON.stringify(seen)}`,
      );
    }
  });
});
