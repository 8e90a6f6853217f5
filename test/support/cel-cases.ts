// cel-spec's conformance cases, in the values of our engine. Cases that need protobuf messages are
// left out: Kubernetes has none.
import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js';
import { createMap } from '../../pkg/cel/values/map.js';
import {
  Double,
  intOf,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../../pkg/cel/values/value.js';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
  wrapperOf,
  type Type,
} from '../../pkg/cel/checker/types.js';
import { durationOf, parseTimestamp } from '../../pkg/cel/values/time.js';
import { decodeBase64 } from '../../pkg/apimachinery/codec/base64.js';

// oxlint-disable-next-line typescript/no-explicit-any -- the cases are JSON of many shapes
type Any = any;
type Json = Readonly<Record<string, Any>>;

export interface SpecCase {
  readonly path: readonly string[];
  readonly name: string;
  readonly expr: string;
  readonly container: string;
  readonly variables: Readonly<Record<string, Type>>;
  readonly bindings: Readonly<Record<string, Value>>;
  readonly isChecked: boolean;
  readonly isCheckOnly: boolean;
  /** The expected value; undefined when an error is expected. */
  readonly value: Value | undefined;
  /** The expected static type, as a text. */
  readonly typeText: string | undefined;
  /** The type that cel-go found. */
  readonly foundType: string | undefined;
}

class NotOurs extends Error {}

const number = (v: unknown): number =>
  v === 'Infinity' || v === '-Infinity' || v === 'NaN' ? Number(v) : (v as number);

/** A cel.expr.Value in JSON. */
function valueOf(v: Json): Value {
  const [[kind, content]] = Object.entries(v) as [[string, Any]];
  switch (kind) {
    case 'nullValue':
      return null;
    case 'boolValue':
    case 'stringValue':
      return content;
    case 'int64Value':
      return intOf(BigInt(content));
    case 'uint64Value':
      return new Uint(BigInt(content));
    case 'doubleValue':
      return new Double(number(content));
    case 'bytesValue':
      return decodeBase64(content);
    case 'listValue':
      return (content.values ?? []).map(valueOf);
    case 'typeValue':
      return new TypeValue(content);
    case 'mapValue': {
      const map = createMap();
      for (const { key, value } of content.entries ?? []) map.insert(valueOf(key), valueOf(value));
      return map;
    }
    case 'objectValue': {
      const name = String(content['@type']).split('/').at(-1);
      if (name === 'google.protobuf.Duration') return durationOf(content.value)!;
      if (name === 'google.protobuf.Timestamp') return parseTimestamp(content.value) as Timestamp;
      throw new NotOurs();
    }
    default:
      throw new NotOurs();
  }
}

const PRIMITIVES: Readonly<Record<string, Type>> = {
  BOOL,
  INT64: INT,
  UINT64: UINT,
  DOUBLE,
  STRING,
  BYTES,
};
const WELL_KNOWN: Readonly<Record<string, Type>> = { DURATION, TIMESTAMP };

/** A cel.expr.Type in JSON. */
function typeFrom(t: Json): Type {
  const [[kind, content]] = Object.entries(t) as [[string, Any]];
  switch (kind) {
    case 'primitive':
      return PRIMITIVES[content]!;
    case 'dyn':
      return DYN;
    case 'null':
      return NULL;
    case 'wrapper':
      return wrapperOf(PRIMITIVES[content]!);
    case 'listType':
      return listOf(content.elemType ? typeFrom(content.elemType) : DYN);
    case 'mapType':
      return mapOf(
        content.keyType ? typeFrom(content.keyType) : DYN,
        content.valueType ? typeFrom(content.valueType) : DYN,
      );
    case 'wellKnown':
      if (WELL_KNOWN[content]) return WELL_KNOWN[content];
      throw new NotOurs();
    case 'type':
      return typeOf(Object.keys(content).length > 0 ? typeFrom(content) : undefined);
    case 'abstractType':
      return opaque(content.name, ...(content.parameterTypes ?? []).map(typeFrom));
    default:
      throw new NotOurs();
  }
}

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: readonly { original: Json; type?: string }[];
}

const PROTOBUF =
  /google\.protobuf\.(?!Timestamp\b(?!\{)|Duration\b(?!\{))|TestAllTypes|NestedTest|GlobalEnum|proto2|proto3/;

function* casesIn(suite: Suite, path: readonly string[]): Generator<SpecCase> {
  for (const { original, type } of suite.tests ?? []) {
    if (PROTOBUF.test(JSON.stringify(original))) continue;
    try {
      yield caseOf(original, type, path);
    } catch (error) {
      if (!(error instanceof NotOurs)) throw error;
    }
  }
  for (const inner of suite.suites ?? []) yield* casesIn(inner, [...path, inner.name]);
}

function caseOf(original: Json, type: string | undefined, path: readonly string[]): SpecCase {
  const variables: Record<string, Type> = {};
  for (const { name, ident } of original.typeEnv ?? []) {
    if (!ident) throw new NotOurs();
    variables[name] = typeFrom(ident.type);
  }
  const bindings: Record<string, Value> = {};
  for (const [name, { value }] of Object.entries((original.bindings ?? {}) as Json))
    bindings[name] = valueOf(value);
  const typed = original.typedResult;
  const result = typed?.result ?? original.value;
  return {
    path,
    name: original.name,
    expr: original.expr,
    container: original.container ?? '',
    variables,
    bindings,
    isChecked: !original.disableCheck,
    isCheckOnly: Boolean(original.checkOnly),
    value: original.evalError ? undefined : result ? valueOf(result) : true,
    typeText: typed?.deducedType ? JSON.stringify(typeFrom(typed.deducedType)) : undefined,
    foundType: type,
  };
}

/** The cases of some suites. */
export const specCases = (suites: readonly string[]): SpecCase[] =>
  (conformance.suites as readonly Suite[])
    .filter(({ name }) => suites.includes(name))
    .flatMap((suite) => [...casesIn(suite, [suite.name])]);
