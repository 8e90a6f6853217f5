// Rules that hold for the definition of every resource.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { COLUMNS } from '../apis/facts/columns.js';
import { MESSAGES } from '../apis/facts/messages.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
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

const registry = createRegistry({
  serviceClusterIPRange: '10.100.0.0/16',
  nodePortRange: '30000-32767',
});

/** The sample as the apiserver would store it. */
function created(definition: ResourceDefinition): ApiObject {
  const object = sampleOf(definition.facts);
  ok(object, `no sample for ${definition.facts.resource}`);
  definition.defaults?.(object);
  definition.prepareCreate?.(object, context);
  deepStrictEqual(
    definition.allocate?.(object, undefined, { ...context, isFree: () => true }) ?? [],
    [],
  );
  return object;
}

describe('registry', () => {
  before(() => loadExpressions());
  it('has each resource and each storage folder once', () => {
    const names = registry.map(({ facts }) => `${facts.resource}.${facts.version}.${facts.group}`);
    strictEqual(new Set(names).size, names.length);
    // Several resources share a folder when they convert to the kind that is stored there.
    const folders = registry.filter(({ stored }) => !stored).map(({ storage }) => storage);
    strictEqual(new Set(folders).size, folders.length);
    for (const { storage } of registry) ok(folders.includes(storage));
  });

  for (const definition of registry) {
    const { facts } = definition;
    describe(`${facts.resource}.${facts.version}.${facts.group || 'core'}`, () => {
      it('has a schema and a storage folder', () => {
        ok(MESSAGES[definition.schema]);
        ok(definition.storage);
      });

      it('has a cell for each column', () => {
        if (!definition.row) return;
        const columns = definition.columns ?? COLUMNS[facts.kind];
        ok(columns, `no columns for ${facts.kind}`);
        const row = definition.row(created(definition), NOW);
        strictEqual(row.length, columns.length);
        for (const cell of row)
          ok(
            cell !== undefined && cell !== null && !Number.isNaN(cell),
            `empty cell in ${JSON.stringify(row)}`,
          );
      });

      it('has idempotent defaults', () => {
        const object = sampleOf(facts);
        ok(object);
        definition.defaults?.(object);
        const first = structuredClone(object);
        definition.defaults?.(object);
        deepStrictEqual(object, first);
      });

      it('accepts a valid object and its unchanged update', () => {
        const object = created(definition);
        deepStrictEqual(definition.validate?.(object), []);
        deepStrictEqual(definition.validateCreate?.(object) ?? [], []);
        const next = structuredClone(object);
        definition.defaults?.(next);
        definition.prepareUpdate?.(next, object, context);
        deepStrictEqual(next, object);
        deepStrictEqual(definition.validate?.(next), []);
        deepStrictEqual(definition.validateUpdate?.(next, object), []);
      });

      it('does not throw on an empty object', () => {
        const empty = { apiVersion: 'v1', kind: facts.kind, metadata: {} } as unknown as ApiObject;
        definition.defaults?.(empty);
        definition.prepareCreate?.(empty, context);
        const fields = (definition.validate?.(empty) ?? []).map(({ field }) => field);
        const named = Boolean(empty.metadata.name) || fields.includes('metadata.name');
        ok(named, `no complaint about the name: ${fields.join()}`);
      });

      it('reads the object that it stored', () => {
        if (!definition.stored) return;
        const object = created(definition);
        const back = definition.stored.fromStored(
          definition.stored.toStored(structuredClone(object)),
        );
        definition.defaults?.(back);
        deepStrictEqual(back.metadata, object.metadata);
        const owner = registry.find(
          ({ storage, stored }) => storage === definition.storage && !stored,
        );
        const stored = definition.stored.toStored(structuredClone(object));
        strictEqual(
          stored.apiVersion,
          owner?.facts.group ? `${owner.facts.group}/${owner.facts.version}` : owner?.facts.version,
        );
        owner?.defaults?.(stored);
        deepStrictEqual(owner?.validate?.(stored), []);
      });

      it('changes spec and status by their own endpoints only', () => {
        const old = created(definition) as ApiObject & { spec?: unknown; status?: unknown };
        if (!definition.status) return;
        const next = structuredClone(old);
        next.status = { conditions: [] };
        definition.prepareUpdate?.(next, old, context);
        deepStrictEqual(next.status, old.status);
        next.spec = {};
        definition.status.prepareUpdate?.(next, old, context);
        deepStrictEqual(next.spec, old.spec);
      });
    });
  }
});
