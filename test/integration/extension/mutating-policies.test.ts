// MutatingAdmissionPolicy at work: apply configurations, JSON patches, rounds, refusals.
import assert from 'node:assert/strict';
import { servesMutatingPolicies } from '../../../cmd/kube-apiserver/gates.js';
import { startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, type Json } from '../apiserver/harness.js';
import { widget, widgets } from './crds.js';
import { hookSuite, patchOf } from './webhook-suite.js';

const VERSION = 'admissionregistration.k8s.io/v1beta1';
const ROOT = '/apis/admissionregistration.k8s.io/v1beta1';
const POLICIES = `${ROOT}/mutatingadmissionpolicies`;
const BINDINGS = `${ROOT}/mutatingadmissionpolicybindings`;

const rule = (resources: string[], group = '', version = 'v1') => ({
  apiGroups: [group],
  apiVersions: [version],
  operations: ['CREATE', 'UPDATE'],
  resources,
});
const configuration = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

describe('mutating admission policies', function () {
  this.timeout(60_000);
  const suite = hookSuite({ featureGates: { MutatingAdmissionPolicy: true } });
  const made: string[] = [];
  afterEach(async () => {
    for (const path of made.splice(0)) await suite.api.delete(path);
  });

  /** Makes a policy for this test's namespace with one binding; returns its name. */
  async function policy(mutations: object[], more: object = {}, binding: object = {}) {
    const { api } = suite;
    const name = `${suite.name}-${made.length}`;
    const spec = {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': suite.name } },
        resourceRules: [rule(['configmaps'])],
      },
      reinvocationPolicy: 'Never',
      mutations,
      ...more,
    };
    await api.ok(api.post(POLICIES, { metadata: { name }, spec }), 201);
    made.push(`${POLICIES}/${name}`);
    await api.ok(
      api.post(BINDINGS, { metadata: { name }, spec: { policyName: name, ...binding } }),
      201,
    );
    made.push(`${BINDINGS}/${name}`);
    return name;
  }
  const create = (data: Record<string, string>, metadata: object = {}) =>
    suite.api.post(`${suite.ns}/configmaps?dryRun=All`, {
      ...configMap('a', data),
      metadata: { name: 'a', ...metadata },
    });
  const created = async (data: Record<string, string>, metadata: object = {}): Promise<Json> => {
    const { status, json } = await create(data, metadata);
    assert.equal(status, 201, json.message);
    return json;
  };
  async function denied(name: string, why: string | RegExp, code = 403): Promise<void> {
    const { status, json } = await create({ n: '1' });
    assert.equal(status, code, json.message);
    const start = `policy '${name}' with binding '${name}' denied request: `;
    if (typeof why === 'string') assert.equal(json.message, start + why);
    else assert.match(json.message, why);
    if (code !== 403) return;
    assert.equal(json.reason, 'Invalid');
    assert.deepEqual(json.details.causes, [{ message: json.message }]);
  }

  it('merge what an expression builds, one mutation after the other', async () => {
    await policy(
      [
        configuration('Object{metadata: Object.metadata{labels: {"a": variables.n}}}'),
        configuration('Object{data: {"seen": object.metadata.labels.a, "n": "2"}}'),
      ],
      { variables: [{ name: 'n', expression: 'object.data.n' }] },
    );
    const { metadata, data } = await created({ n: '1' }, { labels: { b: 'kept' } });
    assert.deepEqual(metadata.labels, { a: '1', b: 'kept' });
    assert.deepEqual(data, { n: '2', seen: '1' });
  });

  it('merge lists by their keys, set defaults and see the request', async () => {
    const { api, ns } = suite;
    await policy(
      [
        configuration(`Object{spec: Object.spec{template: Object.spec.template{
          spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{
            name: "side", image: request.userInfo.username + "/side",
            ports: [Object.spec.template.spec.containers.ports{containerPort: 80}]
          }]}}}}`),
      ],
      {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': suite.name } },
          resourceRules: [rule(['deployments'], 'apps')],
        },
      },
    );
    const template = {
      metadata: { labels: { app: 'x' } },
      spec: { containers: [{ name: 'main', image: 'main' }] },
    };
    const path = `${ns.replace('/api/v1', '/apis/apps/v1')}/deployments?dryRun=All`;
    const { spec } = await api.ok(
      api.post(path, {
        metadata: { name: 'd' },
        spec: { selector: { matchLabels: { app: 'x' } }, template },
      }),
      201,
    );
    const [main, side] = spec.template.spec.containers;
    assert.equal(main.name, 'main');
    assert.equal(side.image, 'kubernetes-admin/side');
    assert.equal(side.imagePullPolicy, 'Always');
    assert.deepEqual(side.ports, [{ containerPort: 80, protocol: 'TCP' }]);
  });

  it('apply JSON patches, and none of one whose test fails', async () => {
    await policy([
      patch(`[
        JSONPatch{op: "test", path: "/data/n", value: "1"},
        JSONPatch{op: "add", path: "/metadata/labels", value: {"k8s.io/x-y": "1"}},
        JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: "2"},
        JSONPatch{op: "copy", from: "/data/n", path: "/data/copy"},
        JSONPatch{op: "remove", path: "/data/n"}
      ]`),
    ]);
    const { metadata, data } = await created({ n: '1' });
    assert.deepEqual(metadata.labels, { 'k8s.io/x-y': '1', 'a/b': '2' });
    assert.deepEqual(data, { copy: '1' });
    assert.deepEqual((await created({ n: '2' })).data, { n: '2' });
  });

  for (const [what, mutation, why] of [
    [
      'a type that is not the path of its field',
      configuration('Object{metadata: Object.meta{name: "x"}}'),
      'type mismatch: unexpected type name "Object.meta", expected "Object.metadata", which matches field name path from root Object type',
    ],
    [
      'a field that the kind does not have',
      configuration('Object{datax: {"a": "b"}}'),
      'error applying patch: failed to convert patch object to typed object: .datax: field not declared in schema',
    ],
    [
      'a value of another type',
      configuration('Object{data: {"a": 1}}'),
      /failed to convert patch object to typed object: \.data\.a: expected string/,
    ],
    [
      'an atomic struct',
      configuration(
        'Object{metadata: Object.metadata{ownerReferences: [Object.metadata.ownerReferences{uid: "u", name: "x", kind: "Pod", apiVersion: "v1"}]}}',
      ),
      'error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .metadata.ownerReferences[0]',
    ],
    [
      'an expression that fails',
      configuration('Object{data: {"a": object.data.zz}}'),
      `expression 'Object{data: {"a": object.data.zz}}' resulted in error: no such key: zz`,
    ],
    [
      'a patch that does not fit',
      patch('[JSONPatch{op: "remove", path: "/data/zz"}]'),
      /denied request: JSONPath: .*nonexistent key: zz/,
    ],
  ] as const)
    it(`deny ${what}`, async () => {
      await denied(await policy([mutation]), why);
    });

  it('answer 500 when a patch writes fields that the kind does not have', async () => {
    await policy([patch('[JSONPatch{op: "add", path: "/datax", value: "1"}]')], {
      failurePolicy: 'Ignore',
    });
    await denied('', /^Internal error occurred: .*unknown field "datax"/, 500);
  });

  it('leave out what they cannot do when they ignore failures', async () => {
    await policy(
      [configuration('Object{datax: {"a": "b"}}'), configuration('Object{data: {"after": "yes"}}')],
      { failurePolicy: 'Ignore' },
    );
    assert.deepEqual((await created({ n: '1' })).data, { after: 'yes', n: '1' });
  });

  it('read parameters, conditions and the binding as validating policies do', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/configmaps`, configMap('limit', { n: '9' })), 201);
    await policy(
      [configuration('Object{data: {"limit": params.data.n}}')],
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConditions: [{ name: 'wanted', expression: 'has(object.data.wanted)' }],
      },
      { paramRef: { name: 'limit', parameterNotFoundAction: 'Deny' } },
    );
    assert.deepEqual((await created({ n: '1' })).data, { n: '1' });
    assert.deepEqual((await created({ wanted: '' })).data, { wanted: '', limit: '9' });
    await api.ok(api.delete(`${ns}/configmaps/limit`));
    const { status, json } = await create({ wanted: '' });
    assert.equal(status, 403);
    assert.equal(json.reason, 'Forbidden');
    assert.match(
      json.message,
      /^policy '.*' with binding '.*' denied request: failed to configure/,
    );
  });

  it('see the changes of later policies and webhooks once more, if needed', async () => {
    const count = 'string(int(object.data[?"seen"].orValue("0")) + 1)';
    await policy([configuration(`Object{data: {"seen": ${count}}}`)], {
      reinvocationPolicy: 'IfNeeded',
    });
    await policy([configuration('Object{data: {"later": "yes"}}')]);
    assert.deepEqual((await created({ n: '1' })).data, { n: '1', seen: '2', later: 'yes' });
    await suite.add('mutating', 'hook', ({ object }) =>
      patchOf([{ op: 'add', path: '/data/hook', value: object.data.seen }]),
    );
    const { data } = await created({ later: 'yes' });
    assert.deepEqual(data, { seen: '2', later: 'yes', hook: '1' });
  });

  it('never run again without a change of others', async () => {
    const count = 'string(int(object.data[?"seen"].orValue("0")) + 1)';
    await policy([configuration(`Object{data: {"seen": ${count}}}`)]);
    await policy([configuration('Object{data: {"later": "yes"}}')]);
    assert.deepEqual((await created({ n: '1' })).data, { n: '1', seen: '1', later: 'yes' });
  });

  it('change custom resources by their schema, and prune what a patch adds', async () => {
    const { api, ns } = suite;
    const group = `${suite.name}.example.com`;
    const properties = {
      n: { type: 'integer' },
      d: { type: 'string', default: 'x' },
      whole: { type: 'array', items: { type: 'string' } },
      set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    };
    const spec = { type: 'object', properties };
    const openAPIV3Schema = { type: 'object', properties: { spec } };
    const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } };
    await api.ok(
      api.post(
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
        widgets(group, [version]),
      ),
      201,
    );
    const match = {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': suite.name } },
        resourceRules: [rule(['widgets'], group)],
      },
    };
    await policy([configuration('Object{spec: Object.spec{n: 1, set: ["b"]}}')], match);
    await policy([patch('[JSONPatch{op: "add", path: "/spec/zz", value: true}]')], match);
    const path = `/apis/${group}/v1/namespaces/${ns.split('/').at(-1)}/widgets`;
    const { spec: stored } = await api.ok(api.post(path, widget(group, 'a', { set: ['a'] })), 201);
    assert.deepEqual(stored, { set: ['a', 'b'], n: 1, d: 'x' });
    await policy([configuration('Object{spec: Object.spec{whole: ["a"]}}')], match);
    const refused = await api.post(path, widget(group, 'b', {}));
    assert.match(
      refused.json.message,
      /may not mutate atomic arrays, maps or structs: \.spec\.whole$/,
    );
  });

  it('do not put an object deeper into itself than requests may be', async () => {
    const { api, ns } = suite;
    const group = `${suite.name}.example.com`;
    const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const openAPIV3Schema = { type: 'object', properties: { spec: free } };
    const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } };
    await api.ok(
      api.post(
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
        widgets(group, [version]),
      ),
      201,
    );
    const levels = 120;
    const nested = `${'{"a": '.repeat(levels)}object.spec.deep${'}'.repeat(levels)}`;
    await policy([configuration(`Object{spec: Object.spec{deeper: ${nested}}}`)], {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': suite.name } },
        resourceRules: [rule(['widgets'], group)],
      },
    });
    const path = `/apis/${group}/v1/namespaces/${ns.split('/').at(-1)}/widgets`;
    const create = (depth: number) => {
      let deep: Json = 1;
      for (let i = 0; i < depth; i++) deep = { a: deep };
      return api.post(path, widget(group, `d${depth}`, { deep }));
    };
    assert.equal((await create(500)).status, 201);
    const { status, json } = await create(950);
    assert.equal(status, 403);
    assert.match(json.message, /error applying patch: exceeded max depth$/);
  });

  for (const [what, spec, field, message] of [
    ['no mutations', { mutations: [] }, 'spec.mutations', /must contain at least one item/],
    [
      'no reinvocation policy',
      { reinvocationPolicy: undefined },
      'spec.reinvocationPolicy',
      /Required/,
    ],
    [
      'deletions',
      { matchConstraints: { resourceRules: [{ ...rule(['pods']), operations: ['DELETE'] }] } },
      'spec.matchConstraints.resourceRules.operations',
      /"\*", "CONNECT", "CREATE", "UPDATE"/,
    ],
    [
      'the member of another type',
      { mutations: [{ ...patch('[JSONPatch{op: "test", path: "/a"}]'), applyConfiguration: {} }] },
      'spec.mutations[0].applyConfiguration',
      /"{applyConfiguration}": must not be specified when patchType is JSONPatch/,
    ],
    [
      'another result',
      { mutations: [configuration('Object.spec{}')] },
      'spec.mutations[0].applyConfiguration.expression',
      /must evaluate to Object but got Object\.spec/,
    ],
    [
      'patches that are none',
      { mutations: [patch('[Object{}]')] },
      'spec.mutations[0].jsonPatch.expression',
      /must evaluate to list\(JSONPatch\) but got list\(Object\)/,
    ],
    [
      'a patch type in a variable',
      { variables: [{ name: 'x', expression: 'Object{}' }] },
      'spec.variables[0].expression',
      /undeclared reference to 'Object'/,
    ],
  ] as const)
    it(`are refused with ${what}`, async () => {
      const { json } = await suite.api.post(`${POLICIES}?dryRun=All`, {
        metadata: { name: 'p' },
        spec: {
          matchConstraints: { resourceRules: [rule(['configmaps'])] },
          reinvocationPolicy: 'Never',
          mutations: [configuration('Object{}')],
          ...spec,
        },
      });
      const causes = (json.details?.causes ?? []) as { field: string; message: string }[];
      assert.deepEqual(
        causes.map((cause) => cause.field),
        [field],
      );
      assert.match(causes[0]!.message, message);
    });

  it('count their checks', async () => {
    const name = await policy([
      configuration('Object{data: {"a": "b"}}'),
      configuration('Object{datax: {"a": "b"}}'),
    ]);
    await create({});
    const { bytes } = await suite.api.get('/metrics');
    for (const type of ['no_error', 'invalid_error'])
      assert.match(
        bytes.toString(),
        new RegExp(
          `apiserver_mutating_admission_policy_check_total\\{policy="${name}",policy_binding="${name}",error_type="${type}"\\} 1`,
        ),
      );
  });

  for (const [gates, versions, outcome] of [
    [{}, {}, false],
    [{ MutatingAdmissionPolicy: 'true' }, { [VERSION]: 'true' }, true],
    [{ MutatingAdmissionPolicy: 'false', Other: 'true' }, { [VERSION]: 'false' }, false],
    [{ MutatingAdmissionPolicy: 'true' }, {}, /need both/],
    [{}, { [VERSION]: 'true' }, /need both/],
    [{}, { 'api/all': 'true' }, /--runtime-config=api\/all is not supported/],
    [{ MutatingAdmissionPolicy: 'yes' }, {}, /is neither true nor false/],
  ] as const)
    it(`take the flags ${JSON.stringify([gates, versions])}`, () => {
      const lines: string[] = [];
      const parse = () => servesMutatingPolicies(gates, versions, (line) => lines.push(line));
      if (outcome instanceof RegExp) assert.throws(parse, outcome);
      else assert.equal(parse(), outcome);
      assert.equal(
        lines.some((line) => line.includes('Other has no effect')),
        'Other' in gates,
      );
    });

  it('are not served without the feature gate', async () => {
    const server = await startApiServer();
    const api = new Api(server);
    try {
      assert.equal((await api.get(POLICIES)).status, 404);
      assert.deepEqual(
        (await api.get('/apis/admissionregistration.k8s.io')).json.versions.map(
          ({ version }: Json) => version,
        ),
        ['v1'],
      );
    } finally {
      api.close();
      await server.stop();
    }
  });
});
