import assert from 'node:assert/strict';
import {
  base6,
  containsNet6,
  formatIpv6,
  formatNet6,
  overlaps6,
  parseIpv6Cidr,
  parseIpv6,
  sizeOf6,
} from './ipv6.js';

const net = (text: string) => parseIpv6Cidr(text)!;

describe('IPv6 networks', () => {
  it('read and write text as Go does', () => {
    assert.equal(formatNet6(net('FC00:0:0:22:1::9/64')), 'fc00:0:0:22::/64');
    assert.equal(formatIpv6(base6(net('fd00:10:244::/48')) + 1n), 'fd00:10:244::1');
    assert.equal(formatNet6(net('::/0')), '::/0');
    for (const text of [
      '',
      'fd00::',
      '10.0.0.0/8',
      'fd00::/129',
      'fd00::/x',
      'fe80::1%eth0/64',
      'fd00::/64/1',
    ])
      assert.equal(parseIpv6Cidr(text), undefined, text);
    assert.equal(parseIpv6('10.0.0.1'), undefined);
  });
  it('contain and overlap', () => {
    assert.equal(containsNet6(net('fd00::/48'), net('fd00:0:0:ffff::/64')), true);
    assert.equal(containsNet6(net('fd00::/48'), net('fd00:0:1::/64')), false);
    assert.equal(containsNet6(net('fd00::/64'), net('fd00::/48')), false);
    assert.equal(overlaps6(net('fd00::/64'), net('fd00::/48')), true);
    assert.equal(sizeOf6(126), 4n);
  });
});
