// Problems of an applied configuration whose kind has no Go type: upstream parses it by its schema
// before anything else.
// Source of texts: structured-merge-diff typed/validate.go.
import { goText, goTypeOf } from '../meta/go-text.js';
import { isJsonObject } from '../meta/clone.js';
import type { Scalar } from '../schema/schema.js';
import {
  itemElement,
  itemOf,
  memberOf,
  structureOf,
  type JsonObject,
  type Typed,
} from './structure.js';
import { pathText } from './field-set.js';

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint';

type ScalarRule = (value: unknown) => string | undefined;

const text: ScalarRule = (value) =>
  typeof value === 'string'
    ? undefined
    : `expected string, got &value.valueUnstructured{Value:${goText(value)}}`;
const number: ScalarRule = (value) =>
  isNumber(value) ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
const boolean: ScalarRule = (value) =>
  typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;

/** Scalars that are not listed may be of any type. */
const SCALARS: Readonly<Partial<Record<Scalar, ScalarRule>>> = {
  string: text,
  bytes: text,
  time: text,
  microTime: text,
  duration: text,
  boolean,
  int32: number,
  int64: number,
  double: number,
};

/** '.spec.zz: field not declared in schema'; also wrong types and keys that occur twice. */
export function typedProblems(value: unknown, typed: Typed, path = ''): string[] {
  const { type } = typed;
  if (value === null || value === undefined || type === undefined) return [];
  const wrong = (wanted: string): string[] => [
    `${path}: expected ${wanted}, got &{${goText(value)}}`,
  ];
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? itemProblems(value, typed, path) : wrong('list');
    case 'scalar': {
      const problem = SCALARS[type.scalar]?.(value);
      return problem === undefined ? [] : [`${path}: ${problem}`];
    }
    case 'map':
      // A map of itself has no schema.
      if (type.value === type) return [];
      return isJsonObject(value) ? memberProblems(value, typed, path) : wrong('map');
    case 'struct':
      return isJsonObject(value) ? memberProblems(value, typed, path) : wrong('map');
  }
}

/** Problems as one text. */
export const problemsText = (problems: readonly string[]): string =>
  problems.length === 1 ? problems[0]! : `errors:\n${problems.map((p) => `  ${p}`).join('\n')}`;

function memberProblems(object: JsonObject, typed: Typed, path: string): string[] {
  const struct = typed.type?.kind === 'struct' ? typed.type.struct : undefined;
  return Object.keys(object).flatMap((key) => {
    const inner = `${path}.${key}`;
    if (struct && !struct.isOpen && !struct.fields.has(key))
      return [`${inner}: field not declared in schema`];
    return typedProblems(object[key], memberOf(typed, key), inner);
  });
}

function itemProblems(list: readonly unknown[], typed: Typed, path: string): string[] {
  const structure = structureOf(typed, list);
  const item = itemOf(typed);
  const seen = new Set<string>();
  return list.flatMap((member, i) => {
    if (structure.kind !== 'list') return typedProblems(member, item, `${path}[${i}]`);
    const element = itemElement(member, structure.keys, item);
    const text = pathText([element]);
    const doubled = seen.has(element) ? [`${path}: duplicate entries for key ${text}`] : [];
    seen.add(element);
    return [...doubled, ...typedProblems(member, item, path + text)];
  });
}
