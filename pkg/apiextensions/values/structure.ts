// A structural schema as the types by which managed fields and server-side apply own values: the
// graph that fact tables make for built-in kinds.
// Source: kube-openapi schemaconv, apiextensions-apiserver controller/openapi/builder.
import type { Typed } from '../../apimachinery/apply/structure.js';
import type { FieldFacts } from '../../apimachinery/schema/facts.js';
import {
  mustStructOf,
  type FieldNode,
  type MapNode,
  type Scalar,
  type ScalarNode,
  type StructNode,
  type TypeNode,
} from '../../apimachinery/schema/schema.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type { Node } from './node.js';

/** Values without a type: objects are owned by field at every depth, lists as a whole. */
const untypedMap = (): TypeNode => {
  const node: { kind: 'map'; value: TypeNode } = { kind: 'map', value: undefined! };
  node.value = node;
  return node satisfies MapNode;
};
const UNTYPED = untypedMap();
const scalarNode = (scalar: Scalar): ScalarNode => ({ kind: 'scalar', scalar });
const TEXT = scalarNode('string');
const SCALARS: Readonly<Record<string, ScalarNode>> = {
  string: TEXT,
  integer: scalarNode('int64'),
  number: scalarNode('double'),
  boolean: scalarNode('boolean'),
};
const INT_OR_STRING = scalarNode('intOrString');

const field = (name: string, type: TypeNode, facts: FieldFacts): [string, FieldNode] => [
  name,
  { name, element: `f:${name}`, type, facts, zero: 'keep' },
];

let meta: readonly [string, FieldNode][] | undefined;

/** The fields that every resource has. */
const metaFields = (): readonly [string, FieldNode][] =>
  (meta ??= [
    field('apiVersion', TEXT, {}),
    field('kind', TEXT, {}),
    field(
      'metadata',
      {
        kind: 'struct',
        struct: mustStructOf(MESSAGES, 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      },
      {},
    ),
  ]);

const SPECIAL = ['list-type', 'list-map-keys', 'map-type'] as const;

function factsOf({ schema, default: own }: Node): FieldFacts {
  const facts: Record<string, unknown> = own === undefined ? {} : { default: own };
  for (const name of SPECIAL) {
    const value = schema[`x-kubernetes-${name}`];
    if (value !== undefined) facts[name] = value;
  }
  return facts;
}

function structNode(node: Node, isResource: boolean): StructNode {
  const fields = new Map(
    [...node.properties].map(([name, member]) =>
      field(name, typeNodeOf(member, member.isEmbedded), factsOf(member)),
    ),
  );
  if (isResource) for (const [name, member] of metaFields()) fields.set(name, member);
  const isOpen = node.keepsUnknown;
  return { schemaName: '', name: '', fields, written: [], facts: {}, isOpen };
}

function typeNodeOf(node: Node, isResource: boolean): TypeNode {
  const { schema, properties, additional, items } = node;
  if (schema.type === 'array')
    return items
      ? { kind: 'list', item: typeNodeOf(items, items.isEmbedded), elementFacts: factsOf(items) }
      : { kind: 'list', item: UNTYPED };
  if (properties.size > 0 || isResource)
    return { kind: 'struct', struct: structNode(node, isResource) };
  if (additional)
    return {
      kind: 'map',
      value: typeNodeOf(additional, additional.isEmbedded),
      elementFacts: factsOf(additional),
    };
  if (schema['x-kubernetes-int-or-string']) return INT_OR_STRING;
  return SCALARS[schema.type ?? ''] ?? UNTYPED;
}

/** The type of a resource with this schema. */
export function typedOf(root: Node): Typed {
  return { type: typeNodeOf(root, true), facts: factsOf(root) };
}
