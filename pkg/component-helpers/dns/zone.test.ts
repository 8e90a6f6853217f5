import assert from 'node:assert/strict';
import type { Service } from '../../apis/core/v1/types.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import type { Record } from './record.js';
import { Zone } from './zone.js';

const DOMAIN = 'cluster.local';

function service(name: string, spec: Partial<Service['spec']>, namespace = 'ns'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'https', port: 443 }], ...spec },
  } as Service;
}

function slice(
  name: string,
  of: string,
  endpoints: EndpointSlice['endpoints'],
  extra: Partial<EndpointSlice> = {},
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'ns', labels: { 'kubernetes.io/service-name': of } },
    addressType: 'IPv4',
    ports: [{ name: 'https', protocol: 'TCP', port: 8443 }],
    endpoints,
    ...extra,
  };
}

function zone(): Zone {
  const z = new Zone(DOMAIN, 'ns/dns');
  z.addNamespace('ns');
  z.addNamespace('bare');
  z.setService(service('web', { clusterIP: '10.3.0.1', clusterIPs: ['10.3.0.1', 'fd00::1'] }));
  z.setService(service('dns', { clusterIP: '10.3.0.10' }));
  z.setService(service('pets', { clusterIP: 'None' }));
  z.setService(service('empty', { clusterIP: 'None' }));
  z.setService(service('early', { clusterIP: 'None', publishNotReadyAddresses: true }));
  z.setService(service('out', { type: 'ExternalName', externalName: 'example.org' }));
  z.setSlice(
    slice('pets-1', 'pets', [
      { addresses: ['10.3.0.100'], hostname: 'my-pet', conditions: { ready: true } },
      { addresses: ['10.3.0.101'], conditions: { ready: true } },
      { addresses: ['10.3.0.102'], hostname: 'sick', conditions: { ready: false } },
    ]),
  );
  z.setSlice(
    slice('web-1', 'web', [
      { addresses: ['10.3.0.120'], hostname: 'web-0', conditions: { ready: true } },
      { addresses: ['10.3.0.121'], conditions: { ready: true } },
      { addresses: ['10.3.0.122'], hostname: 'web-2', conditions: { ready: false } },
    ]),
  );
  z.setSlice(
    slice('early-1', 'early', [{ addresses: ['10.3.0.110'], conditions: { ready: false } }]),
  );
  return z;
}

const show = (r: Record): string => {
  if (r.type === 'SRV') return `SRV ${r.data.priority} ${r.data.port} ${r.data.target}`;
  return `${r.type} ${String((r as { data: unknown }).data)}`;
};
/** Asks the zone: 'NXDOMAIN', 'NODATA' or the sorted answers. */
function ask(z: Zone, name: string, type: string): string[] | string {
  const reply = z.answer(name, type, 0);
  if (!reply) return 'not ours';
  if (reply.rcode !== 'NOERROR') return reply.rcode;
  return reply.answers.length ? reply.answers.map(show).sort() : 'NODATA';
}

// Rows of the Kubernetes DNS specification 1.1.0, by their number in it.
const ROWS: [row: string, name: string, type: string, answer: string[] | string][] = [
  ['1', 'dns-version.cluster.local', 'TXT', ['TXT 1.1.0']],
  ['2', 'web.ns.svc.cluster.local', 'A', ['A 10.3.0.1']],
  ['2 IPv6', 'web.ns.svc.cluster.local', 'AAAA', ['AAAA fd00::1']],
  ['3', '_https._tcp.web.ns.svc.cluster.local', 'SRV', ['SRV 10 443 web.ns.svc.cluster.local']],
  ['4', '_other._tcp.web.ns.svc.cluster.local', 'SRV', 'NXDOMAIN'],
  ['5', '1.0.3.10.in-addr.arpa', 'PTR', ['PTR web.ns.svc.cluster.local']],
  ['6', `${'1.' + '0.'.repeat(27)}0.0.d.f.ip6.arpa`, 'PTR', ['PTR web.ns.svc.cluster.local']],
  ['7', 'pets.ns.svc.cluster.local', 'A', ['A 10.3.0.100', 'A 10.3.0.101']],
  ['8', 'empty.ns.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['9', 'my-pet.pets.ns.svc.cluster.local', 'A', ['A 10.3.0.100']],
  ['9 by address', '10-3-0-101.pets.ns.svc.cluster.local', 'A', ['A 10.3.0.101']],
  ['9 not ready', 'sick.pets.ns.svc.cluster.local', 'A', 'NXDOMAIN'],
  [
    '11',
    '_https._tcp.pets.ns.svc.cluster.local',
    'SRV',
    [
      'SRV 10 8443 10-3-0-101.pets.ns.svc.cluster.local',
      'SRV 10 8443 my-pet.pets.ns.svc.cluster.local',
    ],
  ],
  ['12', '100.0.3.10.in-addr.arpa', 'PTR', ['PTR my-pet.pets.ns.svc.cluster.local']],
  ['13', 'out.ns.svc.cluster.local', 'A', ['CNAME example.org']],
  ['15', 'early.ns.svc.cluster.local', 'A', ['A 10.3.0.110']],
  ['other type', 'web.ns.svc.cluster.local', 'MX', 'NODATA'],
  ['namespace', 'ns.svc.cluster.local', 'A', 'NODATA'],
  ['no namespace', 'other.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['svc', 'svc.cluster.local', 'A', 'NODATA'],
  ['too deep', 'a.b.web.ns.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['endpoint of a cluster IP', 'web-0.web.ns.svc.cluster.local', 'A', ['A 10.3.0.120']],
  ['the same by address', '10-3-0-121.web.ns.svc.cluster.local', 'A', ['A 10.3.0.121']],
  ['the same, other type', 'web-0.web.ns.svc.cluster.local', 'TXT', 'NODATA'],
  ['the same, not ready', 'web-2.web.ns.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['endpoint of an alias', 'web-0.out.ns.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['pod of an empty namespace', '1-2-3-4.bare.pod.cluster.local', 'A', ['A 1.2.3.4']],
  ['empty namespace', 'bare.svc.cluster.local', 'A', 'NODATA'],
  ['pod of no namespace', '1-2-3-4.other.pod.cluster.local', 'A', 'NXDOMAIN'],
  ['dot in a label', String.raw`web\.ns.svc.cluster.local`, 'A', 'NXDOMAIN'],
  ['dot before the zone', String.raw`web\.cluster.local`, 'A', 'not ours'],
  ['backslash before the zone', String.raw`web\\.cluster.local`, 'A', 'NXDOMAIN'],
  ['pod', '1-2-3-4.ns.pod.cluster.local', 'A', ['A 1.2.3.4']],
  ['pod IPv6', 'fd00-244--5.ns.pod.cluster.local', 'AAAA', ['AAAA fd00:244::5']],
  ['pod IPv6, other type', 'fd00-244--5.ns.pod.cluster.local', 'A', 'NODATA'],
  ['no IPv6 address', 'fd00-244--5--1.ns.pod.cluster.local', 'AAAA', 'NXDOMAIN'],
  ['no address', '1-2-3-400.ns.pod.cluster.local', 'A', 'NXDOMAIN'],
  ['transfer', 'cluster.local', 'AXFR', 'REFUSED'],
  ['apex', 'cluster.local', 'NS', ['NS ns.dns.cluster.local']],
  ['name server', 'ns.dns.cluster.local', 'A', ['A 10.3.0.10']],
  ['foreign', 'example.org', 'A', 'not ours'],
  ['foreign reverse', '9.9.9.9.in-addr.arpa', 'PTR', 'not ours'],
];

describe('kubernetes zone', () => {
  for (const [row, name, type, expected] of ROWS) {
    it(`row ${row}: ${type} ${name}`, () => assert.deepEqual(ask(zone(), name, type), expected));
  }

  it('adds the addresses of SRV targets, and an SOA to every negative answer', () => {
    const srv = zone().answer('_https._tcp.pets.ns.svc.cluster.local', 'SRV', 0)!;
    assert.deepEqual(srv.additionals!.map(show).sort(), ['A 10.3.0.100', 'A 10.3.0.101']);
    const no = zone().answer('nothing.ns.svc.cluster.local', 'A', 0)!;
    assert.equal(no.authorities![0]!.type, 'SOA');
  });

  it('holds headless endpoints of both families under one name', () => {
    const z = zone();
    z.setSlice(
      slice(
        'pets-6',
        'pets',
        [
          { addresses: ['fd00:244::100'], hostname: 'my-pet', conditions: { ready: true } },
          { addresses: ['fd00:244::101'], conditions: { ready: true } },
        ],
        { addressType: 'IPv6' },
      ),
    );
    const name = (label: string) => `${label}pets.ns.svc.cluster.local`;
    assert.deepEqual(ask(z, name(''), 'AAAA'), ['AAAA fd00:244::100', 'AAAA fd00:244::101']);
    assert.deepEqual(ask(z, name(''), 'A'), ['A 10.3.0.100', 'A 10.3.0.101']);
    assert.deepEqual(ask(z, name('my-pet.'), 'AAAA'), ['AAAA fd00:244::100']);
    assert.deepEqual(ask(z, name('fd00-244--101.'), 'AAAA'), ['AAAA fd00:244::101']);
    assert.deepEqual(ask(z, `${'0.0.1.0.' + '0.'.repeat(20)}4.4.2.0.0.0.d.f.ip6.arpa`, 'PTR'), [
      `PTR ${name('my-pet.')}`,
    ]);
    const srv = z.answer(`_https._tcp.${name('')}`, 'SRV', 0)!;
    assert.equal(srv.answers.filter((r) => show(r).endsWith(name(' my-pet.'))).length, 1);
    assert.deepEqual(
      srv
        .additionals!.filter((r) => r.name === name('my-pet.'))
        .map(show)
        .sort(),
      ['A 10.3.0.100', 'AAAA fd00:244::100'],
    );
    assert.deepEqual(
      z.answer('_https._tcp.web.ns.svc.cluster.local', 'SRV', 0)!.additionals!.map(show).sort(),
      ['A 10.3.0.1', 'AAAA fd00::1'],
    );
    z.removeSlice(slice('pets-6', 'pets', []));
    assert.deepEqual(ask(z, name(''), 'AAAA'), 'NODATA');
  });

  it('follows changes and deletions', () => {
    const z = zone();
    z.setSlice(
      slice('pets-1', 'pets', [{ addresses: ['10.3.0.103'], conditions: { ready: true } }]),
    );
    assert.deepEqual(ask(z, 'pets.ns.svc.cluster.local', 'A'), ['A 10.3.0.103']);
    assert.equal(ask(z, '100.0.3.10.in-addr.arpa', 'PTR'), 'not ours');
    z.setService(service('web', { clusterIP: '10.3.0.2' }));
    assert.equal(ask(z, '1.0.3.10.in-addr.arpa', 'PTR'), 'not ours');
    z.removeSlice(slice('pets-1', 'pets', []));
    assert.equal(ask(z, 'pets.ns.svc.cluster.local', 'A'), 'NXDOMAIN');
    for (const name of ['web', 'dns', 'pets', 'empty', 'early', 'out'])
      z.removeService(service(name, {}));
    assert.equal(ask(z, 'ns.svc.cluster.local', 'A'), 'NODATA', 'the namespace is still there');
    z.removeNamespace('ns');
    assert.equal(ask(z, 'ns.svc.cluster.local', 'A'), 'NXDOMAIN');
  });

  it('accepts slices that arrive before their service', () => {
    const z = new Zone(DOMAIN);
    z.addNamespace('ns');
    z.setSlice(slice('late-1', 'late', [{ addresses: ['10.0.0.5'] }]));
    assert.equal(ask(z, 'late.ns.svc.cluster.local', 'A'), 'NXDOMAIN');
    z.setService(service('late', { clusterIP: 'None' }));
    assert.deepEqual(ask(z, 'late.ns.svc.cluster.local', 'A'), ['A 10.0.0.5']);
  });
});
