// Whole numbers beyond 2^53 arrive as bigint. No rule of any resource may stumble over one in any
// field of 64 bits, wherever the schema has it.
import { doesNotThrow, ok } from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { mustStructOf, type StructNode, type TypeNode } from '../apimachinery/schema/schema.js';
import { MESSAGES } from '../apis/facts/messages.js';
import type { RequestContext, ResourceDefinition } from '../apiserver/resource/definition.js';
import { loadExpressions } from '../apiserver/admission/expressions/load.js';
import { createRegistry } from './registry.js';
import { sampleOf } from './samples.test.js';

const NOW = Date.parse('2025-01-01T00:00:00Z');
const context: RequestContext = {
  now: NOW,
  user: { name: 'admin', groups: ['system:masters'] },
  dryRun: false,
  random: { next: () => 0.5, uuid: () => 'u-2' },
};
const LARGE = [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 53n) - 1n, -(2n ** 63n)];

type Path = readonly (string | 0)[];

/** Each path to a field of 64 bits; a message inside itself is not entered. */
function int64Paths(struct: StructNode, above: readonly StructNode[] = []): Path[] {
  const below = (type: TypeNode): Path[] => {
    if (type.kind === 'scalar') return type.scalar === 'int64' ? [[]] : [];
    if (type.kind === 'list') return below(type.item).map((path) => [0, ...path]);
    if (type.kind === 'map') return below(type.value).map((path) => ['key', ...path]);
    return above.includes(type.struct) ? [] : int64Paths(type.struct, [...above, struct]);
  };
  return [...struct.fields.values()].flatMap(({ name, type }) =>
    below(type).map((path) => [name, ...path]),
  );
}

/** Sets the value, through objects and lists that are made where they are missing. */
function put(object: object, path: Path, value: bigint): void {
  let at = object as Record<string | 0, unknown>;
  path.forEach((step, index) => {
    if (index === path.length - 1) at[step] = value;
    else at = (at[step] ??= path[index + 1] === 0 ? [] : {}) as typeof at;
  });
}

function runRules(definition: ResourceDefinition, sent: ApiObject, old: ApiObject): void {
  const object = structuredClone(sent);
  definition.defaults?.(object);
  const update = structuredClone(object);
  const status = structuredClone(object);
  definition.prepareCreate?.(object, context);
  definition.validate?.(object);
  definition.validateCreate?.(object);
  definition.warnings?.(object);
  definition.row?.(structuredClone(status), NOW);
  definition.gracePeriod?.(structuredClone(status), undefined);
  definition.prepareUpdate?.(update, old, context);
  definition.validate?.(update);
  definition.validateUpdate?.(update, old);
  definition.validateUpdate?.(structuredClone(old), update);
  definition.warnings?.(update, old);
  definition.status?.prepareUpdate?.(status, old, context);
  definition.status?.validateUpdate?.(status, old);
}

describe('integers of 64 bits', () => {
  before(() => loadExpressions());
  const registry = createRegistry({
    serviceClusterIPRange: '10.100.0.0/16',
    nodePortRange: '30000-32767',
  });
  let tried = 0;
  for (const definition of registry) {
    const { facts } = definition;
    it(`pass the rules of ${facts.resource}.${facts.version}.${facts.group || 'core'}`, () => {
      const old = sampleOf(facts)!;
      definition.defaults?.(old);
      definition.prepareCreate?.(old, context);
      for (const path of int64Paths(mustStructOf(MESSAGES, definition.schema)))
        for (const value of LARGE) {
          const object = sampleOf(facts)!;
          put(object, path, value);
          tried++;
          doesNotThrow(() => runRules(definition, object, old), `${path.join('.')}: ${value}`);
        }
    });
  }
  it('are in many fields', () => ok(tried > 500, `${tried}`));
});
