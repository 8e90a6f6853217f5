// ValidatingAdmissionPolicy at work: actions, parameters, variables and misconfiguration.
import assert from 'node:assert/strict';
import { configMap, namespace, type Api, type Json } from '../apiserver/harness.js';
import { serve } from '../apiserver/serve.js';

const ROOT = '/apis/admissionregistration.k8s.io/v1';
const CONFIG_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
};

describe('validating admission policies', function () {
  this.timeout(60_000);
  let api: Api;
  let name: string;
  let ns: string;
  let count = 0;
  const made: string[] = [];
  serve((_server, given) => (api = given));
  beforeEach(async () => {
    name = `policies-${++count}`;
    ns = await namespace(api, name);
  });
  afterEach(async () => {
    for (const path of made.splice(0)) await api.ok(api.delete(path));
  });

  /** Makes a policy for configmaps of this test's namespace, with one binding. */
  async function policy(spec: object, binding: object = {}): Promise<void> {
    const parts: [string, object][] = [
      [
        'validatingadmissionpolicies',
        {
          matchConstraints: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
            objectSelector: { matchExpressions: [{ key: 'param', operator: 'DoesNotExist' }] },
            resourceRules: [CONFIG_MAPS],
          },
          ...spec,
        },
      ],
      [
        'validatingadmissionpolicybindings',
        { policyName: name, validationActions: ['Deny'], ...binding },
      ],
    ];
    for (const [resource, part] of parts) {
      await api.ok(api.post(`${ROOT}/${resource}`, { metadata: { name }, spec: part }), 201);
      made.push(`${ROOT}/${resource}/${name}`);
    }
  }
  const tried = (data: Record<string, string>): Promise<{ status: number; json: Json }> =>
    api.post(`${ns}/configmaps?dryRun=All`, configMap('a', data));
  const allowed = async (data: Record<string, string>): Promise<void> => {
    const { status, json } = await tried(data);
    assert.equal(status, 201, json.message);
  };
  async function denied(data: Record<string, string>, why: string, code = 422): Promise<void> {
    const { status, json } = await tried(data);
    const text = `ValidatingAdmissionPolicy '${name}' with binding '${name}' denied request: ${why}`;
    assert.equal(json.message, `configmaps "a" is forbidden: ${text}`);
    assert.equal(status, code);
    assert.deepEqual(json.details.causes, [{ message: text }]);
  }
  const param = (more: object = {}, data: Record<string, string> = { n: '1' }) =>
    api.ok(
      api.post(`${ns}/configmaps`, {
        metadata: { name: 'limit', labels: { param: 'yes' }, ...more },
        data,
      }),
      201,
    );

  it('deny with the message, the reason and the code of the first that fails', async () => {
    await policy({
      variables: [{ name: 'n', expression: 'int(object.data.n)' }],
      validations: [
        { expression: 'variables.n < 5', messageExpression: '"not " + string(variables.n)' },
        { expression: 'variables.n < 3', message: 'too many', reason: 'Forbidden' },
        { expression: ' variables.n != 1 ', messageExpression: '"a\\nb"' },
      ],
    });
    await allowed({ n: '2' });
    await denied({ n: '7' }, 'not 7');
    await denied({ n: '4' }, 'too many', 403);
    await denied({ n: '1' }, 'failed expression: variables.n != 1');
    await denied(
      { n: 'x' },
      `expression 'variables.n < 5' resulted in error: composited variable "n" fails to evaluate: type conversion error from 'string' to 'int'`,
    );
  });

  it('allow what they cannot decide when they ignore failures', async () => {
    await policy({
      failurePolicy: 'Ignore',
      validations: [{ expression: 'object.data.n == "1"' }],
    });
    await allowed({ zz: '1' });
    await denied({ n: '2' }, 'failed expression: object.data.n == "1"');
  });

  it('ask only about requests that the match conditions and the binding select', async () => {
    await policy(
      {
        matchConditions: [{ name: 'marked', expression: 'has(object.data.marked)' }],
        validations: [{ expression: 'false', message: 'no' }],
      },
      { matchResources: { resourceRules: [{ ...CONFIG_MAPS, resourceNames: ['a'] }] } },
    );
    await allowed({ n: '1' });
    await denied({ marked: 'yes' }, 'no');
    await api.ok(api.post(`${ns}/configmaps`, configMap('b', { marked: 'yes' })), 201);
  });

  it('stop at their budget', async () => {
    const ten = '[1,2,3,4,5,6,7,8,9,10]';
    const costly = `${ten}.all(a, ${ten}.all(b, ${ten}.all(c, ${ten}.all(d, ${ten}.all(e, a*b*c*d*e > 0)))))`;
    await policy({ validations: Array.from({ length: 30 }, () => ({ expression: costly })) });
    await denied(
      { n: '1' },
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  });

  const LIMIT = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [
      {
        expression: 'object.data.n == params.data.n',
        messageExpression: '"want " + string(params.data.n)',
      },
    ],
  };

  it('read parameters by name, and again after the last binding went', async () => {
    const paramRef = { name: 'limit', parameterNotFoundAction: 'Deny' };
    const none =
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction';
    await policy(LIMIT, { paramRef });
    await denied({ n: '1' }, none);
    await param();
    await allowed({ n: '1' });
    await denied({ n: '2' }, 'want 1');
    const path = `${ROOT}/validatingadmissionpolicybindings/${name}`;
    const { json } = await api.get(path);
    await api.ok(api.delete(path));
    await allowed({ n: '2' });
    const again = { metadata: { name }, spec: json.spec };
    await api.ok(api.post(`${ROOT}/validatingadmissionpolicybindings`, again), 201);
    await denied({ n: '2' }, 'want 1');
    await api.ok(api.delete(`${ns}/configmaps/limit`));
    await denied({ n: '2' }, none);
  });

  it('evaluate every parameter that a selector gives, and none where none is allowed', async () => {
    await policy(LIMIT, {
      paramRef: { selector: { matchLabels: { param: 'yes' } }, parameterNotFoundAction: 'Allow' },
    });
    await allowed({ n: '9' });
    await param();
    await allowed({ n: '1' });
    await param({ name: 'limit2' }, { n: '2' });
    await denied({ n: '1' }, 'want 2');
    await denied({ n: '2' }, 'want 1');
  });

  it('name a kind of parameters that is not served', async () => {
    await policy(
      { ...LIMIT, paramKind: { apiVersion: 'zz.example.com/v1', kind: 'Limit' } },
      { paramRef: { name: 'limit', parameterNotFoundAction: 'Allow' } },
    );
    const { status, json } = await tried({ n: '1' });
    assert.equal(status, 422);
    assert.equal(
      json.message,
      `configmaps "a" is forbidden: ValidatingAdmissionPolicy '${name}' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'zz.example.com/v1, Kind=Limit'`,
    );
  });

  it('are refused when an expression does not compile', async () => {
    const cases: [object, RegExp][] = [
      [{ validations: [{ expression: '1' }] }, /validations\[0\].expression: .*bool but got int/],
      [
        {
          variables: [{ name: 'x', expression: '"a"' }],
          validations: [{ expression: 'variables.x == 1' }],
        },
        /no matching overload for '_==_' applied to '\(string, int\)'/,
      ],
      [{ auditAnnotations: [{ key: 'k', valueExpression: '1' }] }, /one of \[string null_type\]/],
    ];
    for (const [spec, expected] of cases) {
      const { status, json } = await api.post(`${ROOT}/validatingadmissionpolicies`, {
        metadata: { name },
        spec: { matchConstraints: { resourceRules: [CONFIG_MAPS] }, ...spec },
      });
      assert.equal(status, 422);
      assert.match(json.message, expected);
    }
  });

  it('are written only by those who may read their parameters', async () => {
    const user = `writer-${name}`;
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const may = async (role: string, rules: object[]): Promise<void> => {
      const subjects = [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }];
      const roleRef = { kind: 'ClusterRole', name: role, apiGroup: 'rbac.authorization.k8s.io' };
      await api.ok(api.post(`${rbac}/clusterroles`, { metadata: { name: role }, rules }), 201);
      await api.ok(
        api.post(`${rbac}/clusterrolebindings`, { metadata: { name: role }, roleRef, subjects }),
        201,
      );
      made.push(`${rbac}/clusterroles/${role}`, `${rbac}/clusterrolebindings/${role}`);
    };
    await may(`${name}-policies`, [
      { apiGroups: ['admissionregistration.k8s.io'], resources: ['*'], verbs: ['*'] },
    ]);
    const as = { 'impersonate-user': user };
    const write = (resource: string, spec: object) =>
      api.call('POST', `${ROOT}/${resource}?dryRun=All`, { metadata: { name }, spec }, as);
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      matchConstraints: { resourceRules: [CONFIG_MAPS] },
      validations: [{ expression: 'params.data.size() == 0' }],
    };
    const refused = await write('validatingadmissionpolicies', spec);
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.json.details.causes, [
      {
        reason: 'FieldValueForbidden',
        field: 'spec.paramKind',
        message: `Forbidden: user &{${user}  [system:authenticated] map[]} must have "get" permission on all objects of the referenced paramKind (kind=Secret, apiVersion=v1)`,
      },
    ]);
    const { paramKind: _, ...plain } = { ...spec, validations: [{ expression: 'true' }] };
    await api.ok(write('validatingadmissionpolicies', plain), 201);

    await policy(spec, { paramRef: { name: 'x', parameterNotFoundAction: 'Allow' } });
    const paramRef = { name: 'x', namespace: name, parameterNotFoundAction: 'Allow' };
    const binding = { policyName: name, paramRef, validationActions: ['Deny'] };
    const bound = await write('validatingadmissionpolicybindings', binding);
    assert.equal(bound.json.details.causes[0].field, 'spec.paramRef');
    assert.match(bound.json.message, /does not have "get" permission on the object referenced/);
    await api.ok(
      api.call(
        'PATCH',
        `${ROOT}/validatingadmissionpolicies/${name}`,
        { metadata: { labels: { a: 'b' } } },
        { ...as, 'content-type': 'application/merge-patch+json' },
      ),
    );
    await may(`${name}-secrets`, [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]);
    const named = { name: `${name}-2` };
    for (const [resource, allowed] of [
      ['validatingadmissionpolicies', spec],
      ['validatingadmissionpolicybindings', binding],
    ] as const)
      await api.ok(
        api.call('POST', `${ROOT}/${resource}?dryRun=All`, { metadata: named, spec: allowed }, as),
        201,
      );
  });
});
