import assert from 'node:assert/strict';
import {
  formatDuration,
  formatNanoseconds,
  parseDuration,
  parseNanoseconds,
} from './go-duration.js';

const S = 1_000_000_000n;

describe('Go durations', () => {
  const read: [string, bigint][] = [
    ['0', 0n],
    ['+0', 0n],
    ['-0', 0n],
    ['5s', 5n * S],
    ['30s', 30n * S],
    ['1478s', 1478n * S],
    ['-5s', -5n * S],
    ['+5s', 5n * S],
    ['5.0s', 5n * S],
    ['5.6s', 5_600_000_000n],
    ['5.s', 5n * S],
    ['.5s', S / 2n],
    ['-.5s', -S / 2n],
    ['1.004s', 1_004_000_000n],
    ['1.0040s', 1_004_000_000n],
    ['100.00100s', 100_001_000_000n],
    ['10ns', 10n],
    ['11us', 11_000n],
    ['12\u00b5s', 12_000n],
    ['12\u03bcs', 12_000n],
    ['13ms', 13_000_000n],
    ['15m', 900n * S],
    ['16h', 57_600n * S],
    ['3h30m', 12_600n * S],
    ['10.5s4m', 250_500_000_000n],
    ['-2m3.4s', -123_400_000_000n],
    ['39h9m14.425s', 140_954_425_000_000n],
    ['52763797000ns', 52_763_797_000n],
    ['0.3333333333333333333h', 1_200n * S],
    ['9223372036854775807ns', (1n << 63n) - 1n],
    ['9223372036854775.807us', (1n << 63n) - 1n],
    ['-9223372036854775808ns', -(1n << 63n)],
    ['-2562047h47m16.854775808s', -(1n << 63n)],
    ['0.100000000000000000000h', 360n * S],
    ['0.830103483285477580700h', 2_988_372_539_827n],
    [`${'0'.repeat(40)}1s`, S],
  ];
  for (const [text, nanoseconds] of read)
    it(`reads ${text}`, () => assert.equal(parseNanoseconds(text), nanoseconds));

  const refused: [string, string][] = [
    ['', 'time: invalid duration ""'],
    ['3', 'time: missing unit in duration "3"'],
    ['-', 'time: invalid duration "-"'],
    ['s', 'time: invalid duration "s"'],
    ['.', 'time: invalid duration "."'],
    ['-.', 'time: invalid duration "-."'],
    ['.s', 'time: invalid duration ".s"'],
    ['+.s', 'time: invalid duration "+.s"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1 s', 'time: unknown unit " s" in duration "1 s"'],
    ['1.5.5s', 'time: missing unit in duration "1.5.5s"'],
    ['--5s', 'time: invalid duration "--5s"'],
    ['5S', 'time: unknown unit "S" in duration "5S"'],
    ['x"y', 'time: invalid duration "x\\"y"'],
    ['1\u00e9', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['9223372036854775.808us', 'time: invalid duration "9223372036854775.808us"'],
    ['-9223372036854775809ns', 'time: invalid duration "-9223372036854775809ns"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
    ['2562047h47m16.854775808s', 'time: invalid duration "2562047h47m16.854775808s"'],
    ['constructor', 'time: invalid duration "constructor"'],
    ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
  ];
  for (const [text, message] of refused)
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseNanoseconds(text), { message }));

  const written: [bigint, string][] = [
    [0n, '0s'],
    [1n, '1ns'],
    [1_100n, '1.1\u00b5s'],
    [2_200_000n, '2.2ms'],
    [3_300_000_000n, '3.3s'],
    [10n * S, '10s'],
    [80n * S, '1m20s'],
    [300n * S, '5m0s'],
    [245n * S, '4m5s'],
    [245_001_000_000n, '4m5.001s'],
    [18_367_001_000_000n, '5h6m7.001s'],
    [480_000_000_001n, '8m0.000000001s'],
    [-3_600n * S, '-1h0m0s'],
    [(1n << 63n) - 1n, '2562047h47m16.854775807s'],
    [-(1n << 63n), '-2562047h47m16.854775808s'],
  ];
  for (const [nanoseconds, text] of written)
    it(`writes ${text}`, () => {
      assert.equal(formatNanoseconds(nanoseconds), text);
      assert.equal(parseNanoseconds(text), nanoseconds);
    });

  it('counts milliseconds for callers with a clock', () => {
    assert.equal(parseDuration('1m0.25s'), 60_250);
    assert.equal(parseDuration('250us'), 0.25);
    assert.equal(formatDuration(60_250), '1m0.25s');
    assert.equal(formatDuration(0.1), '100\u00b5s');
  });

  it('reads a megabyte of digits in linear time', () => {
    assert.throws(() => parseNanoseconds(`${'9'.repeat(1 << 20)}s`), /invalid duration/);
    assert.equal(parseNanoseconds(`1.${'0'.repeat(1 << 20)}s`), S);
  });
});
