// Disruption budgets with the eviction subresource, and resource quotas, against the real API
// server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import {
  LEASES,
  NODES,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICATION_CONTROLLERS,
  RESOURCE_QUOTAS,
} from '../../../pkg/apis/resource-types.js';
import type { Pod } from '../../../pkg/apis/core/v1/types.js';
import type { PodDisruptionBudgetSpec } from '../../../pkg/apis/policy/v1/types.js';
import {
  BOUND_MS,
  controlPlane,
  eventually,
  type ControlPlane,
} from '../../support/control-plane.js';

const run = promisify(execFile);
const template = {
  metadata: { labels: { app: 'web' } } as never,
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }] },
};

describe('policy controllers', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  controlPlane((...made) => ([plane, namespace] = made));

  const ready = async (replicas: number): Promise<Pod[]> => {
    await plane.client.create(REPLICATION_CONTROLLERS, {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'web', namespace },
      spec: { replicas, selector: { app: 'web' }, template },
    });
    const pods = await eventually('pods', async () => {
      const found = await plane.pods(namespace);
      return found.length === replicas && found;
    });
    await Promise.all(pods.map((pod) => plane.setReady(pod, true)));
    return pods;
  };
  const createBudget = (spec: PodDisruptionBudgetSpec) =>
    plane.client.create(POD_DISRUPTION_BUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    });
  const allowed = (count: number, expected: number) =>
    eventually(`${count} disruptions allowed of ${expected}`, async () => {
      const { status } = await plane.client.get(POD_DISRUPTION_BUDGETS, { namespace, name: 'web' });
      return status?.disruptionsAllowed === count && status.expectedPods === expected && status;
    });
  const evict = (pod: Pod) =>
    plane.client.createSubresource(PODS, { namespace, name: pod.metadata.name }, 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod.metadata.name, namespace },
    });

  it('allows as many evictions as the budget has, and more when pods are ready again', async () => {
    const pods = await ready(3);
    await createBudget({ minAvailable: 2 });
    const status = await allowed(1, 3);
    assert.deepEqual(
      [status.currentHealthy, status.desiredHealthy, status.conditions?.[0]?.reason],
      [3, 2, 'SufficientPods'],
    );
    await evict(pods[0]!);
    await assert.rejects(
      evict(pods[1]!),
      (error) =>
        isReason(error, 'TooManyRequests') &&
        /violate the pod's disruption budget/.test((error as Error).message),
    );
    const replacement = await eventually('a new pod', async () => {
      const now = await plane.pods(namespace);
      return (
        now.length === 3 &&
        now.find((pod) => !pods.some(({ metadata }) => metadata.uid === pod.metadata.uid))
      );
    });
    await allowed(0, 3);
    await plane.setReady(replacement, true);
    await allowed(1, 3);
    await evict(pods[1]!);
  });

  it('asks the budget in a dry run too, and takes nothing from it', async () => {
    const [pod] = await ready(2);
    const asked = async (query: string, body: object = {}): Promise<number> => {
      const path = `/api/v1/namespaces/${namespace}/pods/${pod!.metadata.name}/eviction${query}`;
      const { status } = await plane.client.raw('POST', path, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod!.metadata.name, namespace },
        ...body,
      });
      return status;
    };
    await createBudget({ minAvailable: 2 });
    await allowed(0, 2);
    assert.equal(await asked('?dryRun=All'), 429);
    assert.equal(await asked('', { deleteOptions: { dryRun: ['All'] } }), 429);
    await plane.client.patch(
      POD_DISRUPTION_BUDGETS,
      { namespace, name: 'web' },
      { spec: { minAvailable: 1 } },
      { type: 'merge' },
    );
    await allowed(1, 2);
    assert.equal(await asked('?dryRun=All'), 201);
    assert.equal(await asked('', { deleteOptions: { dryRun: ['All'] } }), 201);
    const budget = await plane.client.get(POD_DISRUPTION_BUDGETS, { namespace, name: 'web' });
    assert.equal(budget.status?.disruptionsAllowed, 1);
    assert.equal((await plane.pods(namespace)).length, 2);
  });

  it('counts maxUnavailable from the wanted replicas', async () => {
    await ready(2);
    await createBudget({ maxUnavailable: '50%' });
    await allowed(1, 2);
    await plane.client.patch(
      REPLICATION_CONTROLLERS,
      { namespace, name: 'web' },
      { spec: { replicas: 6 } },
      { type: 'merge' },
    );
    await allowed(0, 6);
  });

  it('kubectl drain waits for the budget and then finishes', async () => {
    const name = `node-${namespace}`;
    await plane.client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: {},
    });
    const pods = await ready(2);
    for (const { metadata } of pods) {
      await plane.client.createSubresource(PODS, { namespace, name: metadata.name }, 'binding', {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: metadata.name },
        target: { kind: 'Node', name },
      });
    }
    await createBudget({ minAvailable: 2 });
    await allowed(0, 2);
    const drain = (timeout: string) =>
      run('kubectl', [
        '--kubeconfig',
        plane.api.kubeconfig,
        'drain',
        name,
        '--grace-period=0',
        `--timeout=${timeout}`,
      ]);
    await assert.rejects(drain('1s'), (error: { stderr: string }) =>
      /Cannot evict pod as it would violate the pod's disruption budget/.test(error.stderr),
    );
    await plane.client.patch(
      POD_DISRUPTION_BUDGETS,
      { namespace, name: 'web' },
      { spec: { minAvailable: 0 } },
      { type: 'merge' },
    );
    await allowed(2, 2);
    const drained = drain('15s');
    await eventually('evicted pods going', async () => {
      const mine = (await plane.pods(namespace)).filter(({ spec }) => spec.nodeName === name);
      // As the kubelet would, the test deletes terminating pods.
      for (const { metadata } of mine)
        if (metadata.deletionTimestamp)
          await plane.client.delete(
            PODS,
            { namespace, name: metadata.name },
            { gracePeriodSeconds: 0 },
          );
      return mine.length === 0;
    });
    assert.match((await drained).stdout, /drained/);
  });

  it('reports the usage of a quota, and frees it after a deletion', async () => {
    await plane.client.create(RESOURCE_QUOTAS, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace },
      spec: { hard: { pods: '3', 'requests.cpu': '1', 'count/replicationcontrollers': '5' } },
    });
    const used = (wanted: Record<string, string>) =>
      eventually(JSON.stringify(wanted), async () => {
        const { status } = await plane.client.get(RESOURCE_QUOTAS, { namespace, name: 'q' });
        return Object.entries(wanted).every(([name, amount]) => status?.used?.[name] === amount);
      });
    await used({ pods: '0', 'requests.cpu': '0', 'count/replicationcontrollers': '0' });
    await ready(3);
    await used({ pods: '3', 'requests.cpu': '300m', 'count/replicationcontrollers': '1' });
    await assert.rejects(
      plane.client.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'more', namespace },
        spec: template.spec,
      }),
      (error) =>
        isReason(error, 'Forbidden') &&
        /exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3/.test(
          (error as Error).message,
        ),
    );
    await plane.client.patch(
      REPLICATION_CONTROLLERS,
      { namespace, name: 'web' },
      { spec: { replicas: 1 } },
      { type: 'merge' },
    );
    await used({ pods: '1', 'requests.cpu': '100m' });
    // A resource that no quota counted before is watched from now on.
    await plane.client.patch(
      RESOURCE_QUOTAS,
      { namespace, name: 'q' },
      {
        spec: { hard: { 'count/leases.coordination.k8s.io': '1', 'count/gone.example.org': '1' } },
      },
      { type: 'merge' },
    );
    await used({ 'count/leases.coordination.k8s.io': '0' });
    const lease = (name: string) => ({
      apiVersion: 'coordination.k8s.io/v1' as const,
      kind: 'Lease' as const,
      metadata: { name, namespace },
      spec: {},
    });
    await plane.client.create(LEASES, lease('first'));
    await used({ 'count/leases.coordination.k8s.io': '1', pods: '1' });
    await assert.rejects(
      plane.client.create(LEASES, lease('second')),
      /exceeded quota: q, requested: count\/leases.coordination.k8s.io=1/,
    );
    await plane.client.delete(LEASES, { namespace, name: 'first' });
    await used({ 'count/leases.coordination.k8s.io': '0' });
  });
});
