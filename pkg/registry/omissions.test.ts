// A missing field leads to an error message or a default, never to a crash. Each test sets every
// struct, list and map of a valid sample to empty, lists also to one empty element, and leaves out
// every field once.
import { deepStrictEqual, ok } from 'node:assert/strict';
import { cloneJson } from '../apimachinery/meta/clone.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { StatusError } from '../apimachinery/errors/status-error.js';
import { MESSAGES } from '../apis/facts/messages.js';
import type { RequestContext, ResourceDefinition } from '../apiserver/resource/definition.js';
import { loadExpressions } from '../apiserver/admission/expressions/load.js';
import { createRegistry } from './registry.js';
import { sampleOf } from './samples.test.js';

const registry = createRegistry({
  serviceClusterIPRange: '10.100.0.0/16',
  nodePortRange: '30000-32767',
});
const context: RequestContext = {
  now: 0,
  user: { name: 'u', groups: [] },
  dryRun: false,
  random: { next: () => 0.5, uuid: () => 'u' },
};
/** Bounds the walk through schemas that contain themselves. */
const MAX_DEPTH = 9;
const LIST_MARK = '[]';
/** Protobuf messages that are single values in JSON; the decoder refuses objects there. */
const VALUES = /\.(IntOrString|Quantity|Time|MicroTime|Duration|FieldsV1|RawExtension)$/;

type Json = Record<string, unknown>;
type Path = (string | number)[];

/** Paths of all structs, lists and maps below a message, list elements as index 0. */
function paths(
  schema: string,
  at: Path,
  seen: readonly string[],
  into: { path: Path; values: unknown[] }[],
): void {
  if (seen.length > MAX_DEPTH || seen.includes(schema)) return;
  for (const [name, { type = '' }] of Object.entries(MESSAGES[schema]?.fields ?? {})) {
    if (at.length === 0 && (name === 'metadata' || name === 'status')) continue;
    const path = [...at, name];
    const isList = type.endsWith(LIST_MARK);
    const inner = isList ? type.slice(0, -LIST_MARK.length) : type;
    const isStruct = MESSAGES[inner]?.fields !== undefined && !VALUES.test(inner);
    if (isStruct && isList) into.push({ path, values: [[], [{}], [{}, {}]] });
    else if (isStruct) into.push({ path, values: [{}] });
    else if (isList) into.push({ path, values: [[]] });
    else if (type.startsWith('map')) into.push({ path, values: [{}] });
    if (isStruct && !(at.length > 0 && inner.endsWith('.PodTemplateSpec')))
      paths(inner, isList ? [...path, 0] : path, [...seen, schema], into);
  }
}

function set(object: Json, path: Path, value: unknown): void {
  let holder = object as Record<string | number, unknown>;
  for (let at = 0; at < path.length - 1; at++)
    holder = (holder[path[at]!] ??= typeof path[at + 1] === 'number' ? [] : {}) as Record<
      string | number,
      unknown
    >;
  if (value === undefined) delete holder[path.at(-1)!];
  else holder[path.at(-1)!] = value;
}

function leaves(value: unknown, at: Path, into: Path[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    if (
      !Array.isArray(value) &&
      path[0] !== 'apiVersion' &&
      path[0] !== 'kind' &&
      path[0] !== 'metadata'
    )
      into.push(path);
    leaves(inner, path, into);
  }
}

/**
 * Runs the steps of a request on the object. The error's stack, or undefined when the client gets
 * an answer.
 */
function crashOf(definition: ResourceDefinition, object: ApiObject): string | undefined {
  try {
    definition.defaults?.(object);
    definition.prepareCreate?.(object, context);
    definition.allocate?.(object, undefined, { ...context, isFree: () => true });
    const errors = [
      ...(definition.validate?.(object) ?? []),
      ...(definition.validateCreate?.(object) ?? []),
    ];
    definition.validateUpdate?.(cloneJson(object), cloneJson(object));
    if (errors.length) return undefined;
    definition.warnings?.(object);
    definition.row?.(object, 0);
    for (const read of Object.values(definition.selectableFields ?? {})) read(object);
    definition.scale?.read(object);
    return undefined;
  } catch (error) {
    return error instanceof StatusError
      ? undefined
      : ((error as Error).stack ?? String(error)).split('\n').slice(0, 3).join(' ');
  }
}

describe('a missing field', () => {
  before(() => loadExpressions());
  for (const definition of registry) {
    const { facts } = definition;
    if (!definition.storage || !sampleOf(facts)) continue;
    it(`does not crash the server in ${facts.resource}${facts.group ? `.${facts.group}` : ''}`, () => {
      const changes: { path: Path; values: unknown[] }[] = [];
      paths(definition.schema, [], [], changes);
      const present: Path[] = [];
      leaves(sampleOf(facts), [], present);
      for (const path of present) changes.push({ path, values: [undefined] });
      ok(changes.length > 0 || facts.resource === 'namespaces');
      const crashes = new Set<string>();
      for (const { path, values } of changes) {
        for (const value of values) {
          const object = sampleOf(facts)!;
          set(object as unknown as Json, path, structuredClone(value));
          const why = crashOf(definition, object);
          if (why) crashes.add(`${path.join('.')} = ${JSON.stringify(value)}: ${why}`);
        }
      }
      deepStrictEqual([...crashes], []);
    });
  }
});
