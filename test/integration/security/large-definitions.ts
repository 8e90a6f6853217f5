// Definitions of custom resources, and their objects, with n of something, for linear.test.ts.
import { create, list, map, type Case, type Request } from './large-objects.js';

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GROUP = 'large.example.com';

const text = { type: 'string', maxLength: 50 };
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const array = (items: object, more: object = {}) => ({ type: 'array', items, ...more });

const definition = (plural: string, schema: object, more: object = {}): object => ({
  metadata: { name: `${plural}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural, singular: `one-${plural}`, kind: `K${plural}` },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more },
    ],
  },
});

/** The kind of the objects below. */
export const KIND = definition(
  'things',
  object({
    numbers: { type: 'object', additionalProperties: { type: 'integer', default: 1 } },
    keyed: array(object({ k: { type: 'string', default: 'x' }, v: text }), {
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    }),
    set: array(text, { 'x-kubernetes-list-type': 'set' }),
    patterns: array({ type: 'string', pattern: '^(a+)+$' }),
    choices: array({ type: 'string', oneOf: [{ enum: ['a'] }, { minLength: 2 }] }),
    ruled: array(
      object({ a: { type: 'integer' } }, { 'x-kubernetes-validations': [{ rule: 'self.a >= 0' }] }),
      { maxItems: 100_000 },
    ),
    any: { 'x-kubernetes-preserve-unknown-fields': true },
  }),
);

const define = (schema: object, more?: object): Request =>
  create(DEFINITIONS, definition('others', schema, more));
const ruled = (...rules: string[]) =>
  object({ a: { ...text, 'x-kubernetes-validations': rules.map((rule) => ({ rule })) } });
const thing = (fields: object): Request =>
  create(`/apis/${GROUP}/v1/namespaces/default/things`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'Kthings',
    metadata: { name: 't' },
    ...fields,
  });
const joined = (n: number, part: string, sign: string): string => Array(n).fill(part).join(sign);

export const CUSTOM: readonly Case[] = [
  {
    name: 'properties of a definition',
    largest: 20_000,
    make: (n) => define(object(map(n, () => text))),
  },
  {
    name: 'defaults of a definition',
    largest: 10_000,
    make: (n) => define(object(map(n, () => ({ type: 'string', default: 'x' })))),
  },
  {
    name: 'values of an enumeration',
    largest: 50_000,
    make: (n) => define(object({ a: { type: 'string', enum: list(n, (i) => `v${i}`) } })),
  },
  {
    name: 'required fields of a definition',
    largest: 50_000,
    make: (n) => define(object({ a: text }, { required: list(n, (i) => `v${i}`) })),
  },
  {
    name: 'alternatives of a schema',
    largest: 10_000,
    make: (n) => define(object({ a: { ...text, anyOf: list(n, (i) => ({ minLength: i })) } })),
  },
  {
    name: 'patterns of a definition',
    largest: 2_000,
    make: (n) =>
      define(object(map(n, () => text)), {
        schema: {
          openAPIV3Schema: object(
            Object.fromEntries(
              list(n, (i) => [`p${i}`, { type: 'string', pattern: `^a{${i % 20}}b*$` }]),
            ),
          ),
        },
      }),
  },
  {
    name: 'rules of a definition',
    largest: 900,
    make: (n) => define(ruled(...list(n, (i) => `self != 'v${i}'`))),
  },
  {
    name: 'columns of a definition',
    largest: 10_000,
    make: (n) =>
      define(object({ a: text }), {
        additionalPrinterColumns: list(n, (i) => ({
          name: `c${i}`,
          type: 'string',
          jsonPath: '.a',
        })),
      }),
  },
  {
    name: 'operands of a rule',
    largest: 8_000,
    make: (n) => define(ruled(joined(n, 'true', ' && '))),
  },
  {
    name: 'items of a list in a rule',
    largest: 20_000,
    make: (n) => define(ruled(`[${joined(n, '1', ',')}].size() > 0`)),
  },
  { name: 'errors of a rule', largest: 8_000, make: (n) => define(ruled(joined(n, 'foo', '&&'))) },
  {
    name: 'items of mixed types in a rule',
    largest: 8_000,
    make: (n) => define(ruled(`[${joined(n, `1,'a'`, ',')}].size() > 0`)),
  },
  {
    name: 'unknown fields of a custom resource',
    largest: 40_000,
    make: (n) => thing(map(n, () => 'v')),
  },
  {
    name: 'entries of a map of a custom resource',
    largest: 40_000,
    make: (n) => thing({ numbers: map(n, (i) => i) }),
  },
  {
    name: 'wrong entries of a map of a custom resource',
    largest: 40_000,
    make: (n) => thing({ numbers: map(n, () => 'x') }),
  },
  {
    name: 'keyed items of a custom resource',
    largest: 20_000,
    make: (n) => thing({ keyed: list(n, (i) => ({ k: `${i}` })) }),
  },
  {
    name: 'keyed items that are the same',
    largest: 20_000,
    make: (n) => thing({ keyed: list(n, () => ({ v: 'a' })) }),
  },
  {
    name: 'items of a set of a custom resource',
    largest: 40_000,
    make: (n) => thing({ set: list(n, (i) => `${i}`) }),
  },
  {
    name: 'items of a set that are the same',
    largest: 40_000,
    make: (n) => thing({ set: list(n, () => 'x') }),
  },
  {
    name: 'length of a text with a pattern',
    largest: 500_000,
    make: (n) => thing({ patterns: [`${'a'.repeat(n)}!`] }),
  },
  {
    name: 'items with alternatives',
    largest: 40_000,
    make: (n) => thing({ choices: list(n, () => 'a') }),
  },
  {
    name: 'items with a rule',
    largest: 20_000,
    make: (n) => thing({ ruled: list(n, (i) => ({ a: i })) }),
  },
  {
    name: 'keys without a schema',
    largest: 40_000,
    make: (n) => thing({ any: map(n, () => 'v') }),
  },
];
