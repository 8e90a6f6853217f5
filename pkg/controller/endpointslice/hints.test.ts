import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Node, Service } from '../../apis/core/v1/types.js';
import type { Endpoint } from '../../apis/discovery/v1/types.js';
import { planHints, zoneShares, type Topology, type ZoneShares } from './hints.js';

const service = (annotations: Record<string, string> = {}, spec: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'ns', annotations },
  spec,
});
const AUTO = service({ 'service.kubernetes.io/topology-mode': 'Auto' });
const THIRDS: ZoneShares = new Map([
  ['a', 1 / 3],
  ['b', 1 / 3],
  ['c', 1 / 3],
]);
/** 'aab-' has two ready endpoints in zone a, one in b and one without a zone. */
const endpoints = (zones: string, ready = true) =>
  new Map(
    zones
      .split('')
      .map((zone, at): [string, Endpoint] => [
        `p${at}`,
        { addresses: [`10.0.0.${at}`], conditions: { ready }, ...(zone === '-' ? {} : { zone }) },
      ]),
  );
const hinted = (zones: string) =>
  new Map(zones.split('').map((zone, at) => [`p${at}`, zone] as const));
const plan = (
  of: Service,
  zones: string,
  shares: ZoneShares,
  more: Partial<Topology> & { old?: ReadonlyMap<string, string>; ready?: boolean } = {},
) =>
  planHints(of, 'IPv4', endpoints(zones, more.ready), more.old ?? new Map(), {
    shares,
    wasProportional: more.wasProportional ?? false,
  });
const counts = (zones: ReadonlyMap<string, string>) =>
  [...zones.values()]
    .sort()
    .join('')
    .replace(/(.)\1*/g, (run) => `${run[0]}${run.length}`);

describe('endpoint hints', () => {
  it('keep clients in their zone when the service asks for it', () => {
    const close = service({}, { trafficDistribution: 'PreferClose' });
    const found = plan(close, 'ab-', undefined);
    assert.deepEqual(
      [...found.zones],
      [
        ['p0', 'a'],
        ['p1', 'b'],
      ],
    );
    assert.deepEqual(found.events, []);
    assert.equal(plan(close, 'ab', undefined, { ready: false }).zones.size, 0);
    assert.equal(plan(service(), 'ab', undefined).zones.size, 0);
  });

  it('follow the annotations, the older one first, and before trafficDistribution', () => {
    const both = (hints: string, mode: string) =>
      plan(
        service(
          {
            'service.kubernetes.io/topology-aware-hints': hints,
            'service.kubernetes.io/topology-mode': mode,
          },
          { trafficDistribution: 'PreferClose' },
        ),
        'aaaaaa',
        THIRDS,
      );
    assert.equal(counts(both('auto', 'Disabled').zones), 'a2b2c2');
    assert.equal(counts(both('disabled', 'Auto').zones), 'a6');
  });

  it('give each zone its share, and tell of it once', () => {
    const found = plan(AUTO, 'aaaaab', THIRDS);
    assert.equal(counts(found.zones), 'a2b2c2');
    assert.deepEqual(found.events, [
      {
        type: 'Normal',
        reason: 'TopologyAwareHintsEnabled',
        message: 'Topology Aware Hints has been enabled, addressType: IPv4',
      },
    ]);
    const again = plan(AUTO, 'aaaaab', THIRDS, { old: found.zones, wasProportional: true });
    assert.deepEqual([...again.zones], [...found.zones]);
    assert.deepEqual(again.events, []);
  });

  it('stay while they fit, and change when a zone would be overloaded', () => {
    const old = hinted('aabbcc');
    assert.deepEqual(plan(AUTO, 'cccccc', THIRDS, { old }).zones, old);
    const all = hinted('aaaabc');
    assert.equal(counts(plan(AUTO, 'aabbcc', THIRDS, { old: all }).zones), 'a2b2c2');
  });

  it('are absent with a reason', () => {
    const message = (zones: string, shares: ZoneShares) =>
      plan(AUTO, zones, shares).events.map(({ type, message: text }) => `${type} ${text}`);
    const tail = ', addressType: IPv4';
    assert.deepEqual(message('ab', THIRDS), [
      `Warning Insufficient number of endpoints (2 endpoints, 3 zones)${tail}`,
    ]);
    assert.deepEqual(message('abc', undefined), [
      `Warning Insufficient Node information: allocatable CPU or zone not specified on one or more nodes${tail}`,
    ]);
    assert.deepEqual(message('ab-', THIRDS), [
      `Warning One or more endpoints do not have a zone specified${tail}`,
    ]);
    const uneven = new Map([
      ['a', 0.5],
      ['b', 0.25],
      ['c', 0.25],
    ]);
    assert.deepEqual(message('abc', uneven), [
      `Warning Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 3 zones)${tail}`,
    ]);
    assert.deepEqual(
      plan(service(), 'abc', THIRDS, { wasProportional: true }).events.map((each) => each.message),
      [`Topology Aware Hints has been disabled${tail}`],
    );
  });

  it('leave no zone with less than its minimum', () => {
    const zone = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(zone, { minLength: 3, maxLength: 40 }), (zones) => {
        const { isProportional, zones: hints } = plan(AUTO, zones.join(''), THIRDS);
        if (!isProportional) return;
        assert.equal(hints.size, zones.length);
        for (const [name, share] of THIRDS) {
          const count = [...hints.values()].filter((each) => each === name).length;
          assert.ok(count >= Math.floor((share * zones.length) / 1.2), `${name}: ${count}`);
        }
      }),
    );
  });
});

describe('shares of zones', () => {
  const node = (zone: string, cpu: string, labels: object = {}, ready = 'True'): Node =>
    ({
      metadata: { labels: { ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}), ...labels } },
      status: { allocatable: { cpu }, conditions: [{ type: 'Ready', status: ready }] },
    }) as unknown as Node;

  it('are those of the CPU of ready nodes outside the control plane', () => {
    const nodes = [
      node('a', '500m'),
      node('a', '500m'),
      node('b', '3'),
      node('', '8', { 'node-role.kubernetes.io/control-plane': '' }),
      node('', '8', { 'node-role.kubernetes.io/master': '' }),
      node('', '8', {}, 'Unknown'),
    ];
    assert.deepEqual(
      [...zoneShares(nodes)!],
      [
        ['a', 0.25],
        ['b', 0.75],
      ],
    );
  });

  it('need two zones, and zone and CPU of every node', () => {
    assert.equal(zoneShares([node('a', '1'), node('a', '1')]), undefined);
    assert.equal(zoneShares([node('a', '1'), node('b', '1'), node('', '1')]), undefined);
    assert.equal(zoneShares([node('a', '1'), node('b', '0')]), undefined);
    assert.equal(zoneShares([]), undefined);
  });
});
