import assert from 'node:assert/strict';
import { IndexedStore } from '../client/store.js';
import type { Pod } from '../apis/core/v1/types.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { chooseControllers, CONTROLLERS } from './controllers.js';
import { excessTerminated, isUnscheduledTerminating } from './podgc/plan.js';
import { equalJson } from '../apimachinery/meta/clone.js';
import { OwnWrites } from './runtime/own-writes.js';

const pod = (
  name: string,
  {
    deleting = false,
    node,
    phase = 'Running',
    revision = '1',
    uid = name,
    age = 0,
  }: {
    deleting?: boolean;
    node?: string;
    phase?: string;
    revision?: string;
    uid?: string;
    age?: number;
  } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid,
    resourceVersion: revision,
    creationTimestamp: `2026-01-0${9 - age}T00:00:00Z`,
    ...(deleting ? { deletionTimestamp: 'now' } : {}),
  },
  spec: { containers: [], ...(node ? { nodeName: node } : {}) },
  status: { phase },
});

describe('the list of controllers', () => {
  const names = (wanted: string[]) => chooseControllers(wanted).map(({ name }) => name);

  it('names each controller once, aliases included', () => {
    const all = CONTROLLERS.flatMap(({ aliases, name }) => [name, ...aliases]);
    assert.equal(new Set(all).size, all.length);
  });

  it('is filtered by --controllers', () => {
    const off = [
      'bootstrap-signer-controller',
      'token-cleaner-controller',
      'service-lb-controller',
    ];
    assert.deepEqual(
      names(['*']),
      CONTROLLERS.map(({ name }) => name).filter((name) => !off.includes(name)),
    );
    assert.equal(names(['*', 'service', ...off]).length, CONTROLLERS.length);
    assert.deepEqual(names(['namespace', 'replicaset-controller']), [
      'namespace-controller',
      'replicaset-controller',
    ]);
    assert.ok(!names(['*', '-podgc']).includes('pod-garbage-collector-controller'));
    assert.throws(
      () => names(['*', '-nonsense']),
      /"nonsense" is not in the list of known controllers/,
    );
  });
});

describe('pod garbage collection plan', () => {
  it('deletes the oldest finished pods beyond the threshold', () => {
    const pods = [
      pod('a', { phase: 'Failed', age: 1 }),
      pod('b', { phase: 'Succeeded', age: 3 }),
      pod('c', { phase: 'Failed', age: 2 }),
      pod('d', { age: 5 }),
    ];
    assert.deepEqual(
      excessTerminated(pods, 2).map(({ metadata }) => metadata.name),
      ['b'],
    );
    assert.deepEqual(excessTerminated(pods, 3), []);
    assert.deepEqual(excessTerminated(pods, 0), []);
  });

  it('finds terminating pods without a node', () => {
    assert.deepEqual(
      [pod('a', { deleting: true }), pod('b', { deleting: true, node: 'n' }), pod('c')].map(
        isUnscheduledTerminating,
      ),
      [true, false, false],
    );
  });
});

describe('own writes', () => {
  it('delay a key until the cache shows them, for a bounded time', async () => {
    const { clock } = virtualEnv();
    const writes = new OwnWrites(clock);
    const store = new IndexedStore<Pod>();
    assert.equal(writes.behindMs('k', store), 0);
    writes.wrote('k', pod('a', { revision: '10' }));
    assert.ok(writes.behindMs('k', store) > 0, 'not there yet');
    store.put(pod('a', { revision: '9' }));
    assert.ok(writes.behindMs('k', store) > 0, 'an older one');
    store.put(pod('a', { revision: '10' }));
    assert.equal(writes.behindMs('k', store), 0);
    writes.removed('k', pod('a'));
    assert.ok(writes.behindMs('k', store) > 0, 'still there');
    await clock.advance(299_500);
    assert.equal(writes.behindMs('k', store), 500);
    await clock.advance(500);
    assert.equal(writes.behindMs('k', store), 0, 'waited long enough');
  });

  it('are shown by a cache that has passed their revision, also when the object is gone again', () => {
    const writes = new OwnWrites(virtualEnv().clock);
    const store = new IndexedStore<Pod>();
    writes.wrote('k', pod('a', { revision: '10' }));
    store.revision = 9n;
    assert.equal(writes.behindMs('k', store), 1_000);
    store.revision = 12n;
    assert.equal(writes.behindMs('k', store), 0);
  });
});

describe('equality of JSON', () => {
  it('ignores key order and absent keys, nothing else', () => {
    assert.ok(
      equalJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1, d: undefined }),
    );
    for (const [a, b] of [
      [
        [1, 2],
        [2, 1],
      ],
      [{ a: 1 }, { a: '1' }],
      [[], {}],
      [null, {}],
      [{ a: null }, {}],
      [[1], [1, 2]],
    ])
      assert.ok(!equalJson(a, b), JSON.stringify([a, b]));
  });
});
