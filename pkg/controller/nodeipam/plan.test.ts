import assert from 'node:assert/strict';
import { nextNodeCidr, nextNodeCidrs, parseNodeRanges } from './plan.js';

const one = (clusterCidr: string, any?: number) => parseNodeRanges(clusterCidr, { any })[0]!;

describe('node ipam plan', () => {
  it('allocates the first range that overlaps no other', () => {
    const ranges = one('10.244.0.0/16');
    assert.equal(nextNodeCidr(ranges, []), '10.244.0.0/24');
    assert.equal(nextNodeCidr(ranges, ['10.244.0.0/24', '10.244.2.0/24']), '10.244.1.0/24');
    assert.equal(nextNodeCidr(ranges, ['10.244.0.0/23', '10.244.2.128/25']), '10.244.3.0/24');
  });

  it('returns nothing when all ranges are taken, and works for IPv6', () => {
    const ranges = one('10.0.0.0/23', 24);
    assert.equal(nextNodeCidr(ranges, ['10.0.0.0/24', '10.0.1.0/24']), undefined);
    assert.equal(nextNodeCidr(one('fd00::/56'), ['fd00::/64']), 'fd00:0:0:1::/64');
    assert.equal(nextNodeCidr(one('fd00::/56', 72), ['fd00::/64']), 'fd00:0:0:1::/72');
  });

  it('allocates a range of each family, or none at all', () => {
    const ranges = parseNodeRanges('10.0.0.0/23,fd00::/56', {});
    const first = nextNodeCidrs(ranges, []);
    assert.deepEqual(first, ['10.0.0.0/24', 'fd00::/64']);
    assert.deepEqual(nextNodeCidrs(ranges, [...first!]), ['10.0.1.0/24', 'fd00:0:0:1::/64']);
    assert.equal(nextNodeCidrs(ranges, ['10.0.0.0/23']), undefined);
    assert.deepEqual(
      nextNodeCidrs(parseNodeRanges('fd00::/56, 10.0.0.0/16', { ipv4: 26, ipv6: 60 }), []),
      ['fd00::/60', '10.0.0.0/26'],
    );
  });

  it('names the invalid flag', () => {
    assert.throws(() => one('nonsense', 24), /--cluster-cidr/);
    assert.throws(() => one('10.0.0.0/24', 16), /--node-cidr-mask-size: 16 does not fit/);
    const dual = '10.0.0.0/16,fd00::/56';
    assert.throws(
      () => parseNodeRanges(dual, { ipv6: 40 }),
      /--node-cidr-mask-size-ipv6: 40 does not fit/,
    );
    assert.throws(
      () => parseNodeRanges(dual, { any: 24 }),
      /usage of --node-cidr-mask-size is not allowed with dual-stack clusters/,
    );
    assert.throws(
      () => parseNodeRanges('10.0.0.0/16,10.1.0.0/16', {}),
      /more than one cluster CIDR of one IP family/,
    );
    assert.throws(() => parseNodeRanges(`${dual},fd01::/56`, {}), /max allowed\(2\)/);
    assert.throws(
      () => parseNodeRanges('10.0.0.0/16', { any: 24, ipv4: 24 }),
      /together is not allowed/,
    );
  });
});
