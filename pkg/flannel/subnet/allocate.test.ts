import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeededRandom } from '../../../test/support/virtual-env.js';
import { parseNetworkConfig } from '../config.js';
import { chooseSubnet, earlierOwner, freeSubnets, isCompatible } from './allocate.js';
import { formatNet, overlaps, parseNet, type Net } from '../../util/netaddr/net.js';
import { describeSubnets, type Lease } from './lease.js';

const config = parseNetworkConfig('{"Network":"10.5.0.0/16"}');
const lease = (cidr: string, publicIP: string): Lease => ({
  key: cidr,
  subnet: parseNet(cidr, 4)!,
  attrs: { publicIP, backendType: 'vxlan' },
  modRevision: 1,
  leaseId: '1',
});
const choose = (leases: Lease[], publicIP: string, previous?: string) =>
  chooseSubnet(
    { config, publicIP, ...(previous ? { previous: { subnet: parseNet(previous, 4)! } } : {}) },
    leases,
    new SeededRandom(7),
  );
const subnetOf = (choice: ReturnType<typeof choose>['choice']) =>
  choice.type === 'create'
    ? formatNet(choice.subnets.subnet)
    : choice.type === 'reuse'
      ? formatNet(choice.lease.subnet)
      : '';

describe('subnet choice', () => {
  it('reuses the lease with our public IP', () => {
    const { choice } = choose(
      [lease('10.5.7.0/24', '1.1.1.1'), lease('10.5.8.0/24', '2.2.2.2')],
      '2.2.2.2',
    );
    assert.equal(choice.type, 'reuse');
    assert.equal(subnetOf(choice), '10.5.8.0/24');
  });

  it('prefers the previous subnet when two leases are ours', () => {
    assert.equal(
      subnetOf(
        choose(
          [lease('10.5.7.0/24', '1.1.1.1'), lease('10.5.8.0/24', '1.1.1.1')],
          '1.1.1.1',
          '10.5.8.0/24',
        ).choice,
      ),
      '10.5.8.0/24',
    );
  });

  it('gives up a lease that the config no longer allows', () => {
    const { choice, stale } = choose([lease('10.9.7.0/24', '1.1.1.1')], '1.1.1.1');
    assert.equal(choice.type, 'create');
    assert.deepEqual(
      stale.map((l) => l.key),
      ['10.9.7.0/24'],
    );
  });

  it('takes the previous subnet when it is free, another when it is not', () => {
    assert.equal(subnetOf(choose([], '1.1.1.1', '10.5.200.0/24').choice), '10.5.200.0/24');
    assert.notEqual(
      subnetOf(choose([lease('10.5.200.0/24', '2.2.2.2')], '1.1.1.1', '10.5.200.0/24').choice),
      '10.5.200.0/24',
    );
    assert.notEqual(subnetOf(choose([], '1.1.1.1', '10.9.200.0/24').choice), '10.9.200.0/24');
  });

  it('reports when no subnet is left', () => {
    const small = parseNetworkConfig('{"Network":"10.5.0.0/22"}');
    const leases = ['10.5.1.0/24', '10.5.2.0/24', '10.5.3.0/24'].map((cidr, at) =>
      lease(cidr, `2.2.2.${at}`),
    );
    assert.equal(
      chooseSubnet({ config: small, publicIP: '1.1.1.1' }, leases, new SeededRandom()).choice.type,
      'none',
    );
  });

  it('never overlaps a lease and stays inside the range', () => {
    const subnet = fc
      .record({ at: fc.integer({ min: 0, max: 0xffff }), length: fc.integer({ min: 18, max: 28 }) })
      .map(({ at, length }): Net => ({ family: 4, ip: BigInt(0x0a050000 | at), length }));
    fc.assert(
      fc.property(fc.array(subnet, { maxLength: 60 }), fc.integer(), (taken, seed) => {
        for (const free of freeSubnets(config, taken)) {
          assert.ok(isCompatible(config, { subnet: free }));
          assert.ok(!taken.some((other) => overlaps(other, free)));
        }
        const leases = taken.map((net, at) => ({ ...lease(formatNet(net), `2.2.0.${at}`) }));
        const { choice } = chooseSubnet(
          { config, publicIP: '1.1.1.1' },
          leases,
          new SeededRandom(seed),
        );
        if (choice.type === 'create')
          assert.ok(!taken.some((other) => overlaps(other, choice.subnets.subnet)));
        else assert.equal(choice.type, 'none');
      }),
    );
  });

  describe('with IPv6', () => {
    const dual = parseNetworkConfig(
      '{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48"}',
    );
    const both = (v4: string, v6: string, publicIP: string): Lease => ({
      ...lease(v4, publicIP),
      subnet6: parseNet(v6, 6)!,
    });
    const chooseDual = (leases: Lease[], previous?: { subnet: string; subnet6?: string }) => {
      const before = previous && {
        subnet: parseNet(previous.subnet, 4)!,
        ...(previous.subnet6 ? { subnet6: parseNet(previous.subnet6, 6)! } : {}),
      };
      const { choice, stale } = chooseSubnet(
        { config: dual, publicIP: '1.1.1.1', ...(before ? { previous: before } : {}) },
        leases,
        new SeededRandom(7),
      );
      return {
        text:
          choice.type === 'none'
            ? 'none'
            : describeSubnets(choice.type === 'create' ? choice.subnets : choice.lease),
        stale: stale.map((one) => one.key),
      };
    };

    it('allocates subnets of equal number, and keeps previous ones', () => {
      assert.match(chooseDual([]).text, /^10\.5\.(\d+)\.0\/24, fd00:5:0:[0-9a-f]+::\/64$/);
      assert.equal(
        chooseDual([], { subnet: '10.5.34.0/24' }).text,
        '10.5.34.0/24, fd00:5:0:22::/64',
      );
      assert.equal(
        chooseDual([], { subnet: '10.5.34.0/24', subnet6: 'fd00:5:0:7::/64' }).text,
        '10.5.34.0/24, fd00:5:0:7::/64',
      );
      assert.equal(
        chooseDual([both('10.5.34.0/24', 'fd00:5:0:9::/64', '1.1.1.1')]).text,
        '10.5.34.0/24, fd00:5:0:9::/64',
      );
    });

    it('turns an IPv4 lease into a dual-stack lease with the same IPv4 subnet', () => {
      assert.deepEqual(chooseDual([lease('10.5.34.0/24', '1.1.1.1')]), {
        text: '10.5.34.0/24, fd00:5:0:22::/64',
        stale: ['10.5.34.0/24'],
      });
    });

    it('never overlaps leases of any prefix length', () => {
      const net6 = fc
        .record({
          at: fc.integer({ min: 0, max: 0xffff }),
          length: fc.integer({ min: 50, max: 70 }),
        })
        .map(({ at, length }): Net => ({
          family: 6,
          ip: (0xfd000005_0000n << 80n) | (BigInt(at) << 64n),
          length,
        }));
      fc.assert(
        fc.property(fc.array(net6, { maxLength: 40 }), (taken) => {
          for (const free of freeSubnets(dual.ipv6!, taken))
            assert.ok(!taken.some((other) => overlaps(other, free)));
        }),
      );
      const twinTaken = chooseDual([both('10.5.1.0/24', 'fd00:5:0:22::/64', '2.2.2.2')], {
        subnet: '10.5.34.0/24',
      }).text;
      assert.match(twinTaken, /^10\.5\.34\.0\/24, fd00:5/);
      assert.ok(!twinTaken.includes(':22::'));
    });

    it('skips a large prefix in one step', () => {
      assert.deepEqual(freeSubnets(dual.ipv6!, [parseNet('fd00:5::/48', 6)!]), []);
    });

    it('finds the older of two overlapping leases', () => {
      const own = {
        ...both('10.5.1.0/24', 'fd00:5:0:1::/64', '1.1.1.1'),
        key: 'own',
        createRevision: 10,
      };
      const other = {
        ...both('10.5.2.0/24', 'fd00:5:0:1::/64', '2.2.2.2'),
        key: 'other',
        createRevision: 9,
      };
      assert.equal(earlierOwner(own, [own, other])?.key, 'other');
      assert.equal(earlierOwner(other, [own, other]), undefined);
      assert.equal(
        earlierOwner(own, [{ ...other, subnet6: parseNet('fd00:5:0:2::/64', 6)! }]),
        undefined,
      );
      assert.equal(
        earlierOwner(own, [{ ...lease('10.5.0.0/20', '3.3.3.3'), createRevision: 1 }])?.attrs
          .publicIP,
        '3.3.3.3',
      );
    });
  });
});
