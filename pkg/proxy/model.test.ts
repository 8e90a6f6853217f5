import assert from 'node:assert/strict';
import type { Service, ServiceSpec } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import { buildService } from './model.js';

const service = (spec: Partial<ServiceSpec>, status?: Service['status']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'ns' } as Service['metadata'],
  spec: { clusterIP: '10.100.0.5', ports: [{ port: 80 }], ...spec },
  ...(status ? { status } : {}),
});
const slice = (
  endpoints: Endpoint[],
  ports = [{ port: 8080 }] as EndpointSlice['ports'],
): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  addressType: 'IPv4',
  metadata: { name: 'web-1', namespace: 'ns' } as EndpointSlice['metadata'],
  endpoints,
  ...(ports ? { ports } : {}),
});
const endpoint = (ip: string, more: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [ip],
  conditions: { ready: true },
  nodeName: 'n1',
  ...more,
});
const build = (spec: Partial<ServiceSpec>, slices: EndpointSlice[], zone?: string) =>
  buildService(service(spec), slices, { name: 'n1', ...(zone ? { zone } : {}) }, 4);
const ips = (model: ReturnType<typeof build>, which: 'cluster' | 'local' = 'cluster') =>
  model!.ports[0]![which].map((target) => target.ip);

describe('proxy service model', () => {
  it('skips headless, ExternalName and IPv6-only services', () => {
    for (const spec of [
      { clusterIP: 'None' },
      { clusterIP: '' },
      { type: 'ExternalName', clusterIP: '' },
      { clusterIP: 'fd00::1' },
    ])
      assert.equal(build(spec, []), undefined);
    assert.equal(
      build({ clusterIP: 'fd00::1', clusterIPs: ['fd00::1', '10.100.0.6'] }, [])!.clusterIP,
      '10.100.0.6',
    );
  });

  it('models a service in each of its address families', () => {
    const dual = service(
      {
        type: 'LoadBalancer',
        clusterIP: '10.100.0.5',
        clusterIPs: ['10.100.0.5', 'FD00:100:0:0::5'],
        externalIPs: ['192.0.2.1', '2001:DB8::1'],
        loadBalancerSourceRanges: ['10.0.0.0/8', '2001:db8::/32'],
      },
      { loadBalancer: { ingress: [{ ip: '2001:db8::2' }, { ip: '192.0.2.2' }] } },
    );
    const slices = [
      slice([endpoint('10.1.0.1')]),
      {
        ...slice([endpoint('fd00:1::0:1'), endpoint('fd00:1::2', { nodeName: 'n2' })]),
        addressType: 'IPv6',
      },
      { ...slice([{ addresses: ['a.example'] }]), addressType: 'FQDN' },
    ];
    const [four, six] = ([4, 6] as const).map((family) =>
      buildService(dual, slices as EndpointSlice[], { name: 'n1' }, family)!,
    );
    assert.deepEqual(
      [four!.clusterIP, four!.externalIPs, four!.loadBalancerIPs, four!.sourceRanges, ips(four!)],
      ['10.100.0.5', ['192.0.2.1'], ['192.0.2.2'], ['10.0.0.0/8'], ['10.1.0.1']],
    );
    assert.deepEqual(
      [six!.clusterIP, six!.externalIPs, six!.loadBalancerIPs, six!.sourceRanges, ips(six!)],
      [
        'fd00:100::5',
        ['2001:db8::1'],
        ['2001:db8::2'],
        ['2001:db8::/32'],
        ['fd00:1::1', 'fd00:1::2'],
      ],
    );
    assert.deepEqual(ips(six!, 'local'), ['fd00:1::1']);
    assert.equal(
      buildService(service({}), slices as EndpointSlice[], { name: 'n1' }, 6),
      undefined,
    );
  });

  it('routes every external address by the external policy, whatever the type of service', () => {
    const local = { externalTrafficPolicy: 'Local' } as const;
    const externalLocal = (spec: Partial<ServiceSpec>) =>
      build({ ...local, ...spec }, [])!.externalLocal;
    assert.equal(externalLocal({ type: 'ClusterIP', externalIPs: ['192.0.2.1'] }), true);
    assert.equal(externalLocal({ type: 'NodePort' }), true);
    assert.equal(externalLocal({ type: 'LoadBalancer' }), true);
    assert.equal(externalLocal({ type: 'ClusterIP' }), false);
  });

  it('lets a node reach a load balancer by its own address only where the node is a source', () => {
    const sources = (address: string, range: string) =>
      buildService(
        service(
          { type: 'LoadBalancer', loadBalancerSourceRanges: [range] },
          { loadBalancer: { ingress: [{ ip: '192.0.2.2' }] } },
        ),
        [],
        { name: 'n1', addresses: [address, 'fd00::1'] },
        4,
      )!.sourceRanges;
    assert.deepEqual(sources('10.0.0.7', '10.0.0.0/24'), ['10.0.0.0/24', '192.0.2.2']);
    assert.deepEqual(sources('10.0.1.7', '10.0.0.0/24'), ['10.0.0.0/24']);
    assert.deepEqual(sources('10.0.0.7', '10.0.0.7/32'), ['10.0.0.7/32', '192.0.2.2']);
  });

  it('keeps flows of UDP ports on every endpoint that still answers', () => {
    const ending = (ip: string, serving: boolean) =>
      endpoint(ip, { conditions: { ready: false, serving, terminating: true }, nodeName: 'n2' });
    const slices = [
      slice(
        [endpoint('10.1.0.1'), ending('10.1.0.2', true), ending('10.1.0.3', false)],
        [{ port: 53, protocol: 'UDP' }],
      ),
    ];
    const [udp] = build({ ports: [{ port: 53, protocol: 'UDP' }] }, slices)!.ports;
    assert.deepEqual(udp!.serving, ['10.1.0.1', '10.1.0.2']);
    assert.equal(build({}, [slice([endpoint('10.1.0.1')])])!.ports[0]!.serving, undefined);
  });

  it('uses ready endpoints; those without the condition count as ready', () => {
    const slices = [
      slice([
        endpoint('10.1.0.3'),
        endpoint('10.1.0.2', { conditions: { ready: false } }),
        { addresses: ['10.1.0.1'] },
      ]),
    ];
    assert.deepEqual(ips(build({}, slices)), ['10.1.0.1', '10.1.0.3']);
  });

  it('falls back to terminating endpoints that still serve', () => {
    const ending = (ip: string, serving: boolean) =>
      endpoint(ip, { conditions: { ready: false, serving, terminating: true } });
    assert.deepEqual(
      ips(build({}, [slice([ending('10.1.0.1', true), ending('10.1.0.2', false)])])),
      ['10.1.0.1'],
    );
    assert.deepEqual(ips(build({}, [slice([ending('10.1.0.1', true), endpoint('10.1.0.9')])])), [
      '10.1.0.9',
    ]);
  });

  it('matches ports by name and protocol', () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'dns', port: 5353, protocol: 'UDP' },
    ];
    const model = build(
      {
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'http', port: 80 },
          { name: 'x', port: 1 },
        ],
      },
      [slice([endpoint('10.1.0.1')], ports)],
    )!;
    assert.deepEqual(
      model.ports.map((port) => [port.protocol, ...port.cluster.map((target) => target.port)]),
      [['udp', 5353], ['tcp', 8080], ['tcp']],
    );
  });

  it('counts an address that is in two slices once', () => {
    assert.deepEqual(
      ips(
        build({}, [
          slice([endpoint('10.1.0.1')]),
          slice([endpoint('10.1.0.1', { conditions: { ready: false } })]),
        ]),
      ),
      ['10.1.0.1'],
    );
  });

  it('keeps the endpoints of its own node for the Local policies', () => {
    const model = build(
      { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] },
      [slice([endpoint('10.1.0.1'), endpoint('10.1.1.1', { nodeName: 'n2' })])],
    )!;
    assert.deepEqual([ips(model), ips(model, 'local')], [['10.1.0.1', '10.1.1.1'], ['10.1.0.1']]);
    assert.equal(model.externalLocal, true);
  });

  it('uses topology hints when every endpoint has hints and some name its zone', () => {
    const hinted = (ip: string, ...zones: string[]) =>
      endpoint(ip, { hints: { forZones: zones.map((name) => ({ name })) } });
    const both = [slice([hinted('10.1.0.1', 'a'), hinted('10.1.0.2', 'b')])];
    assert.deepEqual(ips(build({}, both, 'a')), ['10.1.0.1']);
    assert.deepEqual(ips(build({}, both, 'c')).length, 2);
    assert.deepEqual(
      ips(build({}, [slice([hinted('10.1.0.1', 'a'), endpoint('10.1.0.2')])], 'a')).length,
      2,
    );
  });

  it('uses load balancer addresses only of LoadBalancer services', () => {
    const status = {
      loadBalancer: {
        ingress: [{ ip: '203.0.113.1' }, { hostname: 'x' }, { ip: '203.0.113.2', ipMode: 'Proxy' }],
      },
    };
    assert.deepEqual(
      buildService(service({ type: 'LoadBalancer' }, status), [], { name: 'n1' }, 4)!
        .loadBalancerIPs,
      ['203.0.113.1'],
    );
    assert.deepEqual(
      buildService(service({ type: 'NodePort' }, status), [], { name: 'n1' }, 4)!.loadBalancerIPs,
      [],
    );
  });

  it('serves an address of mode Proxy on the node that has the address alone', () => {
    const status = (...ips: string[]) => ({
      loadBalancer: { ingress: ips.map((ip) => ({ ip, ipMode: 'Proxy' })) },
    });
    const at = (family: 4 | 6, addresses: string[], ...ips: string[]) =>
      buildService(
        service(
          { type: 'LoadBalancer', clusterIP: '', clusterIPs: ['10.96.0.5', 'fd00:96::5'] },
          status(...ips),
        ),
        [],
        { name: 'n1', addresses },
        family,
      )!.loadBalancerIPs;
    assert.deepEqual(at(4, ['192.0.2.1', 'fd00::1'], '192.0.2.1', '192.0.2.2'), ['192.0.2.1']);
    assert.deepEqual(at(6, ['192.0.2.1', 'FD00:0::1'], '192.0.2.1', 'fd00::1'), ['fd00::1']);
    assert.deepEqual(at(4, [], '192.0.2.1', ''), []);
  });

  it('serves at an address only the ports that its status lists, if the status lists ports', () => {
    const listed = (...ports: object[]) => ({
      loadBalancer: { ingress: [{ ip: '203.0.113.1', ports }, { ip: '203.0.113.2' }] },
    });
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 6443 },
    ];
    const at = (status: object) =>
      buildService(
        service({ type: 'LoadBalancer', ports }, status),
        [],
        { name: 'n1' },
        4,
      )!.ports.map((port) => port.loadBalancerIPs);
    const both = ['203.0.113.1', '203.0.113.2'];
    assert.deepEqual(at(listed({ port: 80, protocol: 'TCP' })), [both, ['203.0.113.2']]);
    assert.deepEqual(at(listed({ port: 80, protocol: 'UDP' })), [['203.0.113.2'], ['203.0.113.2']]);
    assert.deepEqual(at(listed({ port: 80, protocol: 'TCP', error: 'Taken' }))[0], ['203.0.113.2']);
    assert.deepEqual(at(listed()), [both, both]);
    assert.deepEqual(at({ loadBalancer: {} }), [undefined, undefined]);
  });

  it("has upstream's default affinity of three hours", () => {
    assert.equal(build({ sessionAffinity: 'ClientIP' }, [])!.affinitySeconds, 10_800);
  });
});
