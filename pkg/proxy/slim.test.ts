// Slim objects carry all that the model reads.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Service } from '../apis/core/v1/types.js';
import type { EndpointSlice } from '../apis/discovery/v1/types.js';
import { keyOf } from '../apimachinery/meta/object.js';
import { buildService } from './model.js';
import { slimService, slimSlice } from './slim.js';

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
const portName = fc.constantFrom(undefined, 'http', 'dns');
const protocol = maybe('TCP', 'UDP', 'SCTP');
const meta = (name: string) => ({
  name,
  namespace: 'a',
  uid: 'u',
  resourceVersion: '7',
  labels: { app: 'x', 'kubernetes.io/service-name': 'web' },
  annotations: {
    note: 'x',
    'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
  },
  managedFields: [{ manager: 'm' }],
});

const service = fc
  .record({
    type: maybe('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    clusterIP: maybe('10.100.0.1', 'None', 'fd00::1'),
    clusterIPs: maybe(['10.100.0.1'], ['10.100.0.1', 'fd00::1'], ['fd00::1', '10.100.0.1'], []),
    externalIPs: maybe(['192.0.2.1', 'fd00::2'], []),
    loadBalancerSourceRanges: maybe(['10.0.0.0/8', 'fd00::/8']),
    internalTrafficPolicy: maybe('Local', 'Cluster'),
    externalTrafficPolicy: maybe('Local', 'Cluster'),
    healthCheckNodePort: maybe(0, 30_999),
    sessionAffinity: maybe('None', 'ClientIP'),
    sessionAffinityConfig: maybe({ clientIP: { timeoutSeconds: 5 } }),
    ports: fc.array(
      fc
        .record({
          name: portName,
          port: fc.constantFrom(53, 80),
          protocol,
          nodePort: maybe(30_080),
          targetPort: maybe<number | string>(8080, 'http'),
        })
        .map(defined),
      { maxLength: 3 },
    ),
    ingress: maybe([{ ip: '192.0.2.9' }, { hostname: 'x' }, { ip: 'fd00::9', ipMode: 'VIP' }], []),
  })
  .map(
    ({ ingress, ...spec }) =>
      ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('web'),
        spec: defined({ ...spec, selector: { app: 'x' } }),
        ...(ingress ? { status: { loadBalancer: { ingress } } } : {}),
      }) as unknown as Service,
  );
const endpoint = fc
  .record({
    addresses: fc.constantFrom(['10.1.0.1'], ['10.1.0.2'], ['fd00:1::1']),
    conditions: fc.option(
      fc
        .record({
          ready: maybe(true, false),
          serving: maybe(true, false),
          terminating: maybe(true, false),
        })
        .map(defined),
      { nil: undefined },
    ),
    nodeName: maybe('n1', 'n2'),
    hints: maybe({ forZones: [{ name: 'z' }] }, { forZones: [] }, {}),
    targetRef: fc.constant({ kind: 'Pod', name: 'p' }),
  })
  .map(defined);
const slice = fc
  .record({
    addressType: fc.constantFrom('IPv4', 'IPv6'),
    endpoints: fc.array(endpoint, { maxLength: 4 }),
    ports: fc.array(fc.record({ name: portName, port: maybe(8080, 5353), protocol }).map(defined), {
      maxLength: 3,
    }),
  })
  .map(
    (more) =>
      ({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: meta('web-1'),
        ...more,
      }) as unknown as EndpointSlice,
  );

describe('proxy slim objects', () => {
  it('give the same model as the full objects, with the same key and revision', () => {
    fc.assert(
      fc.property(
        service,
        fc.array(slice, { maxLength: 3 }),
        fc.constantFrom(4 as const, 6 as const),
        maybe('z', 'y'),
        (whole, slices, family, zone) => {
          const node = { name: 'n1', ...(zone ? { zone } : {}) };
          assert.deepEqual(
            buildService(slimService(whole), slices.map(slimSlice), node, family),
            buildService(whole, slices, node, family),
          );
          assert.deepEqual(
            [keyOf(slimService(whole)), slimService(whole).metadata.resourceVersion],
            [keyOf(whole), '7'],
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keep of a slice's metadata only the service name and the change time", () => {
    const whole = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: meta('web-1'),
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.1.0.1'],
          conditions: { ready: true },
          nodeName: 'n1',
          targetRef: { kind: 'Pod', name: 'p' },
        },
      ],
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    } as unknown as EndpointSlice;
    assert.deepEqual(slimSlice(whole), {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'web-1',
        namespace: 'a',
        resourceVersion: '7',
        labels: { 'kubernetes.io/service-name': 'web' },
        annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true }, nodeName: 'n1' }],
      ports: [{ name: 'http', port: 80 }],
    });
  });
});
