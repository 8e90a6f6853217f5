// The state that backends program when this machine's kernel may lack the device, and how such
// backends are refused.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import {
  NetlinkError,
  type Change,
  type Netlink,
  type Route,
} from '../../system/netlink/netlink.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { ConfigError, parseNetworkConfig } from '../config.js';
import { planChanges } from '../network/desired.js';
import { parseNet } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import { backendNamed } from './backends.js';
import type { BackendContext } from './backend.js';
import { desiredIpip } from './ipip.js';
import { desiredWireguard, wireguardPeers } from './wireguard.js';
import {
  isKey,
  newPrivateKey,
  parseWireguardData,
  publicKeyOf,
  renderWireguard,
} from './wireguard-config.js';

const KEY = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=';
const nothing = { routes: [], neighbours: [], fdb: [] };
const peer = (
  subnet: string,
  publicIP: string,
  more: Partial<Lease> = {},
  attrs: Partial<Lease['attrs']> = {},
): Lease => ({
  key: subnet,
  subnet: parseNet(subnet, 4)!,
  attrs: { publicIP, backendType: 'x', ...attrs },
  modRevision: 1,
  ...more,
});
const ROUTES: Route[] = [
  {
    to: '0.0.0.0/0',
    via: '192.168.77.254',
    device: 'eth0',
    type: 'unicast',
    onlink: false,
    protocol: 'boot',
    scope: 'global',
    metric: 0,
  },
  {
    to: '192.168.77.0/24',
    device: 'eth0',
    type: 'unicast',
    onlink: false,
    protocol: 'kernel',
    scope: 'link',
    metric: 0,
  },
];

function contextOf(type: string, more: object = {}, network: object = {}): BackendContext {
  const netlink = {
    links: () => Promise.resolve([]),
    apply: (changes: Change[]) =>
      Promise.resolve(
        changes
          .filter((change) => change.type === 'link-add')
          .map((change) => new NetlinkError('EOPNOTSUPP', 'Unknown device type', change)),
      ),
  } as unknown as Netlink;
  const config = parseNetworkConfig(
    JSON.stringify({ Network: '10.5.0.0/16', ...network, Backend: { Type: type, ...more } }),
  );
  const external = { name: 'eth0', ip: '192.168.77.1', publicIP: '192.168.77.1', mtu: 1500 };
  return {
    env: virtualEnv(),
    netlink,
    config,
    external,
    runDir: '/nonexistent',
    nativeDir: '/nonexistent',
    signal: new AbortController().signal,
  };
}
const refuses = (context: BackendContext, message: RegExp) =>
  assert.rejects(
    async () => backendNamed(context.config.backend.type).open(context),
    (error: unknown) => error instanceof ConfigError && message.test(error.message),
  );

describe('flannel backend', () => {
  it('ipip routes to each peer by its public IP, and directly on a shared segment', () => {
    const config = parseNetworkConfig('{"Network":"10.5.0.0/16"}');
    const peers = [peer('10.5.76.0/24', '192.168.77.2'), peer('10.5.80.0/24', '203.0.113.9')];
    assert.deepEqual(planChanges(desiredIpip(false, config, 'eth0', peers, ROUTES), nothing), [
      {
        type: 'route-replace',
        route: { to: '10.5.76.0/24', via: '192.168.77.2', device: 'flannel.ipip', onlink: true },
      },
      {
        type: 'route-replace',
        route: { to: '10.5.80.0/24', via: '203.0.113.9', device: 'flannel.ipip', onlink: true },
      },
    ]);
    assert.deepEqual(desiredIpip(true, config, 'eth0', peers, ROUTES).routes[0], {
      to: '10.5.76.0/24',
      via: '192.168.77.2',
      device: 'eth0',
    });
  });

  it('wireguard has one peer for each lease and one route for each family', () => {
    const config = parseNetworkConfig(
      '{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48"}',
    );
    assert.deepEqual(desiredWireguard(config, 'eth0').routes, [
      { to: '10.5.0.0/16', device: 'flannel-wg' },
      { to: 'fd00:5::/48', device: 'flannel-wg-v6' },
    ]);
    const dual = peer(
      '10.5.76.0/24',
      '192.168.77.2',
      { subnet6: parseNet('fd00:5:0:4c::/64', 6)! },
      {
        publicIPv6: 'fd77::2',
        backendData: { PublicKey: KEY, Port: 51820 },
        backendV6Data: { PublicKey: KEY, Port: 51821 },
      },
    );
    const strange = peer(
      '10.5.80.0/24',
      '203.0.113.9',
      {},
      { backendData: { PublicKey: 'x', Port: 51820 } },
    );
    const device = { privateKey: KEY, listenPort: 51820, psk: '', keepaliveSeconds: 0 };
    assert.equal(
      renderWireguard(device, wireguardPeers([dual, strange], 4)),
      `[Interface]\nPrivateKey = ${KEY}\nListenPort = 51820\n\n[Peer]\nPublicKey = ${KEY}\nEndpoint = 192.168.77.2:51820\nAllowedIPs = 10.5.76.0/24\n`,
    );
    assert.equal(
      renderWireguard(
        { ...device, psk: KEY, keepaliveSeconds: 25 },
        wireguardPeers([dual, strange], 6),
      ).split('[Peer]')[1],
      `\nPublicKey = ${KEY}\nPresharedKey = ${KEY}\nEndpoint = [fd77::2]:51821\nAllowedIPs = fd00:5:0:4c::/64\nPersistentKeepalive = 25\n`,
    );
  });

  it('wireguard makes keys that wg reads', () => {
    const key = newPrivateKey();
    assert.ok(isKey(key) && isKey(publicKeyOf(key)) && key !== newPrivateKey());
    // RFC 7748: the public key is the private one times the base point, 9.
    const der = (prefix: string, raw: Buffer) => Buffer.concat([Buffer.from(prefix, 'hex'), raw]);
    const privateKey = createPrivateKey({
      key: der('302e020100300506032b656e04220420', Buffer.from(key, 'base64')),
      format: 'der',
      type: 'pkcs8',
    });
    const nine = createPublicKey({
      key: der('302a300506032b656e032100', Buffer.alloc(32).fill(9, 0, 1)),
      format: 'der',
      type: 'spki',
    });
    assert.equal(
      publicKeyOf(key),
      diffieHellman({ privateKey, publicKey: nine }).toString('base64'),
    );
    assert.equal(parseWireguardData({ publickey: KEY, port: 51820 })?.port, 51820);
    for (const data of [
      null,
      {},
      { PublicKey: KEY },
      { PublicKey: KEY, Port: 0 },
      { PublicKey: 'short', Port: 1 },
    ])
      assert.equal(parseWireguardData(data), undefined);
  });

  it('names the device that the kernel lacks', async () => {
    await refuses(contextOf('ipip'), /this kernel has no ipip devices \(CONFIG_NET_IPIP\)/);
    await refuses(
      contextOf('wireguard'),
      /this kernel has no wireguard devices \(CONFIG_WIREGUARD\)/,
    );
    await refuses(contextOf('wireguard', { Mode: 'auto' }), /Mode "auto" is not supported/);
    await refuses(contextOf('ipsec'), /unknown backend type "ipsec"; known are vxlan, host-gw/);
  });

  it('refuses IPv6 where a backend carries IPv4 only', async () => {
    for (const type of ['udp', 'ipip', 'extension'])
      await refuses(
        contextOf(type, {}, { EnableIPv6: true, IPv6Network: 'fd00::/48' }),
        /carries IPv4 only/,
      );
    await refuses(
      contextOf('vxlan', {}, { EnableIPv6: true, IPv6Network: 'fd00::/48' }),
      /no IPv6 address/,
    );
  });

  it('alloc programs nothing and accepts leases of every backend', async () => {
    const alloc = await backendNamed('alloc').open(contextOf('alloc'));
    assert.deepEqual([alloc.devices, alloc.mtu, alloc.attrs], [[], 1500, { backendType: '' }]);
    const peers = [peer('10.5.76.0/24', '192.168.77.2')];
    assert.ok(alloc.accepts(peers[0]!));
    assert.equal(await alloc.ensureDevice({ subnet: parseNet('10.5.1.0/24', 4)! }, []), false);
    assert.deepEqual(
      planChanges(
        alloc.desired({ subnet: parseNet('10.5.1.0/24', 4)! }, peers, { routes: ROUTES }),
        { ...nothing, routes: ROUTES },
      ),
      [],
    );
  });
});
