import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { cidrContains, cidrSize, formatIp, nthIp, parseCidr, parseIp } from './ip.js';

describe('netaddr', () => {
  const canonical: [text: string, shown: string][] = [
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ];
  for (const [text, shown] of canonical) {
    it(`reads ${text}`, () => {
      const ip = parseIp(text);
      ok(ip);
      strictEqual(formatIp(ip), shown);
    });
  }

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.4/8',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'g::',
    '1.2.3.4::',
    '::1%eth0',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => strictEqual(parseIp(text), undefined));
  }

  it('clears host bits of a prefix', () => {
    const cidr = parseCidr('10.1.2.3/16');
    ok(cidr);
    strictEqual(formatIp(cidr.network), '10.1.0.0');
    strictEqual(formatIp(cidr.address), '10.1.2.3');
    strictEqual(cidrSize(cidr), 65_536n);
    strictEqual(formatIp(nthIp(cidr, 258)), '10.1.1.2');
    deepStrictEqual(
      ['10.1.255.255', '10.2.0.0', '::1'].map((text) => cidrContains(cidr, parseIp(text)!)),
      [true, false, false],
    );
  });

  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '/8', '10.0.0.0/08']) {
    it(`refuses the prefix ${JSON.stringify(text)}`, () => strictEqual(parseCidr(text), undefined));
  }
});
