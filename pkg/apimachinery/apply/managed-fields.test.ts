import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESSAGES } from '../../apis/facts/messages.js';
import { cloneJson } from '../meta/clone.js';
import type { ManagedFieldsEntry } from '../meta/types.js';
import {
  difference,
  equalSets,
  intersection,
  members,
  pathText,
  sorted,
  union,
  type FieldSet,
} from './field-set.js';
import { MAX_UPDATE_MANAGERS } from '../limits.js';
import {
  managerName,
  updateManagedFields as updateSteps,
  type ManagerOptions,
} from './managed-fields.js';
import { unasked } from '../../../test/support/asking.js';

const updateManagedFields = unasked(updateSteps);

type Json = Record<string, unknown>;

const base: ManagerOptions = {
  manager: 'kubectl-create',
  apiVersion: 'apps/v1',
  time: '2024-01-01T00:00:00Z',
  schemaName: 'io.k8s.api.apps.v1.Deployment',
  table: MESSAGES,
};

function deployment(): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      labels: { app: 'web' },
      generation: 1,
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          restartPolicy: 'Always',
          securityContext: {},
          containers: [
            {
              name: 'nginx',
              image: 'nginx',
              resources: { limits: { cpu: '1' } },
              ports: [{ containerPort: 80, protocol: 'TCP' }],
              args: ['a'],
            },
          ],
        },
      },
    },
    status: {},
  };
}

function withFields(object: Json, managedFields: ManagedFieldsEntry[]): Json {
  return { ...object, metadata: { ...(object['metadata'] as Json), managedFields } };
}

describe('managed fields', () => {
  it("of a creation equal upstream's", () => {
    const [entry, ...rest] = updateManagedFields(undefined, deployment(), {
      ...base,
      resetFields: [['status']],
    });
    assert.equal(rest.length, 0);
    assert.deepEqual(entry, {
      manager: 'kubectl-create',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2024-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
          'f:template': {
            'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"nginx"}': {
                  '.': {},
                  'f:args': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    '.': {},
                    'k:{"containerPort":80,"protocol":"TCP"}': {
                      '.': {},
                      'f:containerPort': {},
                      'f:protocol': {},
                    },
                  },
                  'f:resources': { '.': {}, 'f:limits': { '.': {}, 'f:cpu': {} } },
                },
              },
              'f:restartPolicy': {},
              'f:securityContext': {},
            },
          },
        },
      },
    });
  });

  it('move to the manager that changes a field', () => {
    const live = withFields(deployment(), updateManagedFields(undefined, deployment(), base));
    const next = cloneJson(live);
    (next['spec'] as Json)['replicas'] = 3;
    const entries = updateManagedFields(live, next, {
      ...base,
      manager: 'scaler',
      time: '2024-01-02T00:00:00Z',
    });
    assert.deepEqual(
      entries.map((e) => e.manager),
      ['kubectl-create', 'scaler'],
    );
    assert.deepEqual(entries[1]!.fieldsV1, { 'f:spec': { 'f:replicas': {} } });
    assert.equal((entries[0]!.fieldsV1!['f:spec'] as Json)['f:replicas'], undefined);
    assert.equal(entries[0]!.time, '2024-01-01T00:00:00Z');
  });

  it('stay as they are when nothing changes', () => {
    const live = withFields(deployment(), updateManagedFields(undefined, deployment(), base));
    const entries = updateManagedFields(live, cloneJson(live), {
      ...base,
      time: '2030-01-01T00:00:00Z',
    });
    assert.deepEqual(entries, (live['metadata'] as { managedFields: unknown }).managedFields);
  });

  it('are dropped for removed fields, and reset by [{}]', () => {
    const live = withFields(deployment(), updateManagedFields(undefined, deployment(), base));
    const next = cloneJson(live);
    delete (next['metadata'] as Json)['labels'];
    const [entry] = updateManagedFields(live, next, { ...base, manager: 'other' });
    assert.equal(entry!.fieldsV1!['f:metadata'], undefined);
    assert.deepEqual(
      updateManagedFields(live, withFields(deployment(), [{}]), { ...base, manager: 'other' }),
      [],
    );
    const ignorant = deployment();
    assert.equal(
      updateManagedFields(live, ignorant, { ...base, manager: 'other' })[0]!.manager,
      'kubectl-create',
    );
  });

  it('stay absent from an object that nobody manages, whatever an update changes', () => {
    const live = deployment();
    const next = cloneJson(live);
    (next['metadata'] as Json)['labels'] = { changed: 'yes' };
    assert.deepEqual(updateManagedFields(live, next, { ...base, manager: 'other' }), []);
    const managed = withFields(live, updateManagedFields(undefined, live, base));
    assert.deepEqual(updateManagedFields(managed, withFields(next, [{}]), base), []);
  });

  it('of status stay with their manager when an update leaves status out', () => {
    const first = deployment();
    const created = withFields(first, updateManagedFields(undefined, first, base));
    const reported: Json = { ...created, status: { replicas: 1 } };
    const live = withFields(
      reported,
      updateManagedFields(created, reported, {
        ...base,
        manager: 'reporter',
        subresource: 'status',
        resetFields: [['spec']],
      }),
    );
    const { status: _, ...next } = live;
    for (const sent of [next, { ...next, status: {} }, { ...next, status: { replicas: 2 } }]) {
      const entries = updateManagedFields(live, sent, {
        ...base,
        manager: 'other',
        resetFields: [['status']],
      });
      assert.deepEqual(
        new Set(entries.map(({ manager }) => manager)),
        new Set([base.manager, 'reporter']),
      );
    }
  });

  it('that a client invented are ignored', () => {
    const live = withFields(deployment(), updateManagedFields(undefined, deployment(), base));
    for (const fieldsV1 of [{ 'f:a': 5 }, { x: {} }, { 'k:{bad': {} }, { '.': {} }, { 'v:': {} }]) {
      const next = withFields(deployment(), [
        { manager: 'z', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1 },
      ]);
      assert.deepEqual(
        updateManagedFields(live, next, { ...base, manager: 'other' }).map((e) => e.manager),
        ['kubectl-create'],
        JSON.stringify(fieldsV1),
      );
    }
    const own = [
      {
        manager: 'z',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { '.': {}, 'f:replicas': {} } },
      },
    ];
    assert.deepEqual(
      updateManagedFields(live, withFields(deployment(), own), { ...base, manager: 'other' }),
      own,
    );
  });

  it('of a subresource are kept apart', () => {
    const live = withFields(
      deployment(),
      updateManagedFields(undefined, deployment(), { ...base, resetFields: [['status']] }),
    );
    const next = cloneJson(live);
    next['status'] = { replicas: 1 };
    const entries = updateManagedFields(live, next, {
      ...base,
      subresource: 'status',
      resetFields: [['spec'], ['metadata', 'labels']],
    });
    assert.deepEqual(
      entries.map((e) => [e.manager, e.subresource]),
      [
        ['kubectl-create', undefined],
        ['kubectl-create', 'status'],
      ],
    );
    assert.deepEqual(entries[1]!.fieldsV1, { 'f:status': { 'f:replicas': {} } });
  });

  it('are bounded', () => {
    let live = withFields(deployment(), updateManagedFields(undefined, deployment(), base));
    for (let i = 0; i < MAX_UPDATE_MANAGERS + 5; i++) {
      const next = cloneJson(live);
      (next['metadata'] as { labels: Json }).labels[`l${i}`] = 'x';
      live = withFields(
        next,
        updateManagedFields(live, next, {
          ...base,
          manager: `m${i}`,
          time: `2024-02-${10 + i}T00:00:00Z`,
        }),
      );
    }
    const entries = (live['metadata'] as { managedFields: ManagedFieldsEntry[] }).managedFields;
    assert.equal(entries.length, MAX_UPDATE_MANAGERS);
    assert.equal(entries[0]!.manager, 'ancient-changes');
    assert.ok(((entries[0]!.fieldsV1!['f:metadata'] as Json)['f:labels'] as Json)['f:l0']);
  });

  it('name managers by User-Agent', () => {
    assert.equal(managerName(undefined, 'kubectl/v1.32.4 (linux)'), 'kubectl');
    assert.equal(managerName('me', 'kubectl/v1'), 'me');
  });
});

describe('field sets', () => {
  const element = fc.constantFrom('f:a', 'f:b', 'k:{"n":1}', 'v:"x"');
  const path = fc.array(element, { minLength: 1, maxLength: 3 });
  const one = (p: readonly string[]): FieldSet =>
    p.reduceRight<FieldSet>((node, e) => ({ [e]: node }), {});
  const set = fc
    .array(path, { maxLength: 6 })
    .map((paths) => paths.reduce<FieldSet>((all, p) => union(all, one(p)), {}));
  const asSet = (s: FieldSet): Set<string> => new Set(members(s).map((p) => p.join('|')));

  it('obey the algebra of sets', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [A, B] = [asSet(a), asSet(b)];
        assert.deepEqual(asSet(union(a, b)), new Set([...A, ...B]));
        assert.deepEqual(asSet(difference(a, b)), new Set([...A].filter((p) => !B.has(p))));
        assert.deepEqual(asSet(intersection(a, b)), new Set([...A].filter((p) => B.has(p))));
        assert.equal(equalSets(a, b), A.size === B.size && [...A].every((p) => B.has(p)));
        assert.ok(equalSets(sorted(a), a));
        assert.ok(equalSets(union(difference(a, b), intersection(a, b)), a));
      }),
    );
  });

  it('print paths as upstream does', () => {
    assert.equal(
      pathText(['f:spec', 'f:ports', 'k:{"containerPort":80,"protocol":"TCP"}', 'f:name']),
      '.spec.ports[containerPort=80,protocol="TCP"].name',
    );
    assert.equal(pathText(['f:metadata', 'f:finalizers', 'v:"a"']), '.metadata.finalizers[="a"]');
  });
});
