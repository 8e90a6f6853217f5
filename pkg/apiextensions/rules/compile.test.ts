import { deepStrictEqual as equal, match, ok } from 'node:assert/strict';
import type { JSONSchemaProps, ValidationRule } from '../../apis/apiextensions/v1/types.js';
import { compileRules, type CompiledRule, type IsStored } from './compile.js';
import { celEngine, loadEngine } from './engine.js';
import { scopeOf, scopeOfElement, scopeOfProperty } from './scope.js';

const schema: JSONSchemaProps = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer' },
        name: { type: 'string', maxLength: 10 },
        'a b': { type: 'object', properties: { x: { type: 'string' } } },
        ports: {
          type: 'array',
          maxItems: 5,
          items: { type: 'object', properties: { port: { type: 'integer' } } },
        },
      },
    },
  },
};
const spec = schema.properties!['spec']!;
const root = scopeOf(schema, true)!;
const specScope = scopeOfProperty(root, 'spec', spec)!;

function compile(
  rule: string | ValidationRule,
  scope = specScope,
  isStored: IsStored = () => false,
): CompiledRule {
  return compileRules([typeof rule === 'string' ? { rule } : rule], scope, isStored)[0]!;
}

describe('rules of a schema', () => {
  it('run against the value of their node', () => {
    const { program, usesOldSelf, maxCost } = compile('self.replicas <= 5');
    equal(program!.evaluate({ self: { replicas: 3 } }).value, true);
    equal(usesOldSelf, false);
    ok(maxCost > 0);
  });

  it('see kind, API version and name at the root of a resource only', () => {
    ok(compile("self.kind == 'A' && self.metadata.name != ''", root).program);
    match(compile("self.kind == 'A'").problem!, /undefined field 'kind'/);
  });

  it('are transition rules when they read oldSelf', () => {
    equal(compile('self.replicas >= oldSelf.replicas').usesOldSelf, true);
    equal(compile({ rule: 'oldSelf.hasValue()', optionalOldSelf: true }).problem, undefined);
    match(compile('oldSelf.hasValue()').problem!, /undeclared|no matching overload/);
  });

  it('evaluate to a bool, and their messages to a string', () => {
    equal(compile('self.replicas').problem, 'cel expression must evaluate to a bool');
    equal(compile('   '), { rule: { rule: '   ' }, usesOldSelf: false, maxCost: 0 });
    const message = (messageExpression: string): string | undefined =>
      compile({ rule: 'true', messageExpression }).message?.problem;
    equal(message('self.name'), undefined);
    equal(message('1'), 'messageExpression must evaluate to a string');
    match(message('"abc')!, /^messageExpression compilation failed: ERROR: <input>:1:1: Syntax/);
  });

  it('are told of problems with the type of their own node', () => {
    match(
      compile('self + 1 == 2').problem!,
      /^compilation failed: ERROR: <input>:1:6: found no matching overload for '_\+_' applied to '\(selfType0, int\)'/,
    );
    const ports = scopeOfProperty(specScope, 'ports', spec.properties!['ports']!)!;
    match(compile('self + 1 == 2', ports).problem!, /'\(list\(selfType0\.@idx\), int\)'/);
    const port = scopeOfElement(ports, {})!;
    match(compile('self + 1 == 2', port).problem!, /'\(selfType0, int\)'/);
    match(compile("'x'.matches('[')").problem!, /invalid matches argument/);
  });

  it('live on properties that no other rule can name', () => {
    const scope = scopeOfProperty(specScope, 'a b', spec.properties!['a b']!)!;
    ok(compile("self.x == 'y'", scope).program);
  });

  it('know the newest functions only when they are stored already', () => {
    const rule = 'self.ports.all(i, p, i < 5)';
    match(compile(rule).problem!, /undeclared|found no matching|Syntax|invalid/);
    ok(compile(rule, specScope, () => true).program);
  });

  it('load the engine at first use', async () => {
    equal(loadEngine([spec]), undefined);
    await loadEngine([{ type: 'object', properties: { a: { pattern: 'x' } } }]);
    ok(celEngine().compileRules);
  });
});
