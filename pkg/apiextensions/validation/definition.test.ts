import { deepStrictEqual as equal, ok } from 'node:assert/strict';
import {
  defaultCustomResourceDefinition,
  emptyDefinitionStatus,
  recordStorageVersion,
} from '../../apis/apiextensions/v1/customresourcedefinition.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';
import { loadEngine } from '../rules/engine.js';
import { validateDefinition, validateDefinitionUpdate } from './definition.js';

const ROOT = 'spec.validation.openAPIV3Schema';
const AT_X = `${ROOT}.properties[spec].properties[x]`;

const version = (
  openAPIV3Schema: JSONSchemaProps,
  more: Partial<CustomResourceDefinitionVersion> = {},
): CustomResourceDefinitionVersion => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema },
  ...more,
});

const objectOf = (properties: Record<string, JSONSchemaProps>): JSONSchemaProps => ({
  type: 'object',
  properties,
});
const withX = (x: JSONSchemaProps): JSONSchemaProps => objectOf({ spec: objectOf({ x }) });
const plain = withX({ type: 'string' });

function definition(
  spec: Partial<CustomResourceDefinitionSpec> = {},
  metadata: Partial<CustomResourceDefinition['metadata']> = {},
): CustomResourceDefinition {
  const crd: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `foos.${spec.group ?? 'a.example.com'}`, ...metadata },
    spec: {
      group: 'a.example.com',
      scope: 'Cluster',
      names: { plural: 'foos', kind: 'Foo' },
      versions: [version(plain)],
      ...spec,
    },
  };
  defaultCustomResourceDefinition(crd);
  crd.status = emptyDefinitionStatus();
  recordStorageVersion(crd);
  return crd;
}

type Errors = [field: string, text: RegExp][];

function expectErrors(crd: CustomResourceDefinition, wanted: Errors): void {
  const found = validateDefinition(crd).map(({ field, message }) => `${field}: ${message}`);
  equal(found.length, wanted.length, found.join('\n'));
  for (const [field, text] of wanted)
    ok(
      found.some((error) => error.startsWith(`${field}: `) && text.test(error)),
      `${field} ${text}\n${found.join('\n')}`,
    );
}

const REQUIRED = /: Required value/;
const rules = (...texts: string[]): JSONSchemaProps => ({
  'x-kubernetes-validations': texts.map((rule) => ({ rule })),
});

describe('custom resource definitions', () => {
  before(async () => {
    await loadEngine([{ pattern: 'x' }]);
  });

  it('are accepted when nothing is wrong', () => {
    expectErrors(definition(), []);
    expectErrors(
      definition({ versions: [version(plain), version(plain, { name: 'v2', storage: false })] }),
      [],
    );
  });

  const specs: [name: string, spec: Partial<CustomResourceDefinitionSpec>, errors: Errors][] = [
    ['no scope', { scope: '' }, [['spec.scope', REQUIRED]]],
    ['another scope', { scope: 'Node' }, [['spec.scope', /supported values: "Cluster", "Names/]]],
    [
      'kind and list kind alike',
      { names: { plural: 'foos', kind: 'Foo', listKind: 'Foo' } },
      [['spec.names.listKind', /kind and listKind may not be the same/]],
    ],
    [
      'a category with a dot',
      { names: { plural: 'foos', kind: 'Foo', categories: ['all', 'a.b'], shortNames: ['F'] } },
      [
        ['spec.names.categories[1]', /DNS-1035/],
        ['spec.names.shortNames[0]', /DNS-1035/],
      ],
    ],
    [
      'a webhook without a port number',
      {
        conversion: {
          strategy: 'Webhook',
          webhook: {
            conversionReviewVersions: ['v3', 'v1'],
            clientConfig: { service: { name: 'a', namespace: 'b', port: 0, path: '/x//y' } },
          },
        },
      },
      [
        ['spec.conversion.webhookClientConfig.service.port', /port is not valid/],
        ['spec.conversion.webhookClientConfig.service.path', /segment\[1\] may not be empty/],
      ],
    ],
    [
      'two versions, each with faults of its own',
      {
        versions: [
          version(withX({ type: 'array' }), { deprecationWarning: 'old' }),
          version(withX({ type: 'string', pattern: '(' }), { name: '2', storage: false }),
        ],
      },
      [
        ['spec.versions[0].deprecationWarning', /can only be set for deprecated versions/],
        [
          'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[x].items',
          /must be specified/,
        ],
        ['spec.versions[1].name', /DNS-1035/],
        [
          'spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[x].pattern',
          /error parsing regexp: missing closing \)/,
        ],
      ],
    ],
    [
      'columns and scale',
      {
        versions: [
          version(plain, {
            additionalPrinterColumns: [{ name: 'A', type: 'date', jsonPath: '', format: 'x' }],
            subresources: {
              scale: {
                specReplicasPath: '.status.r',
                statusReplicasPath: '.status.r',
                labelSelectorPath: '.metadata.l',
              },
            },
          }),
        ],
      },
      [
        ['spec.additionalPrinterColumns[0].format', /must be one of byte,date/],
        ['spec.additionalPrinterColumns[0].JSONPath', REQUIRED],
        ['spec.subresources.scale.specReplicasPath', /should be a json path under .spec/],
        ['spec.subresources.scale.labelSelectorPath', /under either .spec or .status/],
      ],
    ],
    [
      'selectable fields',
      {
        versions: [
          version(withX({ type: 'object', additionalProperties: { type: 'string' } }), {
            selectableFields: [
              { jsonPath: '.spec.x.key' },
              { jsonPath: ".spec['x']" },
              { jsonPath: '.spec.' },
            ],
          }),
        ],
      },
      [
        ['spec.selectableFields[1].jsonPath', /array notation is not allowed/],
        ['spec.selectableFields[2].jsonPath', /unexpected end of JSON path/],
      ],
    ],
    [
      'nine selectable fields',
      {
        versions: [
          version(
            objectOf(
              Object.fromEntries(Array.from('abcdefghi').map((n) => [n, { type: 'string' }])),
            ),
            { selectableFields: Array.from('abcdefghi').map((n) => ({ jsonPath: `.${n}` })) },
          ),
        ],
      },
      [['spec.selectableFields', /Too many: 9: must have at most 8 items/]],
    ],
    [
      'a root with a status subresource',
      {
        versions: [
          version(
            { ...plain, description: 'd', required: ['spec'], maxProperties: 5 },
            { subresources: { status: {} } },
          ),
        ],
      },
      [[ROOT, /only \[Description Type .*XValidations\] fields are allowed at the root/]],
    ],
  ];
  for (const [name, spec, errors] of specs)
    it(`name the faults of ${name}`, () => {
      expectErrors(definition(spec), errors);
    });

  const schemas: [name: string, x: JSONSchemaProps, errors: Errors][] = [
    [
      'an int-or-string idiom with a description',
      {
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string', title: 't' }],
      },
      [
        [`${AT_X}.anyOf[0].type`, /must be empty to be structural/],
        [`${AT_X}.anyOf[1].type`, /must be empty to be structural/],
        [`${AT_X}.anyOf[1].title`, /must be empty to be structural/],
      ],
    ],
    [
      'the idiom in the second branch of allOf',
      {
        'x-kubernetes-int-or-string': true,
        allOf: [{ pattern: 'a' }, { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
      },
      [
        [`${AT_X}.allOf[1].anyOf[0].type`, /must be empty/],
        [`${AT_X}.allOf[1].anyOf[1].type`, /must be empty/],
      ],
    ],
    [
      'items of a nested set',
      {
        type: 'array',
        'x-kubernetes-list-type': 'set',
        items: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      },
      [[`${AT_X}.items.x-kubernetes-list-type`, /must be atomic as item/]],
    ],
    [
      'keys of a list that is no map',
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-map-keys': ['a'] },
      [[`${AT_X}.x-kubernetes-list-type`, /Required value: must be map if/]],
    ],
    [
      'a key that no item has',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['toString'],
        items: objectOf({ a: { type: 'string' } }),
      },
      [[`${AT_X}.x-kubernetes-list-map-keys`, /entries must all be names of item properties/]],
    ],
    [
      'metadata in a branch',
      { type: 'object', not: { properties: { metadata: { required: ['a'] } } } },
      [[`${AT_X}.not.properties[metadata]`, /must not be specified in a nested context/]],
    ],
    [
      'an embedded resource',
      {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-int-or-string': true,
        additionalProperties: { type: 'string' },
        properties: { kind: { type: 'integer' } },
      },
      [
        [`${AT_X}.x-kubernetes-embedded-resource`, /must be false if x-kubernetes-int-or-string/],
        [`${AT_X}.additionalProperties`, /must not be used if x-kubernetes-embedded-resource/],
        [`${AT_X}.additionalProperties`, /mutual exclusive/],
        [`${AT_X}.properties[kind].type`, /must be string/],
      ],
    ],
    [
      'an atomic map with a transition rule below',
      {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: { a: { type: 'integer', ...rules('self > oldSelf') } },
      },
      [
        [
          `${AT_X}.properties[a].x-kubernetes-validations[0].rule`,
          new RegExp(
            `uncorrelatable portion of the schema within ${AT_X.replace(/[.[\]]/g, '\\$&')}$`,
          ),
        ],
      ],
    ],
    [
      'rules without a type to see',
      { 'x-kubernetes-preserve-unknown-fields': true, ...rules('self == 1') },
      [[`${AT_X}.x-kubernetes-validations`, /unable to convert structural schema/]],
    ],
    [
      'a rule below a wrong sibling',
      {
        type: 'object',
        properties: { a: { type: 'text' }, b: { type: 'string', ...rules('self + 1') } },
      },
      [
        [`${AT_X}.properties[a].type`, /Unsupported value: "text"/],
        [`${AT_X}.properties[b].x-kubernetes-validations[0].rule`, /no matching overload/],
      ],
    ],
    [
      'a costly rule in an unbounded list',
      { type: 'array', items: { type: 'string', ...rules("self.contains('x')") } },
      [
        [
          `${AT_X}.items.x-kubernetes-validations[0].rule`,
          /estimated rule cost exceeds budget by factor of more than 100x/,
        ],
        [
          `${AT_X}.items.x-kubernetes-validations[0].rule`,
          /contributed to estimated rule cost total/,
        ],
        [ROOT, /estimated rule cost total for entire OpenAPIv3 schema exceeds/],
      ],
    ],
    [
      'defaults that are no values of their schemas',
      {
        type: 'object',
        default: { a: 'x', z: 1 },
        properties: {
          a: { type: 'integer', default: 1 },
          b: { type: 'string', format: 'ipv4', default: '1.2.3' },
          c: { type: 'array', items: { type: 'string', maxLength: 1, default: 'xx' } },
          d: { type: 'integer', default: 3, ...rules('self > 5') },
          e: { type: 'object', additionalProperties: { type: 'string' }, default: { k: 'v' } },
          f: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, default: { z: 1 } },
        },
      },
      [
        [`${AT_X}.default`, /must not have unknown fields/],
        [`${AT_X}.default.a`, /must be of type integer/],
        [`${AT_X}.properties[b].default`, /must be of type ipv4/],
        [`${AT_X}.properties[c].items.default`, /Too long/],
        [`${AT_X}.properties[d].default`, /failed rule: self > 5/],
      ],
    ],
    [
      'a costly rule in a bounded list',
      {
        type: 'array',
        maxItems: 5,
        items: { type: 'string', maxLength: 50, ...rules("self.contains('x')") },
      },
      [],
    ],
  ];
  for (const [name, x, errors] of schemas)
    it(`name the faults of ${name}`, () => {
      expectErrors(definition({ versions: [version(withX(x))] }), errors);
    });

  it('of protected groups need an approval', () => {
    const spec = { group: 'x.k8s.io' };
    const at = 'metadata.annotations[api-approved.kubernetes.io]';
    const approved = (text: string): CustomResourceDefinition =>
      definition(spec, { annotations: { 'api-approved.kubernetes.io': text } });
    expectErrors(definition(spec), [[at, REQUIRED]]);
    expectErrors(approved('https://'), [[at, /either a URL or a reason/]]);
    expectErrors(approved('unapproved'), []);
    expectErrors(approved('https://github.com/kubernetes/enhancements/pull/1'), []);
    equal(validateDefinitionUpdate(definition(spec), definition(spec)), []);
  });

  it('keep names, group, scope and kind once they are established', () => {
    const old = definition();
    const next = definition({ scope: 'Namespaced', names: { plural: 'foos', kind: 'Bar' } });
    equal(validateDefinitionUpdate(next, old), []);
    old.status!.conditions = [{ type: 'Established', status: 'True' }];
    equal(
      validateDefinitionUpdate(next, old).map(({ field }) => field),
      ['spec.scope', 'spec.names.kind'],
    );
  });

  it('may keep what they were accepted with', () => {
    const nullableItems: JSONSchemaProps = {
      type: 'array',
      'x-kubernetes-list-type': 'set',
      items: { type: 'string', nullable: true },
    };
    const old = definition({ versions: [version(withX(nullableItems))] });
    equal(validateDefinition(old).length, 1);
    const next = definition({
      versions: [version(objectOf({ spec: objectOf({ x: nullableItems, y: nullableItems }) }))],
    });
    equal(validateDefinitionUpdate(next, old), []);
    equal(validateDefinitionUpdate(next, definition()).length, 2);
  });

  it('may keep defaults with unknown fields, if some had them', () => {
    const withDefault = (value: unknown): CustomResourceDefinition =>
      definition({
        versions: [version(withX({ ...objectOf({ a: { type: 'string' } }), default: value }))],
      });
    const old = withDefault({ z: 1 });
    equal(validateDefinitionUpdate(withDefault({ y: 1 }), old), []);
    equal(validateDefinitionUpdate(withDefault({ y: 1 }), withDefault({ a: '' })).length, 1);
  });

  it('use a common budget for the rules of all defaults', () => {
    const costly = 'self.all(a, self.all(b, self.all(c, a + b + c < 9999)))';
    const properties = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        `p${i}`,
        {
          type: 'array',
          maxItems: 40,
          items: { type: 'integer' },
          default: Array.from({ length: 40 }, (_item, n) => n),
          ...rules(costly),
        },
      ]),
    );
    const errors = validateDefinition(definition({ versions: [version(objectOf(properties))] }));
    equal(errors.filter(({ message }) => /running out of cost budget/.test(message)).length, 1);
  });

  it('may keep costly rules and new functions, and get no new ones', () => {
    const x = (rule: string): CustomResourceDefinition =>
      definition({
        versions: [version(withX({ type: 'array', items: { type: 'string' }, ...rules(rule) }))],
      });
    const newer = x('self.all(i, v, i < 5)');
    ok(validateDefinition(newer).length > 0);
    equal(validateDefinitionUpdate(newer, newer), []);
    ok(validateDefinitionUpdate(x('self.all(i, v, i < 6)'), newer).length > 0);
  });

  it('name stored versions that went', () => {
    const next = definition({ versions: [version(plain, { name: 'v2' })] });
    next.status!.storedVersions = ['v1', 'v2'];
    equal(
      validateDefinitionUpdate(next, definition()).map(({ field, message }) => [field, message]),
      [['status.storedVersions[0]', 'Invalid value: "v1": must appear in spec.versions']],
    );
  });

  it('are bounded in depth, rules, expressions, patterns and errors', () => {
    let deep: JSONSchemaProps = { type: 'string' };
    for (let i = 0; i < 300; i++) deep = objectOf({ a: deep });
    const bounds: [schema: JSONSchemaProps, text: RegExp][] = [
      [deep, /250 levels of schemas/],
      [withX({ type: 'string', ...rules(...Array<string>(2001).fill('true')) }), /2000 x-kube/],
      [
        withX({ type: 'string', ...rules(`'${'a'.repeat(500_001)}' == self`) }),
        /500000 characters/,
      ],
      [
        objectOf(
          Object.fromEntries(
            Array.from({ length: 300 }, (_, i) => [i, { type: 'string', pattern: `a{1000}${i}` }]),
          ),
        ),
        /2000000 characters of patterns/,
      ],
    ];
    for (const [schema, text] of bounds) {
      const errors = validateDefinition(definition({ versions: [version(schema)] }));
      equal(errors.length, 1);
      ok(text.test(errors[0]!.message), errors[0]!.message);
    }
    let nested: JSONSchemaProps = objectOf(
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, { type: 'string' }])),
    );
    for (let i = 0; i < 220; i++) nested = { ...objectOf({ a: nested }), default: {} };
    const [tooNested] = validateDefinition(definition({ versions: [version(withX(nested))] }));
    ok(/200000 schemas with defaults around them/.test(tooNested!.message), tooNested!.message);
    const long = objectOf({
      ['a'.repeat(100_000)]: objectOf(
        Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, {}])),
      ),
    });
    const errors = validateDefinition(definition({ versions: [version(long)] }));
    ok(errors.length > 0 && errors.length < 20, `${errors.length} errors`);
  });
});
