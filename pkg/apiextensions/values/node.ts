// A structural schema, prepared for walks over values: what a walk asks of a schema is a property
// here, and a flag says whether the walk has anything to do below.
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';

export type JsonObject = Record<string, unknown>;

export interface Node {
  readonly schema: JSONSchemaProps;
  readonly properties: ReadonlyMap<string, Node>;
  /** The schema of other properties; null for `additionalProperties: true`. */
  readonly additional: Node | null | undefined;
  readonly items: Node | undefined;
  readonly keepsUnknown: boolean;
  readonly isEmbedded: boolean;
  readonly isNullable: boolean;
  /** Undefined without a default; null counts as none. */
  readonly default: unknown;
  /** The node or one below has a default. */
  readonly hasDefaults: boolean;
  /** The node or one below is an embedded resource. */
  readonly hasEmbedded: boolean;
  /** The node or one below is a set or a list with keys. */
  readonly hasKeyedLists: boolean;
}

const NO_PROPERTIES: ReadonlyMap<string, Node> = new Map();

const isKeyed = ({ 'x-kubernetes-list-type': type }: JSONSchemaProps): boolean =>
  type === 'set' || type === 'map';

/** The node of a structural schema: one schema for all items, no references. */
export function nodeOf(schema: JSONSchemaProps): Node {
  const { properties: inner, additionalProperties, items: item } = schema;
  const entries = Object.entries(inner ?? {});
  const properties = entries.length
    ? new Map(entries.map(([name, property]) => [name, nodeOf(property)]))
    : NO_PROPERTIES;
  const additional =
    typeof additionalProperties === 'object'
      ? nodeOf(additionalProperties)
      : additionalProperties === true
        ? null
        : undefined;
  const items = item && !Array.isArray(item) ? nodeOf(item) : undefined;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const own = schema.default ?? undefined;
  const below = [
    ...properties.values(),
    ...(additional ? [additional] : []),
    ...(items ? [items] : []),
  ];
  return {
    schema,
    properties,
    additional,
    items,
    keepsUnknown: schema['x-kubernetes-preserve-unknown-fields'] === true,
    isEmbedded,
    isNullable: schema.nullable === true,
    default: own,
    hasDefaults: own !== undefined || below.some(({ hasDefaults }) => hasDefaults),
    hasEmbedded: isEmbedded || below.some(({ hasEmbedded }) => hasEmbedded),
    hasKeyedLists: isKeyed(schema) || below.some(({ hasKeyedLists }) => hasKeyedLists),
  };
}

/** The node of a member; null when any value may stand there, undefined when none may. */
export function memberNode({ properties, additional }: Node, key: string): Node | null | undefined {
  return properties.get(key) ?? additional;
}

/** 'spec.names', where '' is the root. */
export const childPath = (path: string, key: string): string =>
  path === '' ? key : `${path}.${key}`;

/** 'spec.labels[a/b]' */
export const keyPath = (path: string, key: string): string => `${path}[${key}]`;
