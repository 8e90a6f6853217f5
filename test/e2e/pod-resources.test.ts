// In a running cluster the quota's status, `kubectl describe node`, the scheduler and the pod's
// cgroup agree on the requests and limits of pods.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupOf, hierarchies } from '../../hack/cluster/cgroups.js';
import { until } from '../../hack/cluster/wait.js';
import { parseQuantity } from '../../pkg/apimachinery/quantity/quantity.js';
import { TestCluster } from './cluster.js';

const NAMESPACE = 'sizes';
const MI = 2 ** 20;

interface Size {
  milliCpu: number;
  mebibytes: number;
}

const resources = ({ milliCpu, mebibytes }: Size) => {
  const amounts = { cpu: `${milliCpu}m`, memory: `${mebibytes}Mi` };
  return { requests: amounts, limits: amounts };
};

const main = (milliCpu: number, mebibytes: number) => ({
  name: 'main',
  image: 'busybox:1',
  command: ['sleep', '3600'],
  resources: resources({ milliCpu, mebibytes }),
});
const init = (milliCpu: number, mebibytes: number) => ({
  ...main(milliCpu, mebibytes),
  name: 'init',
  command: ['true'],
});
const sidecar = (milliCpu: number, mebibytes: number) => ({
  ...main(milliCpu, mebibytes),
  name: 'sidecar',
  restartPolicy: 'Always',
});

const SIZES: Record<string, { spec: object; takes: Size }> = {
  'sidecar-then-init': {
    spec: { containers: [main(100, 32)], initContainers: [sidecar(100, 32), init(150, 64)] },
    takes: { milliCpu: 250, mebibytes: 96 },
  },
  'init-then-sidecar': {
    spec: { containers: [main(100, 32)], initContainers: [init(300, 32), sidecar(100, 64)] },
    takes: { milliCpu: 300, mebibytes: 96 },
  },
  'with-overhead': {
    spec: { containers: [main(100, 32)], runtimeClassName: 'heavy' },
    takes: { milliCpu: 130, mebibytes: 52 },
  },
};

const podOf = (name: string, spec: object, namespace = NAMESPACE): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { terminationGracePeriodSeconds: 1, ...spec },
  });

/** The content of the first file that exists in the host's cgroup version. */
function cgroupFile(path: string, ...files: string[]): string | undefined {
  for (const top of hierarchies())
    for (const file of files) {
      const full = join(top, path, file);
      if (existsSync(full)) return readFileSync(full, 'utf8').trim();
    }
  return undefined;
}

/** Cgroup v2 has a weight (1 to 10,000) in place of v1's shares (2 to 262,144). */
const weightOf = (shares: number) => Math.floor(1 + ((shares - 2) * 9999) / 262_142);

describe('requests and limits of pods in a cluster', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--nodes', '1');
    await cluster.kubectl('create', 'namespace', NAMESPACE);
    await cluster.create(
      JSON.stringify({
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'heavy' },
        handler: 'runc',
        overhead: { podFixed: { cpu: '30m', memory: '20Mi' } },
      }),
    );
    const hard = { 'requests.cpu': '2', 'limits.cpu': '2', 'requests.memory': '1Gi', pods: '10' };
    await cluster.create(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'all', namespace: NAMESPACE },
        spec: { hard },
      }),
    );
    for (const [name, { spec }] of Object.entries(SIZES)) await cluster.create(podOf(name, spec));
    const pods = Object.keys(SIZES).map((name) => `pod/${name}`);
    await cluster.kubectl('wait', '-n', NAMESPACE, '--for=condition=Ready', ...pods);
  });

  after(async () => {
    await cluster.down();
  });

  it('are counted by the quota', async () => {
    const sum = (pick: (size: Size) => number) =>
      Object.values(SIZES).reduce((total, { takes }) => total + pick(takes), 0);
    const wanted = {
      'requests.cpu': `${sum((size) => size.milliCpu)}m`,
      'limits.cpu': `${sum((size) => size.milliCpu)}m`,
      'requests.memory': `${sum((size) => size.mebibytes)}Mi`,
      pods: '3',
    };
    const used = async (): Promise<unknown> =>
      JSON.parse(await cluster.jsonPath(`resourcequota all -n ${NAMESPACE}`, '{.status.used}'));
    let last: unknown;
    await until(
      async () => {
        last = await used();
        return Object.entries(wanted).every(
          ([name, amount]) => (last as Record<string, string>)[name] === amount,
        );
      },
      20_000,
      () => `the quota says ${JSON.stringify(last)}, not ${JSON.stringify(wanted)}`,
    );
  });

  it('are shown by kubectl describe node', async () => {
    const text = await cluster.kubectl('describe', 'node', 'node-1');
    for (const [name, { takes }] of Object.entries(SIZES)) {
      const [cpu, memory] = [`${takes.milliCpu}m`, `${takes.mebibytes}Mi`];
      assert.match(
        text,
        new RegExp(
          `${NAMESPACE} +${name} +${cpu} \\(\\d+%\\) +${cpu} \\(\\d+%\\) +${memory} \\(\\d+%\\) +${memory} `,
        ),
      );
    }
  });

  it("are set in the pod's cgroup", async () => {
    for (const [name, { takes }] of Object.entries(SIZES)) {
      const uid = await cluster.jsonPath(`pod ${name} -n ${NAMESPACE}`, '{.metadata.uid}');
      const group = `${cgroupOf(cluster.name, 'node-1')}/kubepods/pod${uid}`;
      const shares = Math.floor((takes.milliCpu * 1024) / 1000);
      const quota = takes.milliCpu * 100;
      assert.ok(
        [`${shares}`, `${weightOf(shares)}`].includes(
          cgroupFile(group, 'cpu.shares', 'cpu.weight') ?? '',
        ),
        `${name}: ${cgroupFile(group, 'cpu.shares', 'cpu.weight')}, not the ${shares} shares`,
      );
      assert.ok(
        [`${quota}`, `${quota} 100000`].includes(
          cgroupFile(group, 'cpu.cfs_quota_us', 'cpu.max') ?? '',
        ),
        name,
      );
      assert.equal(
        cgroupFile(group, 'memory.limit_in_bytes', 'memory.max'),
        `${takes.mebibytes * MI}`,
        name,
      );
    }
  });

  it('are counted by the scheduler, which leaves exactly the rest of the node', async () => {
    const node = JSON.parse(await cluster.kubectl('get', 'node', 'node-1', '-o', 'json')) as {
      status: { allocatable: Record<string, string> };
    };
    const text = await cluster.kubectl('describe', 'node', 'node-1');
    const allocated = /Allocated resources:[\s\S]*?\n +cpu +(\S+)/.exec(text)![1]!;
    const free =
      parseQuantity(node.status.allocatable['cpu']!).milliValue() -
      parseQuantity(allocated).milliValue();
    const asking = (milliCpu: number) => ({
      containers: [{ ...main(1, 16), resources: { requests: { cpu: `${milliCpu}m` } } }],
    });
    await cluster.create(podOf('too-large', asking(free + 1), 'default'));
    await until(
      async () =>
        (
          await cluster.jsonPath(
            'pod too-large',
            '{.status.conditions[?(@.type=="PodScheduled")].message}',
          )
        ).includes('1 Insufficient cpu'),
      20_000,
      () => 'a pod that asks for more than is free was not refused',
    );
    await cluster.create(podOf('exact', asking(free), 'default'));
    await until(
      async () => (await cluster.jsonPath('pod exact', '{.spec.nodeName}')) === 'node-1',
      20_000,
      () => 'a pod that asks for all that is free was not placed',
    );
  });
});
