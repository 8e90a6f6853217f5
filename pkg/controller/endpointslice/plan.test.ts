import assert from 'node:assert/strict';
import type { Pod, Service } from '../../apis/core/v1/types.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { planEndpoints } from '../endpoint/plan.js';
import { planSlices, type SlicePlan } from './plan.js';
import { targetPortOn } from '../../component-helpers/pods.js';

const service = (spec: Partial<Service['spec']> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'ns', uid: 'su', labels: { app: 'x' } },
  spec: {
    clusterIP: '10.100.0.9',
    selector: { app: 'x' },
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'web' }],
    ...spec,
  },
});

interface Shape {
  ready?: boolean;
  terminating?: boolean;
  port?: number;
  node?: string;
  ips?: string[];
  hostname?: string;
}

const pod = (
  n: number,
  { hostname, ips, node = 'n1', port = 8080, ready = true, terminating = false }: Shape = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `p${n}`,
    namespace: 'ns',
    uid: `u${n}`,
    labels: { app: 'x' },
    ...(terminating ? { deletionTimestamp: 'now' } : {}),
  },
  spec: {
    nodeName: node,
    containers: [{ name: 'c', ports: [{ name: 'web', containerPort: port }] }],
    ...(hostname ? { hostname, subdomain: 's' } : {}),
  },
  status: {
    podIP: ips?.[0] ?? `10.244.0.${n}`,
    podIPs: (ips ?? [`10.244.0.${n}`]).map((ip) => ({ ip })),
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  },
});

const NOTHING = { create: [], update: [], remove: [], events: [], isProportional: false };
const zoneOf = (node: string): string | undefined => (node === 'n1' ? 'z1' : undefined);

/** The slices after the plan. */
function apply(plan: SlicePlan, existing: readonly EndpointSlice[]): EndpointSlice[] {
  const updated = existing
    .filter((slice) => !plan.remove.includes(slice))
    .map((slice) => plan.update.find((u) => u.metadata.name === slice.metadata.name) ?? slice);
  const created = plan.create.map(
    (slice, i) =>
      ({
        ...slice,
        metadata: { ...slice.metadata, name: `new${existing.length + i}` },
      }) as EndpointSlice,
  );
  return [...updated, ...created];
}
const addresses = (slice: { endpoints: { addresses: string[] }[] | null }): string[] =>
  (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);

describe('endpoint slice plan', () => {
  it('writes hints once, and takes them away with their reason', () => {
    const close = service({ trafficDistribution: 'PreferClose' });
    const first = apply(planSlices(close, [pod(1), pod(2, { node: 'n2' })], [], zoneOf), []);
    assert.deepEqual(
      first[0]!.endpoints!.map(({ hints }) => hints),
      [{ forZones: [{ name: 'z1' }] }, undefined],
    );
    const same = planSlices(close, [pod(1), pod(2, { node: 'n2' })], first, zoneOf);
    assert.deepEqual([same.create, same.update, same.remove], [[], [], []]);
    const [plain] = planSlices(service(), [pod(1), pod(2, { node: 'n2' })], first, zoneOf).update;
    assert.ok(plain!.endpoints!.every(({ hints }) => hints === undefined));
  });

  it('describes an endpoint in full', () => {
    const plan = planSlices(service(), [pod(1, { hostname: 'h' })], [], zoneOf);
    assert.deepEqual(plan, {
      events: [],
      isProportional: false,
      create: [
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            generateName: 's-',
            namespace: 'ns',
            labels: {
              app: 'x',
              'kubernetes.io/service-name': 's',
              'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
            },
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Service',
                name: 's',
                uid: 'su',
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          },
          addressType: 'IPv4',
          endpoints: [
            {
              addresses: ['10.244.0.1'],
              conditions: { ready: true, serving: true, terminating: false },
              hostname: 'h',
              nodeName: 'n1',
              targetRef: { kind: 'Pod', name: 'p1', namespace: 'ns', uid: 'u1' },
              zone: 'z1',
            },
          ],
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        },
      ],
      update: [],
      remove: [],
    });
  });

  it('distinguishes ready, serving and terminating', () => {
    const conditions = (p: Pod, s = service()) =>
      planSlices(s, [p], [], zoneOf).create[0]!.endpoints![0]!.conditions;
    assert.deepEqual(conditions(pod(1, { ready: false })), {
      ready: false,
      serving: false,
      terminating: false,
    });
    assert.deepEqual(conditions(pod(1, { terminating: true })), {
      ready: false,
      serving: true,
      terminating: true,
    });
    assert.deepEqual(
      conditions(pod(1, { ready: false }), service({ publishNotReadyAddresses: true })),
      { ready: true, serving: false, terminating: false },
    );
  });

  it('changes only the slice that a changed pod is in, and nothing when nothing changed', () => {
    const pods = Array.from({ length: 250 }, (_, i) =>
      pod(i, { ips: [`10.1.${Math.floor(i / 250)}.${i}`] }),
    );
    const slices = apply(planSlices(service(), pods, [], zoneOf), []);
    assert.deepEqual(
      slices.map((slice) => slice.endpoints?.length),
      [100, 100, 50],
    );
    assert.deepEqual(planSlices(service(), pods, slices, zoneOf), NOTHING);
    pods[120] = pod(120, { ready: false, ips: ['10.1.0.120'] });
    const plan = planSlices(service(), pods, slices, zoneOf);
    assert.deepEqual(
      plan.update.map((slice) => slice.metadata.name),
      ['new1'],
    );
    assert.deepEqual([plan.create.length, plan.remove.length], [0, 0]);
  });

  it('fills a slice with room before it creates another', () => {
    const first = Array.from({ length: 150 }, (_, i) => pod(i));
    const slices = apply(planSlices(service(), first, [], zoneOf), []);
    const more = [...first, ...Array.from({ length: 60 }, (_, i) => pod(200 + i))];
    const plan = planSlices(service(), more, slices, zoneOf);
    assert.deepEqual(
      plan.update.map((slice) => slice.endpoints?.length),
      [100],
    );
    assert.deepEqual(
      plan.create.map((slice) => slice.endpoints?.length),
      [10],
    );
    const all = apply(plan, slices).flatMap(addresses);
    assert.equal(new Set(all).size, 210);
    assert.equal(all.length, 210);
  });

  it('groups by ports, deletes empty slices, keeps one empty slice', () => {
    const slices = apply(planSlices(service(), [pod(1), pod(2, { port: 9090 })], [], zoneOf), []);
    assert.deepEqual(
      slices.map((slice) => [slice.ports?.[0]?.port, addresses(slice)]),
      [
        [8080, ['10.244.0.1']],
        [9090, ['10.244.0.2']],
      ],
    );
    const gone = planSlices(service(), [pod(1)], slices, zoneOf);
    assert.deepEqual(
      gone.remove.map((slice) => slice.ports?.[0]?.port),
      [9090],
    );
    const empty = apply(planSlices(service(), [], slices, zoneOf), slices);
    assert.deepEqual(
      empty.map((slice) => slice.endpoints),
      [[]],
    );
    assert.deepEqual(planSlices(service(), [], empty, zoneOf), NOTHING);
  });

  it('keeps address families in separate slices', () => {
    const dual = service({ ipFamilies: ['IPv4', 'IPv6'] });
    const plan = planSlices(dual, [pod(1, { ips: ['10.0.0.1', 'fd00::1'] })], [], zoneOf);
    assert.deepEqual(
      plan.create.map((slice) => [slice.addressType, addresses(slice)]),
      [
        ['IPv4', ['10.0.0.1']],
        ['IPv6', ['fd00::1']],
      ],
    );
  });

  it('labels headless services and copies labels', () => {
    const slices = apply(planSlices(service(), [pod(1)], [], zoneOf), []);
    const headless = service({ clusterIP: 'None' });
    const plan = planSlices(headless, [pod(1)], slices, zoneOf);
    assert.equal(plan.update[0]!.metadata.labels!['service.kubernetes.io/headless'], '');
  });
});

describe('endpoints plan', () => {
  it('groups addresses with equal ports into a sorted subset', () => {
    const { metadata, subsets } = planEndpoints(
      service(),
      [pod(3), pod(1), pod(2, { ready: false }), pod(4, { port: 9090 })],
      undefined,
    );
    const ref = (n: number) => ({
      ip: `10.244.0.${n}`,
      nodeName: 'n1',
      targetRef: { kind: 'Pod', name: `p${n}`, namespace: 'ns', uid: `u${n}` },
    });
    assert.deepEqual(subsets, [
      {
        addresses: [ref(1), ref(3)],
        notReadyAddresses: [ref(2)],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
      { addresses: [ref(4)], ports: [{ name: 'http', port: 9090, protocol: 'TCP' }] },
    ]);
    assert.deepEqual(metadata, { name: 's', namespace: 'ns', labels: { app: 'x' } });
  });

  it('has addresses without ports only for headless services without ports', () => {
    assert.equal(
      planEndpoints(service({ ports: [{ port: 1, targetPort: 'nowhere' }] }), [pod(1)], undefined)
        .subsets,
      undefined,
    );
    const headless = planEndpoints(service({ clusterIP: 'None', ports: [] }), [pod(1)], undefined);
    assert.deepEqual(
      headless.subsets?.map((subset) => [subset.addresses?.length, subset.ports]),
      [[1, undefined]],
    );
    assert.equal(headless.metadata.labels!['service.kubernetes.io/headless'], '');
  });

  it('keeps ready addresses when there are too many', () => {
    const pods = Array.from({ length: 1100 }, (_, i) =>
      pod(i, { ips: [`10.${i >> 8}.0.${i & 255}`], ready: i >= 100 }),
    );
    const endpoints = planEndpoints(service(), pods, undefined);
    assert.equal(endpoints.subsets![0]!.addresses!.length, 1000);
    assert.equal(endpoints.subsets![0]!.notReadyAddresses, undefined);
    assert.equal(
      endpoints.metadata.annotations!['endpoints.kubernetes.io/over-capacity'],
      'truncated',
    );
  });
});

describe('target port', () => {
  it('is a number, a name on this pod by protocol, or the service port', () => {
    const p = pod(1);
    p.spec.containers.push({
      name: 'dns',
      ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }],
    });
    assert.equal(targetPortOn(p, { port: 80, targetPort: 8080 }), 8080);
    assert.equal(targetPortOn(p, { port: 80 }), 80);
    assert.equal(targetPortOn(p, { port: 80, targetPort: 'web' }), 8080);
    assert.equal(targetPortOn(p, { port: 53, targetPort: 'dns' }), undefined);
    assert.equal(targetPortOn(p, { port: 53, targetPort: 'dns', protocol: 'UDP' }), 53);
  });
});
