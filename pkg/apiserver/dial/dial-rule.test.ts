import assert from 'node:assert/strict';
import { checkHost, dialLookup, isDialable, NOT_ALLOWED } from './dial-rule.js';

describe('addresses that the API server may dial', () => {
  const cases: readonly [ip: string, dialable: boolean][] = [
    ['10.1.2.3', true],
    ['192.168.0.1', true],
    ['fd00::1', true],
    ['2001:db8::7f00:1', true],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['169.254.169.254', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['fe80::1', false],
    ['ff02::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:a9fe:a9fe', false],
    ['::ffff:10.1.2.3', true],
    ['::127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b::10.1.2.3', true],
    ['2002:7f00:1::', false],
    ['2002:a9fe:a9fe::1', false],
    ['2002:a01:203::1', true],
    ['0x7f.1', false],
    ['localhost', false],
  ];
  for (const [ip, dialable] of cases)
    it(`${dialable ? 'accept' : 'refuse'} ${ip}`, () => assert.equal(isDialable(ip), dialable));

  it('leave names to the resolver, and refuse addresses with a zone by the address', () => {
    checkHost('node-1.example.com', isDialable);
    assert.throws(() => checkHost('fe80::1%eth0', isDialable), /address not allowed/);
  });

  /** `text` resolved as net.connect does it. */
  const resolve = (text: string, all: boolean) =>
    new Promise((done) => {
      dialLookup(isDialable)(text, { all }, (error, address) => done(error?.code ?? address));
    });

  for (const name of ['localhost', '2130706433', '0x7f.1', '127.1']) {
    it(`refuse the name ${name} after it is resolved`, async () => {
      assert.equal(await resolve(name, true), NOT_ALLOWED);
      assert.equal(await resolve(name, false), NOT_ALLOWED);
    });
  }
});
