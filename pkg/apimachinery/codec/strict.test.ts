import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESSAGES } from '../../apis/facts/messages.js';
import { StatusError } from '../errors/status-error.js';
import { parseJson } from './json.js';
import {
  decodeAsWritten,
  decodeObject,
  strictDecodingError,
  type DecodeMode,
  type Decoded,
} from './strict.js';

const POD = 'io.k8s.api.core.v1.Pod';
function decode(body: unknown, mode: DecodeMode = 'Strict', schema = POD): Decoded {
  const { value, duplicates } = parseJson(typeof body === 'string' ? body : JSON.stringify(body));
  return decodeObject(value, schema, MESSAGES, mode, duplicates);
}
const pod = (spec: unknown, metadata: unknown = { name: 'p' }): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
});

describe('strict decoding', () => {
  it('drops and reports unknown and duplicate fields', () => {
    const text =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","name":"b"},"spec":{"foo":1,"containers":[{"name":"c","img":"x","Image":"y"}]}}';
    const { object, problems } = decode(text);
    assert.deepEqual(object, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'b', creationTimestamp: null },
      spec: { containers: [{ name: 'c', resources: {} }] },
      status: {},
    });
    assert.deepEqual(problems, [
      'duplicate field "metadata.name"',
      'unknown field "spec.foo"',
      'unknown field "spec.containers[0].img"',
      'unknown field "spec.containers[0].Image"',
    ]);
    assert.equal(
      strictDecodingError(object, 'Pod', problems.slice(1, 2)).message,
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.foo"',
    );
    assert.deepEqual(decode(text, 'Ignore'), { object, problems: [] });
  });

  it('names problems in the order of the document', () => {
    const text =
      '{"zz":1,"zz":2,"metadata":{"labels":{"a":"1","b":"2","a":"3"},"annotations":{}},"spec":{"paused":true,"foo":{"x":1,"x":2},"paused":false,"template":{"spec":{"containers":[{"name":"c","bar":1,"image":"a","image":"b"}]}}}}';
    assert.deepEqual(decode(text, 'Strict', 'io.k8s.api.apps.v1.Deployment').problems, [
      'unknown field "zz"',
      'duplicate field "metadata.labels.a"',
      'unknown field "spec.foo"',
      'duplicate field "spec.paused"',
      'unknown field "spec.template.spec.containers[0].bar"',
      'duplicate field "spec.template.spec.containers[0].image"',
    ]);
  });

  it('accepts apiVersion and kind at the top level only', () => {
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { template: { apiVersion: 'v1', kind: 'Pod', spec: {} } },
    };
    assert.deepEqual(decode(body, 'Strict', 'io.k8s.api.apps.v1.Deployment').problems, [
      'unknown field "spec.template.apiVersion"',
      'unknown field "spec.template.kind"',
    ]);
  });

  it('treats null as absent, as Go does', () => {
    const { object } = decode(
      pod(
        { containers: null, nodeSelector: { a: null }, tolerations: [null] },
        { name: 'p', creationTimestamp: null, labels: null },
      ),
    );
    assert.deepEqual(object['metadata'], { name: 'p', creationTimestamp: null });
    assert.deepEqual(object['spec'], {
      containers: null,
      nodeSelector: { a: '' },
      tolerations: [{}],
    });
  });

  const canonical: [what: string, schema: string, value: object, want: object][] = [
    [
      'drops zero values that omitempty hides',
      'core.v1.PodSpec',
      {
        containers: [
          { name: 'c', image: '', stdin: false, ports: [], env: [{ name: 'A', value: '' }] },
        ],
        hostNetwork: false,
        tolerations: [],
        nodeSelector: {},
        nodeName: '',
      },
      { containers: [{ name: 'c', env: [{ name: 'A' }], resources: {} }] },
    ],
    [
      'drops an empty kind of an object inside another',
      'apps.v1.StatefulSetSpec',
      {
        volumeClaimTemplates: [{ kind: '', apiVersion: '' }],
        serviceName: '',
        selector: {},
        template: {},
        updateStrategy: {},
      },
      {
        volumeClaimTemplates: [
          { metadata: { creationTimestamp: null }, spec: { resources: {} }, status: {} },
        ],
        serviceName: '',
        selector: {},
        template: { metadata: { creationTimestamp: null }, spec: { containers: null } },
        updateStrategy: {},
      },
    ],
    [
      'keeps zero values behind pointers',
      'apps.v1.DeploymentSpec',
      { replicas: 0, paused: false, minReadySeconds: 0, selector: {}, template: {} },
      {
        replicas: 0,
        selector: {},
        strategy: {},
        template: { metadata: { creationTimestamp: null }, spec: { containers: null } },
      },
    ],
    [
      'writes zero values that have no omitempty',
      'core.v1.NodeCondition',
      {},
      { type: '', status: '', lastHeartbeatTime: null, lastTransitionTime: null },
    ],
    [
      'makes an empty list that is always written null',
      'core.v1.LimitRangeSpec',
      { limits: [] },
      { limits: null },
    ],
    [
      'reaches the fields of inlined structs',
      'core.v1.Probe',
      { httpGet: { port: 0, path: '' }, periodSeconds: 0 },
      { httpGet: { port: 0 } },
    ],
    [
      'keeps integer-or-string zeros, which Go cannot leave out',
      'core.v1.ServicePort',
      { port: 0, name: '', targetPort: 0 },
      { port: 0, targetPort: 0 },
    ],
    [
      'leaves raw JSON as it is',
      'apps.v1.ControllerRevision',
      { data: { a: '', b: [], c: {}, d: 0 }, revision: 0 },
      { data: { a: '', b: [], c: {}, d: 0 }, metadata: { creationTimestamp: null }, revision: 0 },
    ],
  ];
  for (const [what, schema, value, want] of canonical) {
    it(`${what}, and the canonical form is its own`, () => {
      const { object } = decode(value, 'Strict', `io.k8s.api.${schema}`);
      assert.deepEqual(object, want);
      assert.deepEqual(
        decode(structuredClone(object), 'Strict', `io.k8s.api.${schema}`).object,
        want,
      );
    });
  }

  it('keeps zero values as written for server-side apply', () => {
    const value = { hostNetwork: false, containers: [] };
    assert.deepEqual(
      decodeAsWritten(structuredClone(value), 'io.k8s.api.core.v1.PodSpec', MESSAGES, 'Strict')
        .object,
      value,
    );
  });

  it('converts values to their stored form', () => {
    const { object } = decode(
      pod(
        { containers: [{ resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }] },
        { name: 'p', deletionTimestamp: '2024-01-02T03:04:05.5+01:00' },
      ),
    );
    assert.deepEqual(object['spec'], {
      containers: [{ name: '', resources: { limits: { cpu: '500m', memory: '1Gi' } } }],
    });
    assert.deepEqual(object['metadata'], {
      name: 'p',
      creationTimestamp: null,
      deletionTimestamp: '2024-01-02T02:04:05Z',
    });
  });

  const mistyped: [string, unknown, string][] = [
    [
      'a string for a list',
      pod({ containers: 'x' }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a number for a string',
      pod({ containers: [{ image: 5 }] }),
      'json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      'a number for a named type',
      pod({ restartPolicy: 5 }),
      'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'a number in a list of a named type',
      pod({ containers: [{ securityContext: { capabilities: { add: [5] } } }] }),
      'json: cannot unmarshal number into Go struct field Capabilities.spec.containers.securityContext.capabilities.add of type v1.Capability',
    ],
    [
      'a string for a resource list',
      pod({ overhead: 'x' }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.overhead of type v1.ResourceList',
    ],
    [
      'a number for a label',
      pod({}, { labels: { a: 1 } }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'a fraction for an integer',
      pod({ priority: 1.5 }),
      'json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'too big an integer',
      pod({ priority: 2147483648 }),
      'json: cannot unmarshal number 2147483648 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'an integer beyond 64 bits',
      pod({ terminationGracePeriodSeconds: 1e38 }),
      'json: cannot unmarshal number 1e+38 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64',
    ],
    [
      'a list for an object',
      pod([]),
      'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec',
    ],
    [
      'a string for a boolean',
      pod({ hostNetwork: 'yes' }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      'a boolean for a port',
      pod({ containers: [{ livenessProbe: { httpGet: { port: true } } }] }),
      'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32',
    ],
    [
      'a fraction for a port',
      pod({ containers: [{ livenessProbe: { httpGet: { port: 1.5 } } }] }),
      'json: cannot unmarshal number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32',
    ],
    [
      'a number for a time',
      pod({}, { name: 'p', deletionTimestamp: 5 }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.deletionTimestamp of type string',
    ],
    [
      'a number for a type with a name',
      pod({ dnsPolicy: 5 }),
      'json: cannot unmarshal number into Go struct field PodSpec.spec.dnsPolicy of type v1.DNSPolicy',
    ],
    [
      'a list for a map of amounts',
      pod({ overhead: [] }),
      'json: cannot unmarshal array into Go struct field PodSpec.spec.overhead of type v1.ResourceList',
    ],
    [
      'no quantity',
      pod({ containers: [{ resources: { limits: { cpu: 'much' } } }] }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ];
  const SUBJECTS: readonly [schema: string, body: object, type: string][] = [
    [
      'io.k8s.api.flowcontrol.v1.FlowSchema',
      { spec: { rules: [{ subjects: [{ kind: 1 }] }] } },
      'Subject.spec.rules.subjects.kind of type v1.SubjectKind',
    ],
    [
      'io.k8s.api.rbac.v1.RoleBinding',
      { subjects: [{ kind: 1 }] },
      'Subject.subjects.kind of type string',
    ],
    [
      'io.k8s.api.authorization.v1.SubjectAccessReview',
      { spec: { extra: { k: 1 } } },
      'SubjectAccessReviewSpec.spec.extra of type v1.ExtraValue',
    ],
    [
      'io.k8s.api.authorization.v1.SubjectAccessReview',
      { spec: { extra: 'x' } },
      'SubjectAccessReviewSpec.spec.extra of type map[string]v1.ExtraValue',
    ],
    [
      'io.k8s.api.storage.v1.CSIDriver',
      { spec: { volumeLifecycleModes: {} } },
      'CSIDriverSpec.spec.volumeLifecycleModes of type []v1.VolumeLifecycleMode',
    ],
  ];
  for (const [schema, body, type] of SUBJECTS) {
    it(`names the Go type: ${type}`, () => {
      assert.throws(
        () => decode(body, 'Ignore', schema),
        (error: Error) => error.message.endsWith(type),
      );
    });
  }

  for (const [name, body, why] of mistyped) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => decode(body, 'Ignore'),
        (error: unknown) => {
          assert.ok(error instanceof StatusError);
          assert.equal(error.code, 400);
          assert.equal(error.message, `Pod in version "v1" cannot be handled as a Pod: ${why}`);
          return true;
        },
      );
    });
  }

  it('writes bytes as Go does', () => {
    const data = { a: 'YW\nJj\r\n', b: 'YWI=', c: 'YR==' };
    const { object } = decode(
      { apiVersion: 'v1', kind: 'Secret', data },
      'Strict',
      'io.k8s.api.core.v1.Secret',
    );
    assert.deepEqual(object['data'], { a: 'YWJj', b: 'YWI=', c: 'YQ==' });
  });

  it('rounds the amounts of resource lists up to thousandths, and other amounts to billionths', () => {
    const container = (amount: unknown) => ({
      name: 'c',
      resources: { limits: { cpu: amount }, requests: { 'example.com/a': amount } },
    });
    const volume = (sizeLimit: unknown) => ({ name: 'v', emptyDir: { sizeLimit } });
    for (const [amount, listed, single] of [
      ['0.0001m', '1m', '100n'],
      ['1n', '1m', '1n'],
      [1.0001, '1001m', '1000100u'],
      ['-0.5m', '-1m', '-500u'],
      ['0.5', '500m', '500m'],
      ['100E', '100E', '100E'],
      ['1e-4', '1e-3', '100e-6'],
    ]) {
      const { object } = decode({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: { containers: [container(amount)], volumes: [volume(amount)] },
      });
      const { containers, volumes } = object['spec'] as {
        containers: unknown[];
        volumes: unknown[];
      };
      assert.deepEqual(containers, [container(listed)]);
      assert.deepEqual(volumes, [volume(single)]);
    }
  });

  it('refuses invalid base64 and values that are not objects', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'YWJj!' } };
    assert.throws(
      () => decode(secret, 'Warn', 'io.k8s.api.core.v1.Secret'),
      /Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 4/,
    );
    assert.throws(() => decode('[]'), /json: cannot unmarshal array into Go value of type v1\.Pod/);
  });

  it('accepts or refuses any JSON, and accepts its own result again', () => {
    const field = fc.constantFrom(
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'labels',
      'containers',
      'name',
      'ports',
      'resources',
      'limits',
      'cpu',
      'managedFields',
      'fieldsV1',
      'x',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, 1, 1.5, true, 'v1', '', '100m'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(field, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(field, tree, { noNullPrototype: true }), (body) => {
        let first: Decoded;
        try {
          first = decode(body, 'Warn');
        } catch (error) {
          assert.ok(error instanceof StatusError && error.code === 400, String(error));
          return;
        }
        assert.deepEqual(decode(first.object, 'Strict'), { object: first.object, problems: [] });
      }),
      { numRuns: 2000 },
    );
  });

  it('decodes custom resource definitions', () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
      spec: {
        group: 'g',
        bad: 1,
        versions: [
          {
            name: 'v1',
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
                properties: { a: { $ref: 'q' } },
              },
            },
          },
        ],
      },
    };
    const { problems } = decode(
      crd,
      'Strict',
      'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
    );
    assert.deepEqual(problems, ['unknown field "spec.bad"']);
  });

  it('decodes the schemas in the places of other values', () => {
    const CRD = 'io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition';
    const schemaOf = (openAPIV3Schema: unknown): unknown => {
      const crd = { spec: { versions: [{ schema: { openAPIV3Schema } }] } };
      const { object, problems } = decode(crd, 'Strict', CRD);
      assert.deepEqual(problems, []);
      const { versions } = object['spec'] as { versions: { schema: Record<string, unknown> }[] };
      return versions[0]!.schema['openAPIV3Schema'];
    };
    const drops = { nullable: false, bad: 1, title: '' };
    assert.deepEqual(
      schemaOf({
        items: { ...drops, additionalProperties: { ...drops, type: 'string' } },
        additionalProperties: true,
        dependencies: { a: ['x'], b: { ...drops, minLength: 0 } },
      }),
      {
        items: { additionalProperties: { type: 'string' } },
        additionalProperties: true,
        dependencies: { a: ['x'], b: { minLength: 0 } },
      },
    );
    assert.deepEqual(schemaOf({ items: [{ ...drops, type: 'string' }] }), {
      items: [{ type: 'string' }],
    });
    let deep: unknown = {};
    for (let i = 0; i < 2000; i++) deep = { not: { items: deep } };
    assert.throws(() => schemaOf(deep), { message: /exceeded max depth/ });
    assert.throws(() => schemaOf({ additionalProperties: 'x' }), {
      message: /boolean or JSON schema expected/,
    });
    assert.throws(() => schemaOf({ items: { minLength: 'x' } }), {
      message:
        /cannot unmarshal string into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.items of type int64/,
    });
  });
});
