import assert from 'node:assert/strict';
import { describeChange, type Route } from '../../system/netlink/netlink.js';
import { desiredVxlan, parseVxlanOptions, peerEntriesOver } from '../backend/vxlan.js';
import { parseNetworkConfig } from '../config.js';
import { parseNet } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import { afterApplying, planChanges, planUpdate } from './desired.js';
import { directness } from './direct.js';

const config = parseNetworkConfig('{"Network":"10.5.0.0/16"}');
const route = (to: string, more: Partial<Route>): Route => ({
  to,
  type: 'unicast',
  onlink: false,
  protocol: 'boot',
  scope: 'global',
  metric: 0,
  ...more,
});
const ROUTES = [
  route('0.0.0.0/0', { via: '192.168.77.254', device: 'eth0' }),
  route('192.168.77.0/24', { device: 'eth0', protocol: 'kernel', scope: 'link' }),
];
const peer = (subnet: string, publicIP: string, mac: string): Lease => ({
  key: subnet,
  subnet: parseNet(subnet, 4)!,
  attrs: { publicIP, backendType: 'vxlan', backendData: { VNI: 1, VtepMAC: mac } },
  modRevision: 1,
});
const PEERS = [
  peer('10.5.76.0/24', '192.168.77.2', 'BE:27:79:b0:5a:16'),
  peer('10.5.80.0/24', '203.0.113.9', 'be:27:79:b0:5a:17'),
];
const options = (more: Record<string, unknown> = {}) => parseVxlanOptions(more, 1500);
const DEVICES = { device: 'flannel.1', external: 'eth0' };
const desired = (more: Record<string, unknown> = {}, peers = PEERS) =>
  desiredVxlan(
    DEVICES,
    options(more),
    config,
    peerEntriesOver(DEVICES, options(more).VNI),
    peers,
    ROUTES,
  );
const nothing = { routes: [], neighbours: [], fdb: [] };
const texts = (changes: ReturnType<typeof planChanges>) => changes.map(describeChange);

describe('flannel kernel state', () => {
  it("has flannel's three entries for a vxlan peer", () => {
    assert.deepEqual(planChanges(desired({}, PEERS.slice(0, 1)), nothing), [
      {
        type: 'neigh-replace',
        device: 'flannel.1',
        address: '10.5.76.0',
        mac: 'be:27:79:b0:5a:16',
      },
      { type: 'fdb-replace', device: 'flannel.1', mac: 'be:27:79:b0:5a:16', to: '192.168.77.2' },
      {
        type: 'route-replace',
        route: { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
      },
    ]);
  });

  it('routes directly to peers on our segment with DirectRouting', () => {
    const want = desired({ DirectRouting: true });
    assert.deepEqual(want.routes, [
      { to: '10.5.76.0/24', via: '192.168.77.2', device: 'eth0' },
      { to: '10.5.80.0/24', via: '10.5.80.0', device: 'flannel.1', onlink: true },
    ]);
    assert.deepEqual(
      want.fdb.map((f) => f.to),
      ['203.0.113.9'],
    );
    assert.equal(directness(ROUTES, ['flannel.1'])('192.168.77.2'), true);
    assert.equal(directness(ROUTES, ['flannel.1'])('8.8.8.8'), false);
  });

  it('plans no change when all entries exist', () => {
    const want = desired();
    assert.deepEqual(planChanges(want, afterApplying(want)), []);
  });

  it('replaces changed entries and removes stale ones, and touches only its own', () => {
    const before = afterApplying(desired());
    const foreign = [
      route('10.5.90.0/24', { via: '192.168.77.9', device: 'eth0' }),
      route('10.5.91.0/24', { via: '192.168.77.9', device: 'eth0', protocol: 'static' }),
      route('10.99.0.0/24', { via: '192.168.77.9', device: 'eth0' }),
      route('10.5.34.0/24', { device: 'cni0', protocol: 'kernel', scope: 'link' }),
      ...ROUTES,
    ];
    const learned = [
      { device: 'flannel.1', address: '10.5.1.1', mac: '02:00:00:00:00:07', permanent: false },
    ];
    const moved = [peer('10.5.76.0/24', '192.168.77.3', 'be:27:79:b0:5a:99')];
    const actual = {
      routes: [...before.routes, ...foreign],
      neighbours: [...before.neighbours, ...learned],
      fdb: before.fdb,
    };
    assert.deepEqual(texts(planChanges(desired({}, moved), actual)), [
      'neigh-replace 10.5.76.0 dev flannel.1',
      'fdb-replace be:27:79:b0:5a:99 dst 192.168.77.3 dev flannel.1',
      'neigh-delete 10.5.80.0 dev flannel.1',
      'fdb-delete be:27:79:b0:5a:16 dst 192.168.77.2 dev flannel.1',
      'fdb-delete be:27:79:b0:5a:17 dst 203.0.113.9 dev flannel.1',
      'route-delete 10.5.80.0/24 via 10.5.80.0 dev flannel.1',
      'route-delete 10.5.90.0/24 via 192.168.77.9 dev eth0',
    ]);
  });

  it('plans the same update from the changed leases as from all leases', () => {
    const ways = peerEntriesOver(DEVICES, 1);
    const of = (peers: readonly Lease[]) =>
      desiredVxlan(DEVICES, options(), config, ways, peers, ROUTES);
    const moved = peer('10.5.76.0/24', '192.168.77.3', 'be:27:79:b0:5a:99');
    for (const peers of [
      [],
      [PEERS[0]!],
      [PEERS[1]!, moved],
      [...PEERS, peer('10.5.99.0/24', '192.168.77.7', 'be:27:79:b0:5a:77')],
      PEERS,
    ]) {
      const [before, after] = [of(PEERS), of(peers)];
      assert.deepEqual(planUpdate(before, after), planChanges(after, afterApplying(before)));
    }
    assert.equal(
      of(PEERS).routes[0],
      of([PEERS[0]!]).routes[0],
      'the same object for the same lease',
    );
  });

  it('ignores peers whose data is not of this VNI', () => {
    assert.deepEqual(desired({ VNI: 9 }).routes, []);
  });

  it('subtracts 50 bytes for headers and refuses impossible options', () => {
    assert.equal(options().MTU, 1450);
    assert.equal(options({ MTU: 9000 }).MTU, 8950);
    assert.throws(() => options({ VNI: 0x1000000 }), /VNI/);
    assert.throws(() => options({ Port: 70_000 }), /Port/);
    assert.throws(() => options({ DirectRouting: 'yes' }), /boolean/);
  });

  describe('with IPv6', () => {
    const dualConfig = parseNetworkConfig(
      '{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48"}',
    );
    const dualPeer: Lease = {
      key: 'k',
      subnet: parseNet('10.5.76.0/24', 4)!,
      subnet6: parseNet('fd00:5:0:4c::/64', 6)!,
      attrs: {
        publicIP: '192.168.77.2',
        publicIPv6: 'fd77::2',
        backendType: 'vxlan',
        backendData: { VNI: 1, VtepMAC: 'be:27:79:b0:5a:16' },
        backendV6Data: { VNI: 1, VtepMAC: 'be:27:79:b0:5a:26' },
      },
      modRevision: 1,
    };
    const devices6 = { device: 'flannel.1', device6: 'flannel-v6.1', external: 'eth0' };
    const routes6 = [
      ...ROUTES,
      route('::/0', { via: 'fe80::1', device: 'eth0', metric: 1024 }),
      route('fd77::/64', { device: 'eth0', protocol: 'kernel', metric: 256 }),
    ];
    const dual = (more: Record<string, unknown> = {}, peers = [dualPeer]) =>
      desiredVxlan(
        devices6,
        options(more),
        dualConfig,
        peerEntriesOver(devices6, 1),
        peers,
        routes6,
      );

    it("has flannel's three entries for each family, IPv6 over IPv6", () => {
      assert.deepEqual(planChanges(dual(), nothing), [
        {
          type: 'neigh-replace',
          device: 'flannel.1',
          address: '10.5.76.0',
          mac: 'be:27:79:b0:5a:16',
        },
        {
          type: 'neigh-replace',
          device: 'flannel-v6.1',
          address: 'fd00:5:0:4c::',
          mac: 'be:27:79:b0:5a:26',
        },
        { type: 'fdb-replace', device: 'flannel.1', mac: 'be:27:79:b0:5a:16', to: '192.168.77.2' },
        { type: 'fdb-replace', device: 'flannel-v6.1', mac: 'be:27:79:b0:5a:26', to: 'fd77::2' },
        {
          type: 'route-replace',
          route: { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
        },
        {
          type: 'route-replace',
          route: {
            to: 'fd00:5:0:4c::/64',
            via: 'fd00:5:0:4c::',
            device: 'flannel-v6.1',
            onlink: true,
          },
        },
      ]);
      assert.deepEqual([options().MTU, options().MTU6], [1450, 1430]);
    });

    it('routes directly where the segment is shared', () => {
      assert.deepEqual(dual({ DirectRouting: true }).routes, [
        { to: '10.5.76.0/24', via: '192.168.77.2', device: 'eth0' },
        { to: 'fd00:5:0:4c::/64', via: 'fd77::2', device: 'eth0' },
      ]);
    });

    it('serves single-family peers and removes only its own entries', () => {
      assert.deepEqual(
        dual({}, PEERS.slice(0, 1)).routes.map((r) => r.to),
        ['10.5.76.0/24'],
      );
      const stale = [
        route('fd00:5:0:4c::/64', {
          via: 'fd00:5:0:4c::',
          device: 'flannel-v6.1',
          onlink: true,
          metric: 1024,
        }),
        route('fd00:5:0:50::/64', {
          via: 'fd00:5:0:50::',
          device: 'flannel-v6.1',
          onlink: true,
          metric: 1024,
        }),
        route('fd00:5:0:51::/64', { via: 'fd77::9', device: 'eth0', metric: 1024 }),
        route('fd00:6:0:51::/64', { via: 'fd77::9', device: 'eth0', metric: 1024 }),
        route('fe80::/64', { device: 'flannel-v6.1', protocol: 'kernel', metric: 256 }),
        ...routes6,
      ];
      const before = afterApplying(dual());
      assert.deepEqual(
        texts(planChanges(dual(), { ...before, routes: [...before.routes.slice(0, 1), ...stale] })),
        [
          'route-delete fd00:5:0:50::/64 via fd00:5:0:50:: dev flannel-v6.1',
          'route-delete fd00:5:0:51::/64 via fd77::9 dev eth0',
        ],
      );
    });
  });
});
