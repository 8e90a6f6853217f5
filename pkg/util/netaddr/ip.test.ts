import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import {
  addressOfReverse,
  canonicalIp,
  cidrContains,
  cidrSize,
  familyOf,
  formatIp,
  ipBytes,
  ipOfBytes,
  nthIp,
  parseCidr,
  parseIp,
  unmapped,
} from './ip.js';
import { parseNet } from './net.js';

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
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['::ffff:a00:1', '::ffff:10.0.0.1'],
    ['::10.0.0.1', '::a00:1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['0:0:1::', '0:0:1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
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
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.',
    '1.2.3.00',
    '1.2.3.0x4',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '+1.2.3.4',
    '1.2.3.4%eth0',
    '1234567890.1.1.1',
    '::ffff:01.2.3.4',
    '::1.2.3',
    '12345::',
    '[::1]',
    ':1::',
    '::1:',
    `::${'0:'.repeat(1000)}1`,
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

  const prefixes: [text: string, ipv4: string | undefined][] = [
    ['10.5.34.7/24', '10.5.34.7/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.5.34.7/024', undefined],
    ['10.5.34.7/33', undefined],
    ['10.5.34.7/-1', undefined],
    ['10.5.34.7/1e1', undefined],
    ['10.5.34.7/24/1', undefined],
    ['::/8', undefined],
  ];
  for (const [text, expected] of prefixes)
    it(`reads the IPv4 prefix ${text} as ${expected}`, () => {
      const net = parseNet(text, 4);
      strictEqual(net && `${formatIp({ family: 4, value: net.ip })}/${net.length}`, expected);
    });

  const mapped: [text: string, family: 4 | 6, is: string][] = [
    ['::ffff:127.0.0.1', 4, '127.0.0.1'],
    ['::ffff:7f00:1', 4, '127.0.0.1'],
    ['::127.0.0.1', 6, '::7f00:1'],
    ['10.0.0.1', 4, '10.0.0.1'],
  ];
  for (const [text, family, is] of mapped)
    it(`takes ${text} for ${is}`, () => {
      const ip = unmapped(parseIp(text)!);
      deepStrictEqual([ip.family, formatIp(ip)], [family, is]);
      strictEqual(familyOf(text), text.includes(':') ? 6 : 4);
    });

  const bytes: [text: string, bytes: number[]][] = [
    ['10.0.255.1', [10, 0, 255, 1]],
    ['fd00::ff:1', [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 1]],
  ];
  for (const [text, expected] of bytes)
    it(`turns ${text} into bytes and back`, () => {
      deepStrictEqual([...ipBytes(parseIp(text)!)], expected);
      strictEqual(formatIp(ipOfBytes(Uint8Array.from(expected))), text);
    });

  const reverse: [name: string, address: string | undefined][] = [
    ['1.0.3.10.in-addr.arpa', '10.3.0.1'],
    ['01.0.3.10.in-addr.arpa', undefined],
    ['256.0.3.10.in-addr.arpa', undefined],
    ['0.3.10.in-addr.arpa', undefined],
    ['1.1.0.3.10.in-addr.arpa', undefined],
    [`1.${'0.'.repeat(27)}0.0.d.f.ip6.arpa`, 'fd00::1'],
    [`1.${'0.'.repeat(26)}0.0.d.f.ip6.arpa`, undefined],
    [`g.${'0.'.repeat(27)}0.0.d.f.ip6.arpa`, undefined],
    ['ip6.arpa', undefined],
    ['example.com', undefined],
  ];
  for (const [name, address] of reverse)
    it(`reads the reverse name ${name}`, () => strictEqual(addressOfReverse(name), address));

  it('has one spelling per address, and leaves other texts alone', () => {
    deepStrictEqual(['FD00:0::1', '10.0.0.1', 'web', 'not:an:address'].map(canonicalIp), [
      'fd00::1',
      '10.0.0.1',
      'web',
      'not:an:address',
    ]);
  });
});
