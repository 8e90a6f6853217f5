// Costs at run time: the numbers of cel-go's own table (interpreter/runtimecost_test.go), without
// the constants that Kubernetes folds.
import { ok, strictEqual } from 'node:assert/strict';
import { DYN } from '../checker/types.js';
import { checkKubernetes, kubernetesEnvironment } from '../kubernetes/environment.js';
import { PER_CALL_LIMIT } from '../limits.js';
import { EvalError, type Value } from '../values/value.js';
import { createProgram } from './program.js';
import { COST_LIMIT_EXCEEDED } from './state.js';

const environment = kubernetesEnvironment({ x: DYN, y: DYN });
const program = (text: string) => createProgram(checkKubernetes(text, environment));
const long = 'a'.repeat(500);

const costs: [text: string, x: Value, cost: number, y?: Value][] = [
  ['"Hello World!"', null, 0],
  ['x', [1, 2], 1],
  ['x["key"]', { key: 'v' }, 2],
  ['x[0]', ['v'], 2],
  ['x.key', { key: 1 }, 2],
  ['x["ke" + "y"]', { key: 'v' }, 3],
  ['x[3 - 3]', ['v'], 3],
  ['has(x.a)', { a: 1 }, 1],
  ['has(x.a.b)', { a: { b: '0' } }, 2],
  ['[x]', 1, 11],
  ['{"a": x}', 1, 31],
  ['x.all(z, true)', [], 2],
  ['x.all(z, z.all(w, true))', [], 2],
  ['x.matches("[0-9]")', long, 103],
  ['x.matches("\\\\d+a\\\\d+b")', long, 103],
  ['x || x || x || x', false, 4],
  ['x && x && x && x', true, 4],
  ['x ? x : 2', true, 1],
  ['(x > 2 ? y : y).all(z, true)', 1, 6, [{}]],
  ['false ? false : 1 > 3', null, 1],
  ['x.all(k, x[k].a > 3)', { val: { a: 1 } }, 9],
  ['x.contains(y)', long, 2502, long],
  ['x.startsWith(y)', 'idc', 3, long],
  ['x.size()', '500', 2],
  ['string(b"abc" + bytes(x))', long, 1 + 1 + 51 + 51],
  ['"12345678901234567890" == "123456789012345678901234567890"', null, 2],
  ['x in ["a", "b"]', 'a', 1],
  ['x in y', 'a', 3, ['a', 'b']],
  ['x.map(z, z)', [1, 2], 2 + 2 * 13],
  ['x.exists_one(z, z == 1)', [1, 2], 1 + (2 + 2) + 2 + 2],
  ['quantity(x).add(quantity(y)) == quantity(y)', '1', 3 + 3 + 1 + 1, '1'],
  ['x.split(",").size()', 'a,b,c', 1 + 1 + 1],
];

describe('CEL costs', () => {
  for (const [text, x, cost, y = null] of costs)
    it(`${text} costs ${cost}`, () => strictEqual(program(text).evaluate({ x, y }).cost, cost));

  it('end an evaluation at its limit', () => {
    const nested = program('x.all(a, x.all(b, a + b >= 0))');
    const items = Array.from({ length: 1000 }, (_, i) => i);
    const { value, cost } = nested.evaluate({ x: items });
    strictEqual(value, COST_LIMIT_EXCEEDED);
    ok(cost > PER_CALL_LIMIT && cost < PER_CALL_LIMIT + 10);
    strictEqual(nested.evaluate({ x: items.slice(0, 100) }).value, true);
  });

  it('stop lists and texts that double', () => {
    const doubled = (text: string, count: number): string => text + '.map(a, a + a)'.repeat(count);
    const { value } = program(doubled('[x]', 40)).evaluate({ x: [1, 2] });
    ok(value instanceof EvalError && value.message === 'list is too long');
    const long = program('x.replace("a", x).size()').evaluate({ x: 'a'.repeat(1_000_000) });
    ok(long.value instanceof EvalError && long.value.message === 'text is too long');
    strictEqual(program(`${doubled('[x]', 10)}[0].size()`).evaluate({ x: [1] }).value, 1024);
  });

  it('cost before the work', () => {
    const items = Array.from({ length: 200_000 }, (_, i) => [i]);
    const { value } = program('sets.contains(x, y)').evaluate({ x: items, y: items });
    strictEqual(value, COST_LIMIT_EXCEEDED);
  });

  it('are not absorbed by logic', () => {
    const either = program('true == false || x.all(a, true) || true');
    strictEqual(either.evaluate({ x: [1, 2, 3] }, 5).value, COST_LIMIT_EXCEEDED);
  });
});
