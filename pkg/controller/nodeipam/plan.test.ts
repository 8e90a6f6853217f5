import assert from 'node:assert/strict';
import { nextNodeCidr, parseNodeRanges } from './plan.js';

describe('node ipam plan', () => {
  it('gives the first range that touches no other', () => {
    const ranges = parseNodeRanges('10.244.0.0/16', 24);
    assert.equal(nextNodeCidr(ranges, []), '10.244.0.0/24');
    assert.equal(nextNodeCidr(ranges, ['10.244.0.0/24', '10.244.2.0/24']), '10.244.1.0/24');
    assert.equal(nextNodeCidr(ranges, ['10.244.0.0/23', '10.244.2.128/25']), '10.244.3.0/24');
  });

  it('ends when all are given, and works for IPv6', () => {
    const ranges = parseNodeRanges('10.0.0.0/23', 24);
    assert.equal(nextNodeCidr(ranges, ['10.0.0.0/24', '10.0.1.0/24']), undefined);
    assert.equal(nextNodeCidr(parseNodeRanges('fd00::/56', 64), ['fd00::/64']), 'fd00:0:0:1::/64');
  });

  it('names the flag that is wrong', () => {
    assert.throws(() => parseNodeRanges('nonsense', 24), /--cluster-cidr/);
    assert.throws(() => parseNodeRanges('10.0.0.0/24', 16), /--node-cidr-mask-size/);
  });
});
