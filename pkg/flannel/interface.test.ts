import assert from 'node:assert/strict';
import type { Address, Link, Netlink, Route } from '../system/netlink/netlink.js';
import { chooseInterface, type InterfaceChoice } from './interface.js';

const link = (name: string, mtu = 1500): Link => ({
  index: 1,
  name,
  mtu,
  up: true,
  running: true,
  mac: '',
});
const address = (device: string, text: string, more: Partial<Address> = {}): Address => ({
  device,
  address: text,
  scope: 'global',
  flags: [],
  ...more,
});
const defaultRoute: Route = {
  to: '0.0.0.0/0',
  via: '10.0.0.1',
  device: 'eth0',
  type: 'unicast',
  onlink: false,
  protocol: 'boot',
  scope: 'global',
  metric: 0,
};

const IPV6 = [
  address('eth0', 'fe80::1/64', { scope: 'link' }),
  address('eth0', 'fd00::7/64', { flags: ['tentative'] }),
  address('eth0', 'fd00::8/64', { flags: ['dynamic', 'temporary'] }),
  address('eth0', 'fd00::9/64', { flags: ['dynamic'] }),
  address('eth0', 'fd00::5/64'),
];

const netlink = {
  links: () => Promise.resolve([link('lo', 65536), link('eth0'), link('eth1', 9000)]),
  addresses: () =>
    Promise.resolve([
      address('lo', '127.0.0.1/8', { scope: 'host' }),
      address('eth0', '10.0.0.9/24', { flags: ['deprecated'] }),
      address('eth0', '10.0.0.5/24'),
      address('eth1', '192.168.1.5/24'),
      ...IPV6,
    ]),
  routes: () => Promise.resolve([defaultRoute]),
  routeTo: (to: string) =>
    Promise.resolve(
      to.startsWith('192.168.')
        ? { ...defaultRoute, device: 'eth1', source: '192.168.1.5' }
        : undefined,
    ),
} as unknown as Netlink;

const choose = (choice: Partial<InterfaceChoice> = {}) =>
  chooseInterface(netlink, { iface: [], ifaceRegex: [], ...choice });

describe('flannel interface choice', () => {
  it("takes the default route's interface and its first good address", async () => {
    assert.deepEqual(await choose(), {
      name: 'eth0',
      ip: '10.0.0.5',
      mtu: 1500,
      publicIP: '10.0.0.5',
    });
  });
  it('takes the first existing --iface, by name or address', async () => {
    assert.equal((await choose({ iface: ['nope', 'eth1'] })).ip, '192.168.1.5');
    assert.equal((await choose({ iface: ['192.168.1.5'] })).mtu, 9000);
  });
  it('matches --iface-regex against addresses, then names', async () => {
    assert.equal((await choose({ ifaceRegex: ['^192\\.168'] })).name, 'eth1');
    assert.equal((await choose({ ifaceRegex: ['^eth[1-9]'] })).name, 'eth1');
  });
  it('resolves --iface-can-reach by a route lookup', async () => {
    assert.equal((await choose({ ifaceCanReach: '192.168.7.7' })).name, 'eth1');
  });
  it("keeps a public IP that is no interface's", async () => {
    assert.deepEqual(await choose({ publicIp: '203.0.113.5' }), {
      name: 'eth0',
      ip: '10.0.0.5',
      mtu: 1500,
      publicIP: '203.0.113.5',
    });
    assert.equal((await choose({ publicIp: '192.168.1.5' })).name, 'eth1');
  });
  it('chooses for dual stack a permanent IPv6 address that is neither tentative nor temporary', async () => {
    const dual = (choice: Partial<InterfaceChoice> = {}) =>
      chooseInterface(netlink, { iface: [], ifaceRegex: [], ...choice }, true);
    assert.deepEqual(await dual(), {
      name: 'eth0',
      ip: '10.0.0.5',
      mtu: 1500,
      publicIP: '10.0.0.5',
      ip6: 'fd00::5',
      publicIPv6: 'fd00::5',
    });
    assert.equal((await dual({ publicIpv6: 'FD00::9' })).ip6, 'fd00::9');
    assert.deepEqual(Object.values(await dual({ publicIpv6: '2001:db8::1' })).slice(-2), [
      'fd00::5',
      '2001:db8::1',
    ]);
    await assert.rejects(
      dual({ iface: ['eth1'] }),
      /failed to find IPv6 address for interface eth1/,
    );
    await assert.rejects(dual({ publicIpv6: '10.0.0.1' }), /invalid public IPv6/);
  });
  it('refuses when no interface fits', async () => {
    await assert.rejects(choose({ iface: ['nope'] }), /failed to find an interface/);
    await assert.rejects(choose({ publicIp: 'x' }), /invalid public IP/);
  });
});
