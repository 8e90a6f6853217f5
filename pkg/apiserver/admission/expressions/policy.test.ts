import assert from 'node:assert/strict';
import { evaluate } from './evaluation.js';
import { policyCompiler } from '../../../cel/kubernetes/policy.js';
import { withVariables } from './policy.js';

const compiler = () => policyCompiler({ variables: [{ name: 'x', expression: '1' }] });

describe('expressions of policies', () => {
  it('know the types of the variables before them, and no others', () => {
    const { variable, expression } = compiler();
    assert.ok('program' in variable('names', 'object.items.map(i, "x" + i.name)'));
    assert.ok('program' in variable('count', 'variables.names.size()'));
    const first = variable('self', 'variables.self + 1');
    assert.match('error' in first ? first.error : '', /undefined field 'self'/);
    assert.ok('program' in expression('validation', 'variables.count > 1'));
    const typed = expression('validation', 'variables.names == 1');
    assert.match('error' in typed ? typed.error : '', /'\(list\(string\), int\)'/);
    // A struct loses its fields.
    variable('kind', 'request.kind');
    assert.ok('program' in expression('validation', 'variables.kind.zz == 1'));
  });

  it('have the result of their part, and messages no authorizer', () => {
    const { expression } = compiler();
    for (const [part, text, error] of [
      ['validation', '1', /^must evaluate to bool but got int$/],
      ['message', 'object.x', /^must evaluate to string but got dyn$/],
      ['message', 'authorizer.path("/x").check("get").reason()', /undeclared reference to 'auth/],
      ['auditAnnotation', '1', /^must evaluate to one of \[string null_type\]$/],
      ['auditAnnotation', 'null', undefined],
      ['validation', 'params.x == 1', /undeclared reference to 'params'/],
    ] as const) {
      const compiled = expression(part, text);
      if (error) assert.match('error' in compiled ? compiled.error : '', error);
      else assert.ok('program' in compiled, text);
    }
    const plain = policyCompiler({ paramKind: {} });
    const undeclared = plain.expression('validation', 'variables.x');
    assert.match('error' in undeclared ? undeclared.error : '', /reference to 'variables'/);
    assert.ok('program' in plain.expression('message', 'string(params.x)'));
  });

  it('evaluate a variable once, when it is read, on their budget', () => {
    const { variable, expression } = compiler();
    const variables = ['bad', 'sum'].map((name) => ({
      name,
      compiled: variable(name, name === 'bad' ? 'object.zz == 1' : '[1,2,3].map(i, i * 2)'),
    }));
    const text = 'variables.sum.size() == 3';
    const wanted = expression('validation', text);
    const budget = { remaining: 1000 };
    const activation = withVariables({ object: {} }, variables, budget);
    assert.deepEqual(evaluate(text, wanted, activation, budget), { value: true });
    const after = 1000 - budget.remaining;
    assert.deepEqual(evaluate(text, wanted, activation, budget), { value: true });
    assert.ok(1000 - budget.remaining < 2 * after);
    const read = expression('validation', 'variables.bad');
    assert.deepEqual(evaluate('variables.bad', read, activation, budget), {
      error:
        'expression \'variables.bad\' resulted in error: composited variable "bad" fails to evaluate: no such key: zz',
    });
    const poor = { remaining: 5 };
    assert.throws(
      () => evaluate(text, wanted, withVariables({ object: {} }, variables, poor), poor),
      { name: 'BudgetError' },
    );
  });
});
