// kube-scheduler against a real API server: bindings, events, conditions and retries.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { parseOptions } from '../../../cmd/kube-scheduler/options.js';
import { runKubeScheduler } from '../../../cmd/kube-scheduler/run.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import {
  EVENTS,
  NODES,
  PODS,
  PRIORITY_CLASSES,
  SERVICE_ACCOUNTS,
} from '../../../pkg/apis/resource-types.js';
import type { Client } from '../../../pkg/client/client.js';
import { loadKubeconfig } from '../../../pkg/client/kubeconfig.js';
import { createClient } from '../../../pkg/client/rest-client.js';
import { realEnv } from '../../../pkg/system/env.js';

const env = realEnv('scheduler-test', 'error');
const NAMESPACE = 'default';

describe('kube-scheduler with a real apiserver', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'scheduler-test-'));
  const stop = new AbortController();
  let server: RunningApiServer;
  let client: Client;
  let running: Promise<void>;

  before(async () => {
    server = await startApiServer();
    await server.ready();
    client = createClient(await loadKubeconfig(server.kubeconfig), env);
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: NAMESPACE },
    });
    const kubeconfig = join(folder, 'scheduler.conf');
    writeFileSync(kubeconfig, server.kubeconfigFor('system:kube-scheduler'));
    running = runKubeScheduler(
      parseOptions(['--kubeconfig', kubeconfig, '--secure-port=0']),
      env,
      stop.signal,
    );
  });
  after(async () => {
    stop.abort(new Error('test over'));
    await running;
    await client.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function node(name: string, cpu: string): Promise<void> {
    await client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      spec: {},
    });
    await client.patch(
      NODES,
      { name },
      {
        status: {
          allocatable: { cpu, memory: '4Gi', pods: '110' },
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      },
      { type: 'merge', subresource: 'status' },
    );
    await client.patch(NODES, { name }, { spec: { taints: null } }, { type: 'merge' });
  }

  const pod = (name: string, cpu: string, spec: Partial<Pod['spec']> = {}) =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: NAMESPACE },
      spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }], ...spec },
    });

  /** Watches one pod until `wanted` holds. */
  async function until(name: string, wanted: (pod: Pod) => boolean): Promise<Pod> {
    const first = await client.get(PODS, { namespace: NAMESPACE, name });
    if (wanted(first)) return first;
    const signal = AbortSignal.timeout(60_000);
    const options = {
      namespace: NAMESPACE,
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: first.metadata.resourceVersion!,
      signal,
    };
    for await (const { object } of client.watch(PODS, options)) if (wanted(object)) return object;
    throw new Error('the watch ended');
  }

  const eventsOf = async (name: string): Promise<string[]> => {
    const { items } = await client.list(EVENTS, {
      namespace: NAMESPACE,
      fieldSelector: `involvedObject.name=${name}`,
    });
    return items.map((e) => `${e.type} ${e.reason}: ${e.message}`);
  };

  async function event(name: string, expected: string): Promise<void> {
    const end = Date.now() + 40_000;
    let seen: string[] = [];
    while (Date.now() < end) {
      seen = await eventsOf(name);
      if (seen.includes(expected)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail(`${expected} is not among ${JSON.stringify(seen)}`);
  }

  it('reports why a pod is pending, and binds it when a node is added', async () => {
    await pod('early', '100m');
    const waiting = await until(
      'early',
      (p) => p.status?.conditions?.some((c) => c.type === 'PodScheduled') ?? false,
    );
    const condition = waiting.status!.conditions!.find((c) => c.type === 'PodScheduled')!;
    assert.deepEqual(
      [condition.status, condition.reason, condition.message],
      ['False', 'Unschedulable', 'no nodes available to schedule pods'],
    );
    await event('early', 'Warning FailedScheduling: no nodes available to schedule pods');
    await node('a', '1');
    const bound = await until('early', (p) => p.spec.nodeName !== undefined);
    assert.equal(bound.spec.nodeName, 'a');
    assert.equal(bound.status!.conditions!.find((c) => c.type === 'PodScheduled')!.status, 'True');
    await event('early', 'Normal Scheduled: Successfully assigned default/early to a');
  });

  it('never exceeds the resources of a node, and continues when some are freed', async () => {
    await node('b', '1');
    await Promise.all(['p1', 'p2', 'p3', 'p4'].map((name) => pod(name, '600m')));
    const settled = async (): Promise<{ placed: Pod[]; waiting: Pod[] }> => {
      const { items } = await client.list(PODS, { namespace: NAMESPACE });
      const ours = items.filter((p) => /^p\d$/.test(p.metadata.name));
      return {
        placed: ours.filter((p) => p.spec.nodeName),
        waiting: ours.filter((p) =>
          p.status?.conditions?.some((c) => c.reason === 'Unschedulable'),
        ),
      };
    };
    let state = await settled();
    for (let i = 0; i < 500 && state.placed.length + state.waiting.length < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      state = await settled();
    }
    assert.deepEqual(state.placed.map((p) => p.spec.nodeName ?? '').sort(), ['a', 'b']);
    const [waits] = state.waiting;
    assert.match(
      waits!.status!.conditions!.find((c) => c.type === 'PodScheduled')!.message!,
      /^0\/2 nodes are available: 2 Insufficient cpu\. preemption: 0\/2 nodes are available: 2 No preemption victims found for incoming pod\.$/,
    );
    await client.delete(
      PODS,
      { namespace: NAMESPACE, name: state.placed[0]!.metadata.name },
      { gracePeriodSeconds: 0 },
    );
    const freed = state.placed[0]!.spec.nodeName;
    const next = await Promise.race(
      state.waiting.map((p) => until(p.metadata.name, (q) => q.spec.nodeName !== undefined)),
    );
    assert.equal(next.spec.nodeName, freed);
  });

  it('preempts for a pod of higher priority: the victim has its grace period, the node stays reserved', async () => {
    await client.create(PRIORITY_CLASSES, {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 1000,
    });
    await node('c', '1');
    const only = { nodeSelector: { 'kubernetes.io/hostname': 'c' } };
    await pod('modest', '800m', { ...only, terminationGracePeriodSeconds: 30 });
    await until('modest', (p) => p.spec.nodeName === 'c');
    await pod('vip', '900m', { ...only, priorityClassName: 'high' });
    const leaving = await until('modest', (p) => p.metadata.deletionTimestamp !== undefined);
    assert.equal(leaving.metadata.deletionGracePeriodSeconds, 30);
    const disruption = leaving.status?.conditions?.find((c) => c.type === 'DisruptionTarget');
    assert.deepEqual(
      [disruption?.status, disruption?.reason, disruption?.message],
      [
        'True',
        'PreemptionByScheduler',
        'default-scheduler: preempting to accommodate a higher priority pod',
      ],
    );
    const nominated = await until('vip', (p) => p.status?.nominatedNodeName === 'c');
    await event('modest', `Normal Preempted: Preempted by pod ${nominated.metadata.uid} on node c`);
    // A pod that fits beside the victim, but not beside the nominated pod, stays pending.
    await pod('thief', '150m', only);
    await until(
      'thief',
      (p) => p.status?.conditions?.some((c) => c.reason === 'Unschedulable') ?? false,
    );
    await client.delete(PODS, { namespace: NAMESPACE, name: 'modest' }, { gracePeriodSeconds: 0 });
    assert.equal((await until('vip', (p) => p.spec.nodeName !== undefined)).spec.nodeName, 'c');
    await client.delete(PODS, { namespace: NAMESPACE, name: 'vip' }, { gracePeriodSeconds: 0 });
    assert.equal((await until('thief', (p) => p.spec.nodeName !== undefined)).spec.nodeName, 'c');
  });

  for (const [change, nodeTaintsPolicy, leave] of [
    ['is deleted', 'Ignore', (name: string) => client.delete(NODES, { name })],
    [
      'is tainted',
      'Honor',
      (name: string) => {
        const taints = [{ key: 'closed', effect: 'NoSchedule' as const }];
        return client.patch(NODES, { name }, { spec: { taints } }, { type: 'merge' });
      },
    ],
  ] as const)
    it(`binds a pod that only the balance with a full node kept pending when that node ${change}`, async () => {
      const label = nodeTaintsPolicy.toLowerCase();
      const [open, full] = [`open-${label}`, `full-${label}`];
      await node(open, '2');
      await node(full, '100m');
      for (const name of [open, full])
        await client.patch(NODES, { name }, { metadata: { labels: { label } } }, { type: 'merge' });
      const spread = (name: string) =>
        client.create(PODS, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: NAMESPACE, labels: { label } },
          spec: {
            containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '500m' } } }],
            nodeSelector: { label },
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: { matchLabels: { label } },
                nodeTaintsPolicy,
              },
            ],
          },
        });
      await spread(`first-${label}`);
      await until(`first-${label}`, ({ spec }) => spec.nodeName === open);
      await spread(`second-${label}`);
      await until(`second-${label}`, ({ status }) =>
        Boolean(status?.conditions?.some(({ reason }) => reason === 'Unschedulable')),
      );
      await leave(full);
      await until(`second-${label}`, ({ spec }) => spec.nodeName === open);
    });

  it('ignores pods of other schedulers', async () => {
    await pod('foreign', '10m', { schedulerName: 'another' });
    await pod('ours', '10m');
    await until('ours', (p) => p.spec.nodeName !== undefined);
    assert.equal(
      (await client.get(PODS, { namespace: NAMESPACE, name: 'foreign' })).spec.nodeName,
      undefined,
    );
  });
});
