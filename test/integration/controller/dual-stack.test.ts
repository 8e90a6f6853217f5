// Dual stack in the controllers: node ranges, slices per family, Endpoints of the first family.
import assert from 'node:assert/strict';
import type { Pod, Service } from '../../../pkg/apis/core/v1/types.js';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  NODES,
  PODS,
  SERVICES,
} from '../../../pkg/apis/resource-types.js';
import { eventually, startControlPlane, type ControlPlane } from '../../support/control-plane.js';

const SERVICE_RANGES = '10.100.0.0/24,fd00:100::/112';
const POD_RANGES = '10.244.0.0/16,fd00:244::/56';

describe('dual stack in the controllers', function () {
  this.timeout(60_000);
  let plane: ControlPlane;
  before(async () => {
    plane = await startControlPlane(['--allocate-node-cidrs', `--cluster-cidr=${POD_RANGES}`], {
      serviceClusterIPRange: SERVICE_RANGES,
    });
  });
  after(() => plane.stop());

  async function pod(namespace: string, name: string, ips: string[]): Promise<void> {
    const made = await plane.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: 'x' } },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
    } as Pod);
    const status = {
      phase: 'Running',
      podIP: ips[0],
      podIPs: ips.map((ip) => ({ ip })),
      conditions: [{ type: 'Ready', status: 'True' }],
    };
    await plane.client.patch(
      PODS,
      { namespace, name: made.metadata.name },
      { status },
      { type: 'merge', subresource: 'status' },
    );
  }

  const service = (namespace: string, spec: Partial<Service['spec']>): Promise<Service> =>
    plane.client.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace },
      spec: { selector: { app: 'x' }, ports: [{ port: 80 }], ...spec },
    } as Service);

  async function slices(namespace: string): Promise<[string, string[]][]> {
    const { items } = await plane.client.list(ENDPOINT_SLICES, {
      namespace,
      labelSelector: 'kubernetes.io/service-name=s',
    });
    return items
      .map((slice): [string, string[]] => [
        slice.addressType,
        (slice.endpoints ?? []).flatMap(({ addresses }) => addresses).sort(),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  const expectSlices = (namespace: string, wanted: [string, string[]][]): Promise<unknown> =>
    eventually(`slices ${JSON.stringify(wanted)}`, async () => {
      const seen = await slices(namespace);
      if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(JSON.stringify(seen));
      return true;
    });

  const expectEndpoints = (namespace: string, wanted: string[]): Promise<unknown> =>
    eventually(`endpoints ${wanted.join()}`, async () => {
      const { subsets = [] } = await plane.client.get(ENDPOINTS, { namespace, name: 's' });
      return (
        JSON.stringify(
          subsets.flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)).sort(),
        ) === JSON.stringify(wanted)
      );
    });

  it('allocates a range of both families to each node', async () => {
    for (const name of ['a', 'b'])
      await plane.client.create(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
        spec: {},
      });
    const ranges = await eventually('ranges', async () => {
      const { items } = await plane.client.list(NODES, {});
      const given = items.flatMap(({ spec }) => (spec.podCIDRs ? [spec.podCIDRs] : []));
      return given.length === 2 && given;
    });
    assert.deepEqual(ranges.flat().sort(), [
      '10.244.0.0/24',
      '10.244.1.0/24',
      'fd00:244:0:1::/64',
      'fd00:244::/64',
    ]);
    for (const range of ranges)
      assert.deepEqual(
        range.map((text) => text.includes(':')),
        [false, true],
      );
  });

  it('writes a slice per family, Endpoints of the first, and follows ipFamilyPolicy', async () => {
    const namespace = await plane.namespace();
    await pod(namespace, 'p1', ['10.244.0.5', 'fd00:244::5']);
    await pod(namespace, 'p2', ['10.244.0.6']);
    await service(namespace, { ipFamilyPolicy: 'PreferDualStack' });
    await expectSlices(namespace, [
      ['IPv4', ['10.244.0.5', '10.244.0.6']],
      ['IPv6', ['fd00:244::5']],
    ]);
    await expectEndpoints(namespace, ['10.244.0.5', '10.244.0.6']);
    const where = { namespace, name: 's' };
    await plane.client.patch(
      SERVICES,
      where,
      { spec: { ipFamilyPolicy: 'SingleStack' } },
      { type: 'merge' },
    );
    await expectSlices(namespace, [['IPv4', ['10.244.0.5', '10.244.0.6']]]);
    await plane.client.patch(
      SERVICES,
      where,
      { spec: { ipFamilyPolicy: 'RequireDualStack' } },
      { type: 'merge' },
    );
    await expectSlices(namespace, [
      ['IPv4', ['10.244.0.5', '10.244.0.6']],
      ['IPv6', ['fd00:244::5']],
    ]);
  });

  it('serves IPv6 only, and headless services in both families', async () => {
    const six = await plane.namespace();
    await pod(six, 'p', ['10.244.0.7', 'fd00:244::7']);
    await service(six, { ipFamilies: ['IPv6'] });
    await expectSlices(six, [['IPv6', ['fd00:244::7']]]);
    await expectEndpoints(six, ['fd00:244::7']);
    const headless = await plane.namespace();
    await pod(headless, 'p', ['10.244.0.8', 'fd00:244::8']);
    await service(headless, { clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack' });
    await expectSlices(headless, [
      ['IPv4', ['10.244.0.8']],
      ['IPv6', ['fd00:244::8']],
    ]);
    await expectEndpoints(headless, ['10.244.0.8']);
  });
});
