import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MESSAGES } from '../../apis/facts/messages.js';
import { StatusError } from '../errors/status-error.js';
import { cloneJson } from '../meta/clone.js';
import type { ManagedFieldsEntry } from '../meta/types.js';
import { updateManagedFields as updateSteps } from './managed-fields.js';
import { serverSideApply as applySteps, type ApplyOptions } from './server-side-apply.js';
import { itemElement } from './structure.js';
import { unasked } from '../../../test/support/asking.js';

const updateManagedFields = unasked(updateSteps);
const serverSideApply = unasked(applySteps);

type Json = Record<string, unknown>;

const options: ApplyOptions = {
  manager: 'a',
  apiVersion: 'apps/v1',
  time: '2024-01-01T00:00:00Z',
  schemaName: 'io.k8s.api.apps.v1.Deployment',
  table: MESSAGES,
  force: false,
};

const config = (spec: Json, metadata: Json = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', ...metadata },
  spec,
});
const pod = (...containers: Json[]): Json => ({ template: { spec: { containers } } });
const apply = (live: Json | undefined, applied: Json, more: Partial<ApplyOptions> = {}): Json =>
  serverSideApply(live, applied, { ...options, ...more });
const entries = (object: Json): ManagedFieldsEntry[] =>
  (object['metadata'] as { managedFields: ManagedFieldsEntry[] }).managedFields;

/** An update by another client, with its managed fields. */
function update(live: Json, change: (object: Json) => void, manager = 'updater'): Json {
  const next = cloneJson(live);
  change(next);
  const managedFields = updateManagedFields(live, next, { ...options, manager });
  return { ...next, metadata: { ...(next['metadata'] as Json), managedFields } };
}

const conflict =
  (message: string, fields: string[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof StatusError);
    assert.equal(error.code, 409);
    assert.equal(error.message, message);
    assert.deepEqual(
      error.status.details?.causes?.map((c) => [c.reason, c.field]),
      fields.map((f) => ['FieldManagerConflict', f]),
    );
    return true;
  };

describe('server-side apply', () => {
  it('creates an object and owns the applied fields', () => {
    const made = apply(
      undefined,
      config({ replicas: 2, ...pod({ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }) }),
    );
    assert.deepEqual(made['spec'], {
      replicas: 2,
      ...pod({ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }),
    });
    assert.deepEqual(entries(made), [
      {
        manager: 'a',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2024-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"c"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': {
                      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it('is idempotent, times included', () => {
    const applied = config({ replicas: 2, ...pod({ name: 'c', image: 'i' }) });
    const once = apply(undefined, applied);
    assert.deepEqual(apply(once, applied, { time: '2030-01-01T00:00:00Z' }), once);
  });

  it('refuses to overwrite, unless forced', () => {
    const live = update(
      apply(undefined, config({ replicas: 2 })),
      (o) => ((o['spec'] as Json)['replicas'] = 5),
      'kubectl-x',
    );
    assert.throws(
      () => apply(live, config({ replicas: 3 })),
      conflict(
        'Apply failed with 1 conflict: conflict with "kubectl-x" using apps/v1: .spec.replicas',
        ['.spec.replicas'],
      ),
    );
    const forced = apply(live, config({ replicas: 3 }), { force: true });
    assert.deepEqual(forced['spec'], { replicas: 3 });
    assert.deepEqual(
      entries(forced).map((e) => e.manager),
      ['a'],
    );
  });

  it('lists several conflicts by manager', () => {
    let live = apply(undefined, config({ replicas: 2, paused: true, minReadySeconds: 1 }));
    live = update(
      live,
      (o) => Object.assign(o['spec'] as Json, { replicas: 5, paused: false }),
      'x',
    );
    live = apply(live, config({ minReadySeconds: 4 }), { manager: 'b', force: true });
    assert.throws(
      () => apply(live, config({ replicas: 3, paused: true, minReadySeconds: 2 })),
      conflict(
        'Apply failed with 3 conflicts: conflicts with "b":\n- .spec.minReadySeconds\nconflicts with "x" using apps/v1:\n- .spec.paused\n- .spec.replicas',
        ['.spec.minReadySeconds', '.spec.paused', '.spec.replicas'],
      ),
    );
  });

  it('shares a field of equal value', () => {
    const live = apply(apply(undefined, config({ replicas: 2 })), config({ replicas: 2 }), {
      manager: 'b',
    });
    assert.deepEqual(
      entries(live).map((e) => [e.manager, e.fieldsV1]),
      [
        ['b', { 'f:spec': { 'f:replicas': {} } }],
        ['a', { 'f:spec': { 'f:replicas': {} } }],
      ],
    );
    // An apply that changes no value has no time.
    assert.deepEqual(
      entries(live).map((e) => 'time' in e),
      [false, true],
    );
    const left = apply(live, config({}));
    assert.deepEqual(left['spec'], { replicas: 2 });
  });

  it('removes fields that it no longer applies and no other manager owns', () => {
    const live = apply(
      undefined,
      config(
        { replicas: 2, ...pod({ name: 'c', image: 'i' }, { name: 'd', image: 'j' }) },
        { labels: { x: '1', y: '2' } },
      ),
    );
    const next = apply(live, config(pod({ name: 'd', image: 'j' }), { labels: { y: '2' } }));
    assert.deepEqual(next['spec'], pod({ name: 'd', image: 'j' }));
    assert.deepEqual((next['metadata'] as Json)['labels'], { y: '2' });
  });

  it('keeps the fields of other managers', () => {
    let live = apply(undefined, config(pod({ name: 'c', image: 'i' }), { labels: { x: '1' } }));
    live = update(live, (o) => {
      (o['metadata'] as { labels: Json }).labels['z'] = '3';
      (o['spec'] as { template: { spec: { containers: Json[] } } }).template.spec.containers.push({
        name: 'side',
        image: 's',
      });
    });
    const next = apply(live, config(pod({ name: 'c', image: 'new' })));
    assert.deepEqual((next['metadata'] as Json)['labels'], { z: '3' });
    assert.deepEqual(next['spec'], pod({ name: 'c', image: 'new' }, { name: 'side', image: 's' }));
  });

  it('takes over from an update without managed fields', () => {
    const live = config({ replicas: 2, paused: true });
    const next = apply(live, config({ replicas: 2 }));
    assert.deepEqual(
      entries(next).map((e) => e.manager),
      ['a', 'before-first-apply'],
    );
    assert.throws(
      () => apply(live, config({ replicas: 9 })),
      /conflict with "before-first-apply" using apps\/v1: \.spec\.replicas/,
    );
  });

  it('lets kubectl take over its client-side apply', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const first = config(
      { replicas: 2 },
      { annotations: { [annotation]: JSON.stringify(config({ replicas: 2 })) } },
    );
    const managedFields = updateManagedFields(undefined, first, {
      ...options,
      manager: 'kubectl-client-side-apply',
    });
    const live = { ...first, metadata: { ...(first['metadata'] as Json), managedFields } };
    assert.throws(
      () => apply(live, config({ replicas: 3 })),
      /conflict with "kubectl-client-side-apply"/,
    );
    const next = apply(live, config({ replicas: 3 }), { manager: 'kubectl' });
    assert.deepEqual(next['spec'], { replicas: 3 });
    assert.equal(
      JSON.parse(
        (next['metadata'] as { annotations: Record<string, string> }).annotations[annotation]!,
      ).spec.replicas,
      3,
    );
  });

  describe('on a list whose items share a key', () => {
    const env = (...pairs: [string, string][]): Json =>
      pod({ name: 'c', image: 'i', env: pairs.map(([name, value]) => ({ name, value })) });
    const envOf = (object: Json): string => {
      const { containers } = ((object['spec'] as Json)['template'] as Json)['spec'] as Json as {
        containers: { env?: { name: string; value?: string }[] }[];
      };
      return (containers[0]!.env ?? []).map(({ name, value }) => `${name}=${value}`).join(' ');
    };
    const only = (...pairs: [string, string][]): Json =>
      config(pod({ name: 'c', env: pairs.map(([name, value]) => ({ name, value })) }));
    const created = (() => {
      const first = config(env(['F', '1'], ['F', '2'], ['G', '3']));
      const managedFields = updateManagedFields(undefined, first, { ...options, manager: 'maker' });
      return { ...first, metadata: { ...(first['metadata'] as Json), managedFields } };
    })();

    it('keeps all items that it does not apply', () => {
      const next = apply(created, only(['H', 'x']), { manager: 'm2' });
      assert.equal(envOf(next), 'F=1 F=2 G=3 H=x');
    });

    it('owns the items as one element', () => {
      const text = JSON.stringify(entries(created)[0]!.fieldsV1);
      assert.ok(text.includes('"k:{\\"name\\":\\"F\\"}":{}'), text);
      assert.ok(text.includes('"k:{\\"name\\":\\"G\\"}":{".":{}'), text);
    });

    it('names the element in a conflict, and replaces all items when forced', () => {
      const path = '.spec.template.spec.containers[name="c"].env[name="F"]';
      assert.throws(
        () => apply(created, only(['F', 'x']), { manager: 'm3' }),
        conflict(`Apply failed with 1 conflict: conflict with "maker" using apps/v1: ${path}`, [
          path,
        ]),
      );
      const forced = apply(created, only(['F', 'x']), { manager: 'm3', force: true });
      assert.equal(envOf(forced), 'F=x G=3');
      const dropped = apply(forced, only(['I', 'z']), { manager: 'm3' });
      assert.equal(envOf(dropped), 'G=3 I=z');
    });

    it('follows updates that add, change and remove such items', () => {
      const edit = (live: Json, ...pairs: [string, string][]): Json =>
        update(live, (o) => (o['spec'] = env(...pairs)), 'editor');
      const owners = (object: Json): string[] =>
        entries(object)
          .filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('\\"F\\"'))
          .map(({ manager }) => manager!);
      assert.deepEqual(owners(edit(created, ['F', '1'], ['F', '2'])), ['maker']);
      assert.deepEqual(owners(edit(created, ['F', '1'], ['F', '9'])), ['editor']);
      assert.deepEqual(owners(edit(created, ['F', '1'])), ['editor']);
      assert.deepEqual(owners(edit(created, ['G', '3'])), []);
      assert.deepEqual(owners(edit(created, ['F', '1'], ['F', '2'], ['F', '3'])), ['editor']);
    });
  });

  it('refuses unknown fields, duplicate items and managedFields', () => {
    assert.throws(() => apply(undefined, config({ replica: 1 })), {
      message:
        'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema',
    });
    assert.throws(
      () => apply(undefined, config(pod({ name: 'c' }, { name: 'c' }))),
      /\.spec\.template\.spec\.containers: duplicate entries for key \[name="c"\]/,
    );
    assert.throws(
      () => apply(undefined, config({}, { managedFields: [] })),
      /metadata.managedFields must be nil/,
    );
  });

  it('ignores fields that the endpoint does not change', () => {
    const made = apply(
      undefined,
      { ...config({ replicas: 1 }), status: { replicas: 7 } },
      { resetFields: [['status']] },
    );
    assert.equal(made['status'], undefined);
    assert.deepEqual(entries(made)[0]!.fieldsV1, { 'f:spec': { 'f:replicas': {} } });
  });

  it('names items by keys beyond 2^53', () => {
    const untyped = { type: undefined, facts: undefined };
    assert.equal(itemElement({ n: 2n ** 60n }, ['n'], untyped), 'k:{"n":1152921504606846976}');
    assert.equal(itemElement({ n: 5, a: 'x' }, ['n', 'a'], untyped), 'k:{"a":"x","n":5}');
  });

  it('converges: the result has the applied fields, and the arguments stay unchanged', () => {
    const container = fc.record(
      {
        name: fc.constantFrom('a', 'b', 'c'),
        image: fc.constantFrom('x', 'y'),
        args: fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }),
      },
      { requiredKeys: ['name'], noNullPrototype: true },
    );
    const spec = fc.record(
      {
        replicas: fc.nat(3),
        paused: fc.boolean(),
        template: fc.record(
          {
            spec: fc.record(
              { containers: fc.uniqueArray(container, { selector: (c) => c.name }) },
              { noNullPrototype: true },
            ),
          },
          { noNullPrototype: true },
        ),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('m', 'n'), spec), { minLength: 1, maxLength: 5 }),
        (steps) => {
          let live: Json | undefined;
          for (const [manager, applied] of steps) {
            const body = config(applied);
            const before = cloneJson({ live, body });
            const next = apply(live, body, { manager, force: true });
            assert.deepEqual({ live, body }, before);
            assert.deepEqual(apply(next, body, { manager }), next);
            live = next;
          }
        },
      ),
    );
  });
});
