// The files and rules that flanneld renders, byte for byte.
import assert from 'node:assert/strict';
import { gsoMaxSize } from './backend/udp.js';
import { renderConflist } from './cni.js';
import { renderTrafficRules } from './masquerade.js';
import { parseNet } from '../util/netaddr/net.js';
import { parseSubnetEnv, renderSubnetEnv } from './subnet/subnet-env.js';

const network = parseNet('10.5.0.0/16', 4)!;
const subnet = parseNet('10.5.34.0/24', 4)!;

const network6 = parseNet('fd00:5::/48', 6)!;
const subnet6 = parseNet('fd00:5:0:22::/64', 6)!;

describe('flanneld files', () => {
  it("writes subnet.env in flannel's order, and reads it back", () => {
    const text =
      'FLANNEL_NETWORK=10.5.0.0/16\nFLANNEL_SUBNET=10.5.34.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n';
    const env = { network, subnet, mtu: 1450, ipMasq: true };
    assert.equal(renderSubnetEnv(env), text);
    assert.deepEqual(parseSubnetEnv(text), env);
    assert.deepEqual(parseSubnetEnv('garbage\nFLANNEL_SUBNET=x'), { ipMasq: false });
  });

  it('writes the IPv6 lines of subnet.env between subnet and MTU', () => {
    const text =
      'FLANNEL_NETWORK=10.5.0.0/16\nFLANNEL_SUBNET=10.5.34.1/24\nFLANNEL_IPV6_NETWORK=fd00:5::/48\nFLANNEL_IPV6_SUBNET=fd00:5:0:22::1/64\nFLANNEL_MTU=1430\nFLANNEL_IPMASQ=false\n';
    const env = { network, subnet, network6, subnet6, mtu: 1430, ipMasq: false };
    assert.equal(renderSubnetEnv(env), text);
    assert.deepEqual(parseSubnetEnv(text), env);
  });

  it('gives pods addresses of both families', () => {
    const text = renderConflist({
      plugin: 'bridge',
      subnet,
      subnet6,
      mtu: 1430,
      ipMasq: false,
      dataDir: '/x',
    });
    const { plugins } = JSON.parse(text) as { plugins: { ipam: object }[] };
    assert.deepEqual(plugins[0]!.ipam, {
      type: 'host-local',
      ranges: [[{ subnet: '10.5.34.0/24' }], [{ subnet: 'fd00:5:0:22::/64' }]],
      routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
      dataDir: '/x',
    });
  });

  it('writes the conflist', () => {
    assert.deepEqual(
      JSON.parse(
        renderConflist({
          plugin: 'bridge',
          subnet,
          mtu: 1450,
          ipMasq: false,
          dataDir: '/run/cni-ipam-state',
        }),
      ),
      {
        cniVersion: '1.0.0',
        name: 'cbr0',
        plugins: [
          {
            type: 'bridge',
            bridge: 'cni0',
            mtu: 1450,
            isGateway: true,
            hairpinMode: true,
            ipMasq: false,
            forceAddress: false,
            ipam: {
              type: 'host-local',
              ranges: [[{ subnet: '10.5.34.0/24' }]],
              routes: [{ dst: '0.0.0.0/0' }],
              dataDir: '/run/cni-ipam-state',
            },
          },
          { type: 'portmap', capabilities: { portMappings: true } },
          { type: 'bandwidth', capabilities: { bandwidth: true } },
        ],
      },
    );
    assert.match(
      renderConflist({ plugin: 'ptp', subnet, mtu: 1450, ipMasq: false, dataDir: '/x' }),
      /"type": "ptp",\n\s+"mtu": 1450/,
    );
  });

  it('masquerades as flannel does, tests the mark as a bit and exempts encapsulated packets', () => {
    const rules = {
      network,
      subnet,
      masquerade: true,
      fullyRandom: true,
      forward: true,
      noMasqueradeTo: [],
      port: 8472,
    };
    assert.equal(
      renderTrafficRules(rules),
      `table ip flannel-ipv4
delete table ip flannel-ipv4
table ip flannel-ipv4 {
  chain raw-prerouting {
    type filter hook prerouting priority raw; policy accept;
    udp dport 8472 fib daddr type local notrack
  }
  chain raw-output {
    type filter hook output priority raw; policy accept;
    udp dport 8472 notrack
  }
  chain postrtg {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark & 0x4000 == 0x4000 return
    ip saddr 10.5.34.0/24 ip daddr 10.5.0.0/16 return
    ip saddr 10.5.0.0/16 ip daddr 10.5.34.0/24 return
    ip saddr != 10.5.0.0/16 ip daddr 10.5.34.0/24 return
    ip saddr 10.5.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random
    ip saddr != 10.5.0.0/16 ip daddr 10.5.0.0/16 masquerade fully-random
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ip saddr 10.5.0.0/16 accept
    ip daddr 10.5.0.0/16 accept
  }
}
`,
    );
    assert.match(
      renderTrafficRules({ ...rules, noMasqueradeTo: ['192.168.0.0/16', '172.16.0.0/12'] }),
      /ip daddr \{ 192\.168\.0\.0\/16, 172\.16\.0\.0\/12 \} return/,
    );
    assert.equal(
      /masquerade|notrack|forward/.test(
        renderTrafficRules({
          network,
          subnet,
          masquerade: false,
          fullyRandom: true,
          forward: false,
          noMasqueradeTo: [],
        }),
      ),
      false,
    );
  });

  it('renders a separate IPv6 table with the exemptions of that family', () => {
    const rules = {
      network,
      subnet,
      ipv6: { network: network6, subnet: subnet6 },
      masquerade: true,
      fullyRandom: false,
      forward: true,
      noMasqueradeTo: ['192.168.0.0/16', '2001:db8::/32'],
      port: 8472,
    };
    const text = renderTrafficRules(rules);
    const at = text.indexOf('table ip6');
    assert.match(
      renderTrafficRules({ ...rules, port6: 51821 }),
      /dport 8472 notrack[^]*table ip6[^]*dport 51821 notrack/,
    );
    assert.ok(
      text.slice(0, at).includes('{ 192.168.0.0/16 }') && !text.slice(0, at).includes('2001'),
    );
    assert.equal(
      text.slice(at),
      `table ip6 flannel-ipv6
delete table ip6 flannel-ipv6
table ip6 flannel-ipv6 {
  chain raw-prerouting {
    type filter hook prerouting priority raw; policy accept;
    udp dport 8472 fib daddr type local notrack
  }
  chain raw-output {
    type filter hook output priority raw; policy accept;
    udp dport 8472 notrack
  }
  chain postrtg {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark & 0x4000 == 0x4000 return
    ip6 saddr fd00:5:0:22::/64 ip6 daddr fd00:5::/48 return
    ip6 saddr fd00:5::/48 ip6 daddr fd00:5:0:22::/64 return
    ip6 saddr != fd00:5::/48 ip6 daddr fd00:5:0:22::/64 return
    ip6 saddr fd00:5::/48 ip6 daddr { 2001:db8::/32 } return
    ip6 saddr fd00:5::/48 ip6 daddr != ff00::/8 masquerade
    ip6 saddr != fd00:5::/48 ip6 daddr fd00:5::/48 masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ip6 saddr fd00:5::/48 accept
    ip6 daddr fd00:5::/48 accept
  }
}
`,
    );
  });

  it('limits GSO packets to the size of one send', () => {
    for (const mtu of [68, 576, 1372, 1472, 8972]) {
      const packets = Math.ceil((gsoMaxSize(mtu) - 52) / (mtu - 52));
      assert.ok(packets * mtu <= 65507 && (packets + 1) * mtu > 65507, `${mtu}`);
    }
  });
});
