import assert from 'node:assert/strict';
import { addressIn, base, containsNet, formatNet, overlaps, parseNet, sizeOf } from './net.js';

const net = (text: string) => parseNet(text, text.includes(':') ? 6 : 4)!;

describe('networks', () => {
  it('read and write text as Go does', () => {
    assert.equal(formatNet(net('FC00:0:0:22:1::9/64')), 'fc00:0:0:22::/64');
    assert.equal(formatNet(net('10.5.34.7/24')), '10.5.34.0/24');
    assert.equal(addressIn(net('fd00:10:244::/48'), 1n), 'fd00:10:244::1');
    assert.equal(addressIn(net('10.5.34.7/24'), 1n), '10.5.34.1');
    assert.equal(formatNet(net('::/0')), '::/0');
    assert.equal(formatNet(net('255.255.255.255/0')), '0.0.0.0/0');
    assert.deepEqual(base(net('10.5.34.7/32')), net('10.5.34.7/32'));
    for (const text of [
      '',
      'fd00::',
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0.01/8',
      'fd00::/129',
      'fd00::/x',
      'fe80::1%eth0/64',
      'fd00::/64/1',
    ])
      assert.deepEqual([parseNet(text, 4), parseNet(text, 6)], [undefined, undefined], text);
    assert.equal(parseNet('10.0.0.0/8', 6), undefined);
    assert.equal(parseNet('fd00::/8', 4), undefined);
  });

  it('contain and overlap', () => {
    assert.equal(containsNet(net('fd00::/48'), net('fd00:0:0:ffff::/64')), true);
    assert.equal(containsNet(net('fd00::/48'), net('fd00:0:1::/64')), false);
    assert.equal(containsNet(net('fd00::/64'), net('fd00::/48')), false);
    assert.equal(containsNet(net('10.5.0.9/16'), net('10.5.255.255/32')), true);
    assert.equal(containsNet(net('10.5.0.0/16'), net('10.6.0.0/24')), false);
    assert.equal(containsNet(net('0.0.0.0/0'), net('::/0')), false);
    assert.equal(overlaps(net('fd00::/64'), net('fd00::/48')), true);
    assert.equal(overlaps(net('10.5.1.0/24'), net('10.5.0.0/24')), false);
    assert.deepEqual([sizeOf(net('::/126')), sizeOf(net('10.0.0.0/30'))], [4n, 4n]);
  });
});
