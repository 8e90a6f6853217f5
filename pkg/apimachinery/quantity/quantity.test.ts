import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseQuantity,
  QuantityError,
  quantityOf,
  tryParseQuantity,
  ZERO_QUANTITY,
} from './quantity.js';

describe('quantities', () => {
  const canonical: [string, string][] = [
    ['0', '0'],
    ['0m', '0'],
    ['1000m', '1'],
    ['100m', '100m'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1000k', '1M'],
    ['1e3', '1e3'],
    ['12e6', '12e6'],
    ['1E', '1E'],
    ['1.5e-3', '1500e-6'],
    ['100000', '100k'],
    ['1234567', '1234567'],
    ['0.0000000001', '1n'],
    ['-0.0000000001', '-1n'],
    ['-5Mi', '-5Mi'],
    ['1023Ki', '1023Ki'],
    ['0.1Ki', '102400m'],
    ['100E', '100E'],
    ['12E', '12E'],
    ['9223372036854775808', '9223372036854775808'],
    ['-9223372036854775809m', '-9223372036854775809m'],
    ['1e30', '1e30'],
    ['9Ei', '9223372036854775807'],
    ['-9223372036854775807Ki', '-9223372036854775807'],
    ['.5', '500m'],
    ['5.', '5'],
    ['+2', '2'],
    ['0.0001Ki', '102400u'],
  ];
  for (const [text, expected] of canonical) {
    it(`${text} is ${expected}`, () => assert.equal(parseQuantity(text).toString(), expected));
  }

  it('refuses other text', () => {
    for (const text of [
      '',
      'x',
      '1x',
      '1.2.3',
      '1kk',
      '1mi',
      '--1',
      '1 ',
      ' 1',
      'Ki',
      '1e',
      '0x10',
      '1Ki5',
    ]) {
      assert.throws(() => parseQuantity(text), QuantityError, JSON.stringify(text));
    }
    assert.equal(tryParseQuantity({}), undefined);
    assert.equal(tryParseQuantity(1.5)?.toString(), '1500m');
  });

  it('rounds values up', () => {
    assert.equal(parseQuantity('1m').value(), 1);
    assert.equal(parseQuantity('1001m').value(), 2);
    assert.equal(parseQuantity('-1m').value(), -1);
    assert.equal(parseQuantity('1u').milliValue(), 1);
    assert.equal(parseQuantity('128Mi').value(), 134217728);
    assert.equal(parseQuantity('1.5').roundUp(0).toString(), '2');
  });

  it('adds in the format of the first operand that is not zero', () => {
    assert.equal(ZERO_QUANTITY.add(parseQuantity('1Gi')).toString(), '1Gi');
    assert.equal(parseQuantity('1Gi').add(parseQuantity('1G')).toString(), '2073741824');
    assert.equal(parseQuantity('1').sub(parseQuantity('100m')).toString(), '900m');
    assert.equal(parseQuantity('1').compare(parseQuantity('1000m')), 0);
    assert.equal(quantityOf(3).multiply(4).value(), 12);
  });

  it('keeps its amount when its text is parsed', () => {
    const number = fc.tuple(
      fc.integer({ min: -999999, max: 999999 }),
      fc.integer({ min: 0, max: 999 }),
    );
    const suffix = fc.constantFrom(
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'T',
      'Ki',
      'Mi',
      'Gi',
      'e3',
      'e-2',
      'E6',
    );
    fc.assert(
      fc.property(number, suffix, ([whole, fraction], s) => {
        const quantity = parseQuantity(`${whole}.${fraction}${s}`);
        const again = parseQuantity(quantity.toString());
        assert.equal(again.compare(quantity), 0);
        // A binary amount that 1024 does not divide has no suffix, and is read as a decimal one.
        assert.equal(parseQuantity(again.toString()).toString(), again.toString());
      }),
      { examples: [[[74718, 75], 'Ki']] },
    );
  });

  it('writes amounts beyond its bound so that they read as the same', () => {
    for (const text of ['900E719', '7e391', '-12e9999', '1E2147483648', `1${'0'.repeat(450)}`]) {
      const quantity = parseQuantity(text);
      const again = parseQuantity(quantity.toString());
      assert.equal(again.compare(quantity), 0, text);
      assert.equal(again.toString(), quantity.toString(), text);
    }
  });
});
