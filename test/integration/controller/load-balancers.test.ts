// Services of type LoadBalancer get addresses of nodes, and the API server keeps what the
// controller writes: finalizer and status in one update of the status.
import assert from 'node:assert/strict';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import type { LoadBalancerIngress, ServiceSpec } from '../../../pkg/apis/core/v1/types.js';
import {
  ENDPOINT_SLICES,
  EVENTS,
  NODES,
  PODS,
  SERVICES,
} from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

describe('load balancers', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  before(async () => {
    plane = await startControlPlane(['--controllers=*,service-lb-controller,-nodelifecycle']);
    for (const [name, address] of [
      ['one', '10.9.0.1'],
      ['two', '10.9.0.2'],
    ] as const)
      await addNode(name, address);
  });
  after(() => plane.stop());
  beforeEach(async () => {
    namespace = await plane.namespace();
  });

  async function addNode(name: string, address: string): Promise<void> {
    const metadata = { name };
    await plane.client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata, spec: {} });
    await setReady(name, 'True', address);
  }
  const setReady = (name: string, status: string, address: string) =>
    plane.client.patch(
      NODES,
      { name },
      {
        status: {
          addresses: [{ type: 'InternalIP', address }],
          conditions: [{ type: 'Ready', status }],
        },
      },
      { type: 'merge', subresource: 'status' },
    );
  const create = (name: string, spec: Partial<ServiceSpec> = {}) =>
    plane.client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
    });
  const get = (name: string) => plane.client.get(SERVICES, { name, namespace });
  const patch = (name: string, body: object) =>
    plane.client.patch(SERVICES, { name, namespace }, body, { type: 'merge' });
  const remove = (name: string) => plane.client.delete(SERVICES, { name, namespace });
  // Nodes of the same second have no order.
  const ips = (ingress: readonly LoadBalancerIngress[] = []) =>
    ingress
      .map(({ ip }) => ip)
      .sort((a = '', b = '') => a.localeCompare(b))
      .join();
  const addresses = async (name: string) => ips((await get(name)).status?.loadBalancer?.ingress);
  const become = (name: string, wanted: string) =>
    eventually(`${name} at '${wanted}'`, async () => (await addresses(name)) === wanted);
  const events = (name: string, ...wanted: string[]) =>
    eventually(`the events ${wanted.join(', ')} of ${name}`, async () => {
      const { items } = await plane.client.list(EVENTS, { namespace });
      const seen = items
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ message, reason, source }) => `${reason}: ${message} (${source?.component})`);
      const missing = wanted.find((text) => !seen.includes(`${text} (service-controller)`));
      if (missing) throw new Error(`no ${missing} among ${seen.join('; ')}`);
      return true;
    });
  const gone = (name: string) =>
    eventually(`${name} is gone`, () =>
      get(name).then(
        () => false,
        (error: unknown) => isReason(error, 'NotFound'),
      ),
    );

  it('have the addresses of ready nodes, and follow them', async () => {
    await create('web');
    await become('web', '10.9.0.1,10.9.0.2');
    const { metadata, status } = await get('web');
    assert.deepEqual(metadata.finalizers, [FINALIZER]);
    const first = status?.loadBalancer?.ingress?.find(({ ip }) => ip === '10.9.0.1');
    assert.deepEqual(first, {
      ip: '10.9.0.1',
      ipMode: 'Proxy',
      ports: [{ port: 80, protocol: 'TCP' }],
    });
    await events(
      'web',
      'EnsuringLoadBalancer: Ensuring load balancer',
      'EnsuredLoadBalancer: Ensured load balancer',
    );
    await setReady('two', 'False', '10.9.0.2');
    await become('web', '10.9.0.1');
    await events('web', 'UpdatedLoadBalancer: Updated load balancer with new hosts');
    await setReady('two', 'True', '10.9.0.2');
    await become('web', '10.9.0.1,10.9.0.2');
    await addNode('three', '10.9.0.3');
    await become('web', '10.9.0.1,10.9.0.2,10.9.0.3');
    await plane.client.delete(NODES, { name: 'three' });
    await become('web', '10.9.0.1,10.9.0.2');
    await remove('web');
    await gone('web');
    await events(
      'web',
      'DeletingLoadBalancer: Deleting load balancer',
      'DeletedLoadBalancer: Deleted load balancer',
    );
  });

  it('wait for a port that another service has, and keep what they have', async () => {
    await create('first');
    await become('first', '10.9.0.1,10.9.0.2');
    await create('second');
    await events(
      'second',
      'SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: port TCP 80 is not free on any available node',
    );
    assert.equal(await addresses('second'), '');
    // A change of the older service must not take the port either.
    await create('third', { ports: [{ port: 81 }] });
    await become('third', '10.9.0.1,10.9.0.2');
    await patch('first', { spec: { ports: [{ port: 81 }] } });
    await become('second', '10.9.0.1,10.9.0.2');
    await become('first', '');
    assert.equal(await addresses('third'), '10.9.0.1,10.9.0.2');
    await remove('third');
    await become('first', '10.9.0.1,10.9.0.2');
    await Promise.all(['first', 'second'].map(remove));
    await Promise.all(['first', 'second'].map(gone));
  });

  it('never get the port of the API server, a node port or a host port', async () => {
    const key = { namespace: 'default', name: 'kubernetes' };
    const api = (await plane.client.get(ENDPOINT_SLICES, key)).ports![0]!.port!;
    const np = await create('np', { type: 'NodePort' });
    const nodePort = np.spec.ports![0]!.nodePort!;
    for (const [name, port] of [
      ['api', api],
      ['kubelet', 10_250],
      ['captor', nodePort],
    ] as const) {
      await create(name, { ports: [{ port }] });
      await events(
        name,
        `SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: port TCP ${port} is not free on any available node`,
      );
      assert.equal(await addresses(name), '');
    }
    await create('web', { ports: [{ port: 8080 }] });
    await become('web', '10.9.0.1,10.9.0.2');
    const ports = [{ containerPort: 8080, hostPort: 8080 }];
    await plane.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'host', namespace },
      spec: { nodeName: 'one', containers: [{ name: 'c', image: 'i', ports }] },
    });
    await become('web', '10.9.0.2');
    await plane.client.delete(PODS, { name: 'host', namespace }, { gracePeriodSeconds: 0 });
    await become('web', '10.9.0.1,10.9.0.2');
    for (const name of ['api', 'kubelet', 'captor', 'web']) await remove(name);
  });

  it('follow ready endpoints under the Local policy, and end with a change of type', async () => {
    await create('local', { externalTrafficPolicy: 'Local' });
    await events('local', 'UnAvailableLoadBalancer: There are no available nodes for LoadBalancer');
    const slice = await plane.client.create(ENDPOINT_SLICES, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', namespace, labels: { 'kubernetes.io/service-name': 'local' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.8.0.1'], nodeName: 'two', conditions: { ready: true } }],
      ports: [],
    });
    await become('local', '10.9.0.2');
    slice.endpoints![0]!.nodeName = 'one';
    const { resourceVersion: _old, ...metadata } = slice.metadata;
    await plane.client.update(ENDPOINT_SLICES, { ...slice, metadata });
    await become('local', '10.9.0.1');
    await patch('local', { spec: { externalTrafficPolicy: 'Cluster' } });
    await become('local', '10.9.0.1,10.9.0.2');
    await patch('local', { spec: { type: 'ClusterIP' } });
    await eventually('no finalizer', async () => !(await get('local')).metadata.finalizers);
    assert.deepEqual((await get('local')).status?.loadBalancer, {});
  });
});
