// Type checking of policies (upstream typechecking_test.go has the same questions).
import assert from 'node:assert/strict';
import type { ValidatingAdmissionPolicy } from '../../apis/admissionregistration/v1/types.js';
import { policyCompiler } from '../../cel/kubernetes/policy.js';
import { declareSchema, type Declaration } from '../../cel/kubernetes/schema.js';
import { kindsToCheck, kindText, warningsOf, type Kind } from './plan.js';
import { schemaOfKind, type Document } from './schemas.js';

type Spec = ValidatingAdmissionPolicy['spec'];
const policy = (spec: Spec): ValidatingAdmissionPolicy => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'p' },
  spec,
});
const rule = (apiGroups: string[], apiVersions: string[], resources: string[]) => ({
  apiGroups,
  apiVersions,
  operations: ['CREATE'],
  resources,
});

const DEPLOYMENT: Kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
const NODE: Kind = { group: 'example.com', version: 'v1', kind: 'Node' };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const DOCUMENT: Document = {
  components: {
    schemas: {
      Deployment: {
        type: 'object',
        properties: { kind: { type: 'string' }, spec: { default: {}, allOf: [ref('Spec')] } },
        'x-kubernetes-group-version-kind': [DEPLOYMENT],
      },
      Spec: {
        type: 'object',
        properties: {
          replicas: { type: 'integer', format: 'int32' },
          ports: { type: 'array', items: { default: {}, allOf: [ref('Port')] } },
          limits: { type: 'object', additionalProperties: ref('Quantity') },
        },
      },
      Port: {
        type: 'object',
        properties: { port: { format: 'int-or-string', type: 'string' }, name: { type: 'string' } },
      },
      Quantity: { description: 'anything' } as object,
      Node: {
        type: 'object',
        properties: { next: ref('Node'), value: { type: 'string' } },
        'x-kubernetes-group-version-kind': [NODE],
      },
    },
  },
};
const declared = (kind: Kind): Declaration =>
  declareSchema(schemaOfKind(DOCUMENT, kind)!, kind.kind, false)!;

const warnings = (spec: Spec, kinds: Kind[] = [DEPLOYMENT], params?: Declaration) =>
  warningsOf(
    policy(spec),
    kinds.map((kind) => ({ kind, object: declared(kind) })),
    params,
    policyCompiler,
  );

describe('type checking of policies', () => {
  it('takes the kinds of the rules in order, without wildcards and subresources, ten at most', () => {
    const kindOf = (_group: string, _version: string, resource: string) =>
      resource.startsWith('no') ? undefined : resource.toUpperCase();
    const kinds = (...rules: ReturnType<typeof rule>[]) =>
      kindsToCheck(policy({ matchConstraints: { resourceRules: rules } }), kindOf).map(kindText);
    assert.deepEqual(kinds(rule(['b', 'a'], ['v1'], ['y', 'x', 'none', '*', 'x/status'])), [
      'a/v1, Kind=X',
      'a/v1, Kind=Y',
      'b/v1, Kind=X',
      'b/v1, Kind=Y',
    ]);
    assert.deepEqual(kinds(rule(['*'], ['v1'], ['x']), rule([''], ['v1'], ['y'])), ['/v1, Kind=Y']);
    assert.deepEqual(kinds(rule(['a'], ['v*'], ['x'])), []);
    const many = Array.from({ length: 30 }, (_, i) => `r${i}`);
    assert.equal(kinds(rule([''], ['v1'], many), rule(['z'], ['v1'], ['x'])).length, 10);
    assert.deepEqual(kindsToCheck(policy({}), kindOf), []);
  });

  it('says nothing about expressions that fit', () => {
    const fits = [
      'object.spec.replicas > 1 && oldObject.spec.replicas < 2',
      'object.spec.ports.all(p, p.port == 80 || p.port == "http")',
      'object.spec.limits["cpu"] == "1"',
      'request.userInfo.username == "x" && namespaceObject.metadata.name != ""',
      'authorizer.requestResource.check("get").allowed()',
      'variables.n > 1',
      '"any result"',
    ];
    const validations = fits.map((expression) => ({ expression }));
    assert.deepEqual(
      warnings({ validations, variables: [{ name: 'n', expression: 'object.spec.replicas' }] }),
      [],
    );
  });

  it("gives the checker's complaints with their place, for each kind", () => {
    const [first, second, ...more] = warnings(
      {
        validations: [
          { expression: 'object.spec.replicas > "1"' },
          { expression: 'true', messageExpression: '"x" + object.value' },
        ],
      },
      [DEPLOYMENT, NODE],
    );
    assert.deepEqual(more, []);
    assert.equal(first!.fieldRef, 'spec.validations[0].expression');
    assert.equal(
      first!.warning,
      `apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '(int, string)'
 | object.spec.replicas > "1"
 | .....................^

example.com/v1, Kind=Node: ERROR: <input>:1:7: undefined field 'spec'
 | object.spec.replicas > "1"
 | ......^
`,
    );
    assert.equal(second!.fieldRef, 'spec.validations[1].messageExpression');
    assert.match(second!.warning, /^apps\/v1, Kind=Deployment: .*undefined field 'value'/);
    assert.doesNotMatch(second!.warning, /Kind=Node/);
  });

  it('reads parameters by their schema, and does not know those of an unknown kind', () => {
    const spec = {
      paramKind: { apiVersion: 'apps/v1', kind: 'Deployment' },
      validations: [{ expression: 'params.spec.replicas == "1"' }],
    };
    const warning = (params?: Declaration) => warnings(spec, [DEPLOYMENT], params)[0]!.warning;
    assert.match(warning(declared(DEPLOYMENT)), /'_==_' applied to '\(int, string\)'/);
    assert.match(warning(), /undeclared reference to 'params'/);
  });

  it('ends at a schema that contains itself', () => {
    const expression = 'object.next.next.next.value == 1 && object.next.zz';
    const [found] = warnings({ validations: [{ expression }] }, [NODE]);
    assert.equal(found, undefined);
  });
});
