import { deepStrictEqual as equal } from 'node:assert/strict';
import { formatOf } from './formats.js';

/** Valid texts, then others. */
const CASES: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  bsonobjectid: [
    ['507f1f77bcf86cd799439011'],
    ['507f1f77bcf86cd79943901', 'g07f1f77bcf86cd799439011'],
  ],
  byte: [
    ['aGk=', 'aGkh', 'YWJjZA=='],
    ['', 'aGk', 'a===', 'a-b_'],
  ],
  cidr: [
    ['10.1.2.3/8', 'fd00::/8'],
    ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1'],
  ],
  'credit-card': [['4111 1111 1111 1111'], ['4111111111111112', '1']],
  date: [['2020-02-29'], ['2021-02-29', '2020-2-1', '2020-00-01', '2020-01-01x']],
  'date-time': [
    ['2020-01-01T00:00:00Z', '2020-01-01t23:59:59.5+02:00'],
    ['2020-01-01', '2020-01-01 00:00:00Z', '2020-01-01T24:00:00Z', '2020-01-01T00:00:00'],
  ],
  duration: [
    ['1h30m', '2 weeks', '3d', '0'],
    ['', 'x', '5 parsecs', '99999999999999999999 days'],
  ],
  email: [
    ['a@b.c', 'A <a@b.c>', '"a b"@c', 'a@b (comment (nested))', ' a@b', 'J. Q. <a@[1.2.3.4]>'],
    ['a', '@b', 'a@', 'a@b c', 'A <a@b', 'a.@b', 'a@b, c@d', 'a@b)'],
  ],
  hexcolor: [
    ['#fff', 'A0b1C2'],
    ['#ffff', 'red'],
  ],
  hostname: [
    ['a', 'A-b', 'a.example.com', '1a.example', `${'a'.repeat(63)}.com`],
    ['', '-a', 'a_b', 'a..b', 'a.b', `${'a'.repeat(64)}.com`, `${'a.'.repeat(127)}com`],
  ],
  ipv4: [
    ['1.2.3.4', '::ffff:1.2.3.4'],
    ['1.2.3', '01.2.3.4', '::1'],
  ],
  ipv6: [
    ['::1', 'fe80::1', '::ffff:1.2.3.4'],
    ['1.2.3.4', ':::', 'fe80::1%eth0'],
  ],
  isbn: [
    ['0-306-40615-2', '978-0-306-40615-7', '080442957X'],
    ['0306406153', '9780306406158'],
  ],
  isbn10: [['0306406152'], ['9780306406157']],
  isbn13: [['9780306406157'], ['0306406152']],
  mac: [
    ['01:02:03:04:05:06', '01-02-03-04-05-06', '0102.0304.0506', '01:02:03:04:05:06:07:08'],
    ['01:02', '01:02:03:04:05-06', '010203040506', '01:02:03:04:05:06:07'],
  ],
  password: [['', 'x'], []],
  rgbcolor: [['rgb(0, 25,255)'], ['rgb(0,0,256)', 'rgb(0,0)', 'rgba(0,0,0)']],
  ssn: [
    ['111-22-3333', '111 22 3333'],
    ['111223333', '11-222-3333'],
  ],
  uri: [
    ['https://a/b?c', '/a'],
    ['', 'a', 'a b'],
  ],
  uuid: [['A0EEBC999C0B4EF8BB6D6BB9BD380A11'], ['a0ee', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1']],
  uuid3: [['a0eebc99-9c0b-3ef8-bb6d-6bb9bd380a11'], ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  uuid4: [
    ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['a0eebc99-9c0b-5ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-cb6d-6bb9bd380a11'],
  ],
  uuid5: [['a0eebc99-9c0b-5ef8-bb6d-6bb9bd380a11'], ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
};

describe('formats of texts', () => {
  for (const [name, [valid, others]] of Object.entries(CASES))
    it(`check ${name}`, () => {
      const isValid = formatOf(name)!;
      equal(
        [...valid, ...others].map((text) => [text, isValid(text)]),
        [...valid.map((text) => [text, true]), ...others.map((text) => [text, false])],
      );
    });

  it('are none under other names', () => {
    equal(
      [formatOf('int32'), formatOf('made-up'), formatOf('constructor')],
      [undefined, undefined, undefined],
    );
  });

  it('take a time that grows with the text', () => {
    for (const unit of ['1', 'a', 'a.', '1 ', '((', '"', ':', '-', 'a@'])
      for (const name of Object.keys(CASES)) formatOf(name)!(unit.repeat(100_000));
  });
});
