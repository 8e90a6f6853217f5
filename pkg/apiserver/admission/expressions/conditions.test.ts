import assert from 'node:assert/strict';
import { RESOURCES } from '../../../apis/facts/resources.js';
import type { Attributes } from '../../auth/authorizer.js';
import type { AdmissionRequest } from '../plugin.js';
import { compileConditions, conditionError, type ConditionsAnswer } from './conditions.js';

const facts = RESOURCES.find(({ resource }) => resource === 'configmaps')!;
const request: AdmissionRequest = {
  operation: 'UPDATE',
  resource: { facts, schema: '' },
  subresource: '',
  namespace: 'ns',
  name: 'x',
  object: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { a: 'b' },
  } as never,
  context: {
    now: 0,
    user: { name: 'ann', groups: ['admins'] },
    dryRun: true,
    random: { next: () => 0, uuid: () => '' },
  },
  options: { kind: 'UpdateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'fm' },
  warn: () => {},
  annotate: () => {},
};

const asked: Attributes[] = [];
function answer(...expressions: string[]): ConditionsAnswer {
  asked.length = 0;
  const conditions = expressions.map((expression, at) => ({ name: `c${at}`, expression }));
  return compileConditions(
    conditions,
    {},
  )({
    request,
    matched: request.resource,
    authorize: (attributes) => {
      asked.push(attributes);
      return attributes.verb === 'get' ? { allowed: true } : { allowed: false, reason: 'no' };
    },
  });
}

describe('match conditions', () => {
  it('see the request', () => {
    for (const expression of [
      'object.data.a == "b"',
      'oldObject == null',
      'namespaceObject == null',
      'request.userInfo.username == "ann" && request.userInfo.groups == ["admins"]',
      'request.kind.kind == "ConfigMap" && request.resource.resource == "configmaps"',
      'request.operation == "UPDATE" && request.dryRun',
      'request.name == "x" && request.namespace == "ns"',
      'request.options.fieldManager == "fm"',
      '!has(request.subResource)',
    ])
      assert.deepEqual(answer(expression), { matches: true }, expression);
  });

  it('let a false condition win over errors', () => {
    assert.deepEqual(answer('object.data.zz == "1"', 'false', 'object.x == 1'), {
      matches: false,
      falseCondition: 'c1',
    });
    assert.deepEqual(answer('true', 'object.data.zz == "1"'), {
      matches: false,
      error: `expression 'object.data.zz == "1"' resulted in error: no such key: zz`,
    });
  });

  it('join different errors and name equal ones once', () => {
    const text = (key: string) =>
      `expression 'object.${key} == 1' resulted in error: no such key: ${key}`;
    assert.deepEqual(answer('object.a == 1', 'object.a == 1', 'object.b == 1'), {
      matches: false,
      error: `[${text('a')}, ${text('b')}]`,
    });
  });

  it('share one budget', () => {
    const costly =
      '[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9].all(e, a*b*c*d*e >= 0)))))';
    assert.deepEqual(answer(costly, costly, costly, costly, costly, 'false'), {
      matches: false,
      error:
        'validation failed due to running out of cost budget, no further validation rules will be run',
    });
  });

  it('ask the authorizer for the user, or for a service account', () => {
    assert.deepEqual(answer('authorizer.requestResource.check("get").allowed()'), {
      matches: true,
    });
    assert.equal(asked[0]!.user.name, 'ann');
    assert.equal(asked[0]!.namespace, 'ns');
    assert.equal(
      answer('authorizer.serviceAccount("a", "b").path("/healthz").check("post").allowed()')
        .matches,
      false,
    );
    assert.equal(asked[0]!.user.name, 'system:serviceaccount:a:b');
    assert.equal(asked[0]!.path, '/healthz');
  });

  it('are refused with the words of upstream', () => {
    const cases: [string, RegExp | undefined][] = [
      ['object.metadata.name == "a"', undefined],
      ['namespaceObject.metadata.name == "a"', undefined],
      ['object.', /^compilation failed: ERROR: <input>:1:8: Syntax error: no viable alternative/],
      ['params.x == 1', /^compilation failed: .*undeclared reference to 'params'/],
      ['request.uid == "x"', /^compilation failed: .*undefined field 'uid'/],
      ['object.metadata.name', /^must evaluate to bool but got dyn$/],
      ['"a"', /^must evaluate to bool but got string$/],
      [
        'request.kind == "x"',
        /no matching overload for '_==_' applied to '\(kubernetes.GroupVersionKind, string\)'/,
      ],
    ];
    for (const [expression, text] of cases) {
      const error = conditionError(expression, {});
      if (text) assert.match(error ?? '', text, expression);
      else assert.equal(error, undefined, expression);
    }
    assert.equal(conditionError('params.x == 1', { hasParams: true }), undefined);
  });
});
