// Types of the fact tables in pkg/apis/facts, which hold names and numbers of the Kubernetes v1.32
// API. The users of the tables decide the behaviour.

export interface FieldFacts {
  /** JSON type: string, boolean, integer:int32, integer:int64, string:byte, a message name,
   * any of these with [], or map<...>. Absent: the field exists in protobuf only. */
  type?: string;
  /** Protobuf field number and type; absent: the field exists in JSON only. */
  n?: number;
  proto?: string;
  /**
   * The field's shape in Go: p pointer, t string, n number, b boolean, l list, m map, s struct,
   * T time, q quantity, r raw. A `!` after the letter: no omitempty, the zero value is written too.
   */
  go?: string;
  required?: boolean;
  default?: unknown;
  'list-type'?: 'atomic' | 'set' | 'map';
  'list-map-keys'?: string[];
  'map-type'?: 'atomic' | 'granular';
  'patch-strategy'?: string;
  'patch-merge-key'?: string;
}

export interface MessageFacts {
  fields?: Record<string, FieldFacts>;
  /** Protobuf fields whose message is inlined into the JSON object. */
  protoOnly?: Record<string, { n: number; proto: string }>;
  gvk?: { group: string; version: string; kind: string }[];
  'map-type'?: 'atomic' | 'granular';
  noSchema?: boolean;
  unions?: unknown;
}

export interface ColumnFacts {
  name: string;
  type: string;
  format?: string;
  priority?: number;
  description?: string;
}

export interface SubresourceFacts {
  name: string;
  kind: string;
  group?: string;
  version?: string;
  verbs: string[];
}

export interface ResourceFacts {
  group: string;
  version: string;
  kind: string;
  resource: string;
  singular: string;
  namespaced: boolean;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: SubresourceFacts[];
}

/**
 * Message facts by schema name ('io.k8s.api.core.v1.Pod'); apis/facts/messages.ts is the built-in
 * one, CRDs bring their own.
 */
export type SchemaTable = Readonly<Record<string, MessageFacts>>;
