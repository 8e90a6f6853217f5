// Owners of fields in several versions of a kind, whose fields a converter renames.
import { deepStrictEqual as equal, throws } from 'node:assert/strict';
import { scalar, struct } from '../../../test/support/type-nodes.js';
import type { FieldFacts } from '../schema/facts.js';
import type { ManagedFieldsEntry } from '../meta/types.js';
import { updateManagedFields, type Asking } from './managed-fields.js';
import { serverSideApply } from './server-side-apply.js';
import type { JsonObject, Typed } from './structure.js';

const text = scalar('string');
const PORTS: FieldFacts = { 'list-type': 'map', 'list-map-keys': ['name'] };
const port = struct({ name: [text], number: [scalar('int64')] });

/** The fields of the spec in v1, and their names in v2. */
const NAMES = [
  ['host', 'address'],
  ['size', 'size'],
  ['ports', 'doors'],
] as const;

const kind = (at: 0 | 1): Typed => ({
  facts: undefined,
  type: struct({
    apiVersion: [text],
    kind: [text],
    metadata: [struct({}, true)],
    spec: [
      struct({
        [NAMES[0][at]]: [text],
        [NAMES[1][at]]: [scalar('int64')],
        [NAMES[2][at]]: [{ kind: 'list', item: port }, PORTS],
      }),
    ],
  }),
});
const KINDS: Readonly<Record<string, Typed>> = { v1: kind(0), v2: kind(1) };

function convert(object: JsonObject, apiVersion: string): JsonObject {
  const to = apiVersion === 'v2' ? 1 : 0;
  const spec: JsonObject = {};
  for (const [name, value] of Object.entries((object['spec'] ?? {}) as JsonObject)) {
    const pair = NAMES.find((names) => names.includes(name as never));
    spec[pair ? pair[to] : name] = value;
  }
  return { ...object, apiVersion, spec };
}

/** The versions of which the steps ask, and what they make of the answers. */
function run<T>(steps: Asking<T>): { asked: string[]; value: T } {
  const asked: string[] = [];
  let step = steps.next();
  while (!step.done) {
    const { object, apiVersion } = step.value;
    asked.push(apiVersion);
    step = steps.next(convert(object, apiVersion));
  }
  return { asked, value: step.value };
}

const options = (manager: string, apiVersion: string) => ({
  manager,
  apiVersion,
  time: '2024-01-01T00:00:00Z',
  typed: KINDS[apiVersion]!,
  typedIn: (version: string) => KINDS[version],
  force: false,
});

/** `live` is the object as the version of the apply shows it. */
function apply(
  live: JsonObject | undefined,
  manager: string,
  apiVersion: string,
  spec: JsonObject,
  force = false,
): JsonObject {
  const applied = { apiVersion, kind: 'Web', metadata: { name: 'a' }, spec };
  const shown = live && convert(live, apiVersion);
  return run(serverSideApply(shown, applied, { ...options(manager, apiVersion), force })).value;
}

function update(
  live: JsonObject,
  manager: string,
  apiVersion: string,
  spec: JsonObject,
): JsonObject {
  const before = convert(live, apiVersion);
  const after: JsonObject = { ...before, spec };
  const managedFields = run(updateManagedFields(before, after, options(manager, apiVersion))).value;
  return { ...after, metadata: { ...(after['metadata'] as JsonObject), managedFields } };
}

const owners = (object: JsonObject): unknown[] =>
  (object['metadata'] as { managedFields: ManagedFieldsEntry[] }).managedFields.map(
    ({ manager, apiVersion, fieldsV1 }) => [manager, apiVersion, fieldsV1?.['f:spec']],
  );
const specOf = (object: JsonObject): unknown => object['spec'];

describe('owners in another version', () => {
  const first = apply(undefined, 'm', 'v1', { host: 'x', size: 1 });

  it('hold the field that has another name there, and lose it by force', () => {
    throws(() => apply(first, 'n', 'v2', { address: 'y' }), {
      message: 'Apply failed with 1 conflict: conflict with "m": .spec.host',
    });
    const taken = apply(first, 'n', 'v2', { address: 'y' }, true);
    equal(specOf(taken), { address: 'y', size: 1 });
    equal(owners(taken), [
      ['m', 'v1', { 'f:size': {} }],
      ['n', 'v2', { 'f:address': {} }],
    ]);
    throws(() => apply(first, 'n', 'v2', { size: 2 }), /conflict with "m": \.spec\.size$/);
  });

  it('share a field when they apply the same value, and keep it for each other', () => {
    const shared = apply(first, 'n', 'v2', { address: 'x' });
    equal(owners(shared), [
      ['n', 'v2', { 'f:address': {} }],
      ['m', 'v1', { 'f:host': {}, 'f:size': {} }],
    ]);
    const left = apply(shared, 'm', 'v1', { size: 1 });
    equal(specOf(left), { host: 'x', size: 1 });
    equal(specOf(apply(left, 'n', 'v2', {})), { size: 1 });
  });

  it('may be the same manager, which then applies in the new version', () => {
    const moved = apply(first, 'm', 'v2', { address: 'x' });
    equal(specOf(moved), { address: 'x' });
    equal(owners(moved), [['m', 'v2', { 'f:address': {} }]]);
  });

  it('own items of lists by their keys', () => {
    const live = apply(undefined, 'm', 'v1', { ports: [{ name: 'a', number: 1 }] });
    const both = apply(live, 'n', 'v2', { doors: [{ name: 'b', number: 2 }] });
    equal(specOf(apply(both, 'm', 'v1', {})), { ports: [{ name: 'b', number: 2 }] });
    throws(
      () => apply(both, 'n', 'v2', { doors: [{ name: 'a', number: 3 }] }),
      /conflict with "m": \.spec\.ports\[name="a"\]\.number$/,
    );
  });

  it('lose what an update changes, and nothing else', () => {
    const next = update(first, 'u', 'v2', { address: 'y', size: 1 });
    equal(owners(next), [
      ['m', 'v1', { 'f:size': {} }],
      ['u', 'v2', { 'f:address': {} }],
    ]);
    equal(owners(update(first, 'u', 'v2', { address: 'x' })), [['m', 'v1', { 'f:host': {} }]]);
    equal(owners(update(first, 'u', 'v2', { address: 'x', size: 1 })), owners(first));
  });

  it('are dropped with their version', () => {
    const { managedFields } = first['metadata'] as { managedFields: ManagedFieldsEntry[] };
    const gone = managedFields.map((entry) => ({ ...entry, apiVersion: 'v0' }));
    const live = { ...first, metadata: { name: 'a', managedFields: gone } };
    equal(owners(apply(live, 'n', 'v2', { address: 'y' })), [['n', 'v2', { 'f:address': {} }]]);
    equal(owners(update(live, 'u', 'v2', { address: 'y', size: 1 })), [
      ['u', 'v2', { 'f:address': {} }],
    ]);
  });

  it('are all dropped by an update whose result their version does not declare', () => {
    const more = { address: 'y', size: 1, other: 1 };
    equal(owners(update(first, 'u', 'v2', more)), []);
  });

  it('are asked for only when there are some', () => {
    const applied = { apiVersion: 'v1', kind: 'Web', metadata: { name: 'a' }, spec: { size: 2 } };
    equal(run(serverSideApply(first, applied, options('m', 'v1'))).asked, []);
    const v2 = { ...applied, apiVersion: 'v2', spec: { size: 1 } };
    const steps = serverSideApply(convert(first, 'v2'), v2, options('n', 'v2'));
    equal(run(steps).asked, ['v1', 'v1']);
  });
});
