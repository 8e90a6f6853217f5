// Cases of upstream's apimachinery pkg/util/intstr/intstr_test.go
// (TestGetScaledValueFromIntOrPercent).
import assert from 'node:assert/strict';
import { resolveIntOrPercent } from './int-or-percent.js';

describe('int or percent', () => {
  for (const [value, total, rounding, expected] of [
    [123, 0, 'up', 123],
    [-1, 10, 'up', -1],
    [undefined, 100, 'up', 0],
    ['90%', 100, 'up', 90],
    ['90%', 95, 'up', 86],
    ['90%', 95, 'down', 85],
    ['0%', 95, 'up', 0],
    ['100%', 7, 'down', 7],
    ['150%', 3, 'up', 5],
    ['25%', 1, 'up', 1],
    ['25%', 1, 'down', 0],
    ['29%', 100, 'up', 29],
    ['7%', 100, 'up', 7],
  ] as const) {
    it(`${value} of ${total}, rounded ${rounding}, is ${expected}`, () => {
      assert.equal(resolveIntOrPercent(value, total, rounding), expected);
    });
  }

  for (const value of ['%', '90#', '#%', '90', '10.5%', '', '5%%', ' 5%']) {
    it(`${JSON.stringify(value)} is refused`, () => {
      assert.throws(() => resolveIntOrPercent(value, 10, 'up'), /invalid value for IntOrString/);
    });
  }
});
