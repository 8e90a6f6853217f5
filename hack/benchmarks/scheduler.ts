// The scheduler with an API server and etcd, without kubelets: 1,000 nodes are objects, the pods
// exist before the scheduler starts, and the measured time runs from the first assignment that a
// watcher sees to the last.
import { NAMESPACES, NODES, PODS, SERVICE_ACCOUNTS } from '../../pkg/apis/resource-types.js';
import type { Node, Pod, PodSpec } from '../../pkg/apis/core/v1/types.js';
import { usageOf } from '../cluster/processes.js';
import { ended, openLab, startClient, type Lab } from './apiserver-lab.js';
import { many } from './many.js';
import type { Benchmark, Measure } from './measure.js';

const NODE_COUNT = 1000;
const ZONES = 3;
const PEER = 'kube-scheduler 1.32';

interface Workload {
  name: string;
  pods: number;
  /** Pods per second of kube-scheduler with kube-apiserver. */
  peer: number;
  spec: Partial<PodSpec>;
}

const OF_APP = (app: string) => ({ labelSelector: { matchLabels: { app } } });

const WORKLOADS: readonly Workload[] = [
  { name: 'basic', pods: 3000, peer: 391, spec: {} },
  {
    name: 'zone-spread',
    pods: 3000,
    peer: 145,
    spec: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          ...OF_APP('zone-spread'),
        },
      ],
    },
  },
  {
    name: 'anti-affinity',
    pods: 1000,
    peer: 219,
    spec: {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', ...OF_APP('anti-affinity') },
          ],
        },
      },
    },
  },
];

export const scheduler: Benchmark = {
  name: 'scheduler',
  about: `pods a second on ${NODE_COUNT} nodes, with API server and etcd`,
  run,
};

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal);
  try {
    await many(NODE_COUNT, signal, async (at) => {
      const { metadata } = await lab.client.create(NODES, nodeOf(at));
      // New nodes carry the taint `not-ready` (admission plugin TaintNodesByCondition).
      await lab.client.patch(
        NODES,
        { name: metadata.name },
        { spec: { taints: null } },
        { type: 'merge' },
      );
    });
    const measures: Measure[] = [];
    for (const workload of WORKLOADS) measures.push(...(await schedule(lab, workload, signal)));
    return measures;
  } finally {
    await lab.stop();
  }
}

function nodeOf(at: number): Node {
  const name = `node-${at}`;
  const amounts = { cpu: '32', memory: '64Gi', pods: '110' };
  const labels = {
    'kubernetes.io/hostname': name,
    'topology.kubernetes.io/zone': `zone-${at % ZONES}`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels } as unknown as Node['metadata'],
    spec: {},
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: 'True' }],
    } as unknown as NonNullable<Node['status']>,
  };
}

function podOf({ name, spec }: Workload): Pod {
  const requests = { cpu: '100m', memory: '64Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'p-',
      namespace: name,
      labels: { app: name },
    } as unknown as Pod['metadata'],
    spec: {
      ...spec,
      containers: [{ name: 'main', image: 'example.org/web:1', resources: { requests } }],
    },
  };
}

async function schedule(lab: Lab, workload: Workload, signal: AbortSignal): Promise<Measure[]> {
  const { name, pods, peer } = workload;
  await lab.client.create(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
    spec: {},
  });
  await lab.client.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: name },
  });
  await many(pods, signal, () => lab.client.create(PODS, podOf(workload)));
  const { resourceVersion } = (await lab.client.list(PODS, { namespace: name, limit: 1 })).metadata;
  const child = startClient(lab, 'kube-scheduler', ['--leader-elect=false', '--secure-port=0']);
  const before = usageOf(lab.pid)!.cpuSeconds;
  try {
    const seconds = await assigned(lab, name, pods, resourceVersion!, signal);
    return [
      {
        name: `${pods} pods, ${name}`,
        value: (pods - 1) / seconds,
        unit: '/s',
        peer: { name: PEER, value: peer },
      },
      {
        name: `${pods} pods, ${name}, CPU of the scheduler a pod, its start included`,
        value: (usageOf(child.pid!)!.cpuSeconds * 1e6) / pods,
        unit: 'us',
      },
      {
        name: `${pods} pods, ${name}, CPU of the API server a pod`,
        value: ((usageOf(lab.pid)!.cpuSeconds - before) * 1e6) / pods,
        unit: 'us',
      },
    ];
  } finally {
    await ended(child);
  }
}

/** Seconds between the first and the last assignment that a watcher sees. */
async function assigned(
  lab: Lab,
  namespace: string,
  count: number,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<number> {
  const seen = new Set<string>();
  let first = 0;
  for await (const { type, object } of lab.client.watch(PODS, {
    namespace,
    resourceVersion,
    signal,
  })) {
    if (type !== 'MODIFIED' || !object.spec.nodeName) continue;
    if (!seen.size) first = performance.now();
    seen.add(object.metadata.name);
    if (seen.size === count) return (performance.now() - first) / 1000;
  }
  throw new Error(`the watch ended after ${seen.size} of ${count} pods were assigned`);
}
