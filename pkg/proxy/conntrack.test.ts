import assert from 'node:assert/strict';
import { leftoverFlows, staleFlows } from './conntrack.js';
import type { ServiceModel } from './model.js';

const model = (
  endpoints: string[],
  protocol: 'udp' | 'tcp' = 'udp',
  serving = endpoints,
): ServiceModel => ({
  key: 'kube-system/dns',
  clusterIP: '10.100.0.10',
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  internalLocal: false,
  externalLocal: false,
  ports: [
    {
      name: '',
      protocol,
      port: 53,
      nodePort: 30053,
      cluster: endpoints.map((ip) => ({ ip, port: 53, local: true })),
      local: [],
      any: endpoints.length > 0,
      ...(protocol === 'udp' ? { serving } : {}),
    },
  ],
});
const texts = (before?: ServiceModel, after?: ServiceModel) =>
  staleFlows(before, after).map((filter) => filter.join(' '));

describe('stale UDP flows', () => {
  it('are the flows to removed endpoints', () => {
    assert.deepEqual(texts(model(['10.1.0.1', '10.1.0.2']), model(['10.1.0.2'])), [
      '-p udp --orig-dst 10.100.0.10 --orig-port-dst 53 --dst-nat 10.1.0.1',
      '-p udp --orig-port-dst 30053 --dst-nat 10.1.0.1',
    ]);
  });
  it('are at a load balancer only those of the ports that it serves', () => {
    const balanced = (...serves: string[]) => {
      const plain = model(['10.1.0.1']);
      const ports = plain.ports.map((port) => ({ ...port, loadBalancerIPs: serves }));
      return { ...plain, loadBalancerIPs: ['203.0.113.8'], ports };
    };
    const flow = '-p udp --orig-dst 203.0.113.8 --orig-port-dst 53 --dst-nat 10.1.0.1';
    assert.deepEqual(texts(balanced('203.0.113.8'), balanced()), [flow]);
  });
  it('are not those to an endpoint that gets no new flows but still serves', () => {
    const ending = model(['10.1.0.2'], 'udp', ['10.1.0.1', '10.1.0.2']);
    assert.deepEqual(texts(model(['10.1.0.1', '10.1.0.2']), ending), []);
    assert.deepEqual(texts(ending, model(['10.1.0.2'])), [
      '-p udp --orig-dst 10.100.0.10 --orig-port-dst 53 --dst-nat 10.1.0.1',
      '-p udp --orig-port-dst 30053 --dst-nat 10.1.0.1',
    ]);
    const elsewhere = model([], 'udp', ['10.1.0.3']);
    assert.deepEqual(texts(elsewhere, model(['10.1.0.3'])).length, 2, 'the first routed endpoint');
  });
  it('are all flows of a deleted service, and the untranslated flows of a service that got its first endpoint', () => {
    assert.equal(texts(model(['10.1.0.1']), undefined).length, 2);
    assert.deepEqual(texts(model([]), model(['10.1.0.1'])), [
      '-p udp --orig-dst 10.100.0.10 --reply-src 10.100.0.10 --orig-port-dst 53',
      '-p udp --orig-port-dst 30053',
    ]);
  });
  it('are searched among IPv6 flows for IPv6 services', () => {
    const six = { ...model(['fd00:1::1']), clusterIP: 'fd00:100::a' };
    assert.deepEqual(texts(six, undefined), [
      '-f ipv6 -p udp --orig-dst fd00:100::a --orig-port-dst 53 --dst-nat fd00:1::1',
      '-f ipv6 -p udp --orig-port-dst 30053 --dst-nat fd00:1::1',
    ]);
    const flow = (sport: number, answers: string) =>
      `udp      17 29 src=fd00:1::9 dst=fd00:100::a sport=${sport} dport=53 src=${answers} dst=fd00:1::9 sport=53 dport=${sport} mark=0 use=1`;
    assert.deepEqual(
      leftoverFlows([flow(40001, 'fd00:1::1'), flow(40002, 'fd00:1::7')].join('\n'), [six], 6).map(
        (filter) => filter.join(' '),
      ),
      [
        '-f ipv6 -p udp --orig-src fd00:1::9 --orig-dst fd00:100::a --orig-port-src 40002 --orig-port-dst 53',
      ],
    );
  });
  it('are none for TCP or when endpoints are only added', () => {
    assert.deepEqual(texts(model(['10.1.0.1'], 'tcp'), undefined), []);
    assert.deepEqual(texts(model(['10.1.0.1']), model(['10.1.0.1', '10.1.0.2'])), []);
  });
  it('are at the start the flows in the kernel to endpoints that no longer exist', () => {
    const listing = [
      'udp      17 29 src=10.1.0.9 dst=10.100.0.10 sport=40001 dport=53 src=10.1.0.1 dst=10.1.0.9 sport=53 dport=40001 [ASSURED] mark=0 use=1',
      'udp      17 29 src=10.1.0.9 dst=10.100.0.10 sport=40002 dport=53 src=10.1.0.7 dst=10.1.0.9 sport=53 dport=40002 mark=0 use=1',
      'udp      17 29 src=10.1.0.9 dst=10.100.0.10 sport=40003 dport=53 [UNREPLIED] src=10.100.0.10 dst=10.1.0.9 sport=53 dport=40003 mark=0 use=1',
      'udp      17 29 src=9.9.9.9 dst=192.168.0.1 sport=40004 dport=30053 src=10.1.0.7 dst=10.1.0.5 sport=53 dport=777 mark=0 use=1',
      'udp      17 29 src=10.1.0.9 dst=8.8.8.8 sport=40005 dport=53 src=8.8.8.8 dst=192.168.0.1 sport=53 dport=40005 mark=0 use=1',
    ].join('\n');
    assert.deepEqual(
      leftoverFlows(listing, [model(['10.1.0.1'])], 4).map((filter) => filter.at(-3)),
      ['40002', '40003', '40004'],
    );
  });
});
