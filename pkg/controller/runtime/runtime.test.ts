import assert from 'node:assert/strict';
import { conflict } from '../../apimachinery/errors/status-error.js';
import { selectorFromMap } from '../../apimachinery/labels/selector.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { PODS, REPLICA_SETS } from '../../apis/resource-types.js';
import { controllerReference, refersTo } from '../../component-helpers/owner-references.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { runAll, slowStart } from './batches.js';
import type { NamedController } from './controller.js';
import { Expectations } from './expectations.js';
import { planAdoption } from './ownership.js';
import { runControllers } from './run-controllers.js';

describe('controller runtime', () => {
  it('retries a failing key with back-off, and obeys requeueAfterMs', async () => {
    const env = virtualEnv();
    const times: number[] = [];
    const start = env.clock.now();
    const outcomes = [
      () => Promise.reject(new Error('no')),
      () => Promise.reject(conflict(PODS, 'x')),
      () => Promise.resolve({ requeueAfterMs: 5000 }),
    ];
    const abort = new AbortController();
    const controller: NamedController = {
      name: 'c',
      workers: 2,
      watches: [],
      reconcile() {
        times.push(env.clock.now() - start);
        return outcomes[times.length - 1]?.() ?? Promise.resolve();
      },
      run: (add) => Promise.resolve(add('k')),
    };
    const run = runControllers(env, [controller], abort.signal);
    await env.clock.advance(60_000);
    abort.abort();
    await run;
    assert.deepEqual(times, [0, 5, 15, 5015]);
    assert.deepEqual(
      env.log.lines.filter((l) => l.level === 'warn').map((l) => l.fields['error']),
      ['no'],
      'a conflict is not logged as a warning',
    );
  });

  it('never runs one key twice at once', async () => {
    const env = virtualEnv();
    let running = 0;
    let most = 0;
    let runs = 0;
    const controller: NamedController = {
      name: 'c',
      workers: 4,
      watches: [],
      async reconcile() {
        most = Math.max(most, ++running);
        runs++;
        await new Promise<void>((resolve) => env.clock.after(100, resolve));
        running--;
      },
      run: (add) =>
        new Promise((resolve) => {
          const again = () =>
            abort.signal.aborted ? resolve() : (add('k'), env.clock.after(10, again));
          again();
        }),
    };
    const abort = new AbortController();
    const run = runControllers(env, [controller], abort.signal);
    await env.clock.advance(1000);
    abort.abort();
    await env.clock.advance(1000);
    await run;
    assert.equal(most, 1);
    assert.ok(runs >= 9);
  });

  it('refuses two controllers of one name', async () => {
    const controller: NamedController = {
      name: 'c',
      workers: 1,
      watches: [],
      reconcile: () => Promise.resolve(),
    };
    await assert.rejects(
      runControllers(virtualEnv(), [controller, controller], new AbortController().signal),
      /two controllers/,
    );
  });
});

describe('expectations', () => {
  it('are open until all was observed or they expire', async () => {
    const { clock } = virtualEnv();
    const expectations = new Expectations(clock);
    assert.equal(expectations.openFor('k') === 0, true);
    expectations.expect('k');
    expectations.created('k', 'one');
    expectations.created('k', 'two');
    expectations.seen('k', 'one');
    assert.equal(expectations.openFor('k') === 0, false);
    expectations.seen('k', 'two');
    assert.equal(expectations.openFor('k') === 0, true);
    expectations.expect('k', ['a', 'b']);
    expectations.deleted('k', 'a');
    expectations.deleted('k', 'a');
    assert.equal(expectations.openFor('k') === 0, false, 'one deletion seen twice counts once');
    await clock.advance(299_999);
    assert.equal(expectations.openFor('k'), 1);
    await clock.advance(1);
    assert.equal(expectations.openFor('k') === 0, true);
  });

  it('ignore a creation whose answer was lost, and accept an event before the answer', () => {
    const expectations = new Expectations(virtualEnv().clock);
    expectations.expect('k');
    expectations.created('k', 'one');
    expectations.seen('k', 'carried out all the same');
    assert.equal(expectations.openFor('k') === 0, false);
    expectations.seen('k', 'two');
    expectations.created('k', 'two');
    expectations.seen('k', 'one');
    assert.equal(expectations.openFor('k') === 0, true);
  });
});

describe('ownership', () => {
  const owner: ApiObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'rs', namespace: 'ns', uid: 'me' },
  };
  const object = (
    name: string,
    labels: Record<string, string>,
    controller?: string,
    dying = false,
  ): ApiObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels,
      ...(controller
        ? {
            ownerReferences: [
              {
                apiVersion: 'apps/v1',
                kind: 'ReplicaSet',
                name: 'rs',
                uid: controller,
                controller: true,
              },
            ],
          }
        : {}),
      ...(dying ? { deletionTimestamp: 'now' } : {}),
    },
  });
  const names = (objects: ApiObject[]) => objects.map(({ metadata }) => metadata.name);
  const candidates = [
    object('mine', { app: 'x' }, 'me'),
    object('strayed', { app: 'y' }, 'me'),
    object('free', { app: 'x' }),
    object('unfit', { app: 'y' }),
    object('dying', { app: 'x' }, undefined, true),
    object('theirs', { app: 'x' }, 'other'),
  ];

  it('keeps, adopts and releases by selector and uid', () => {
    const plan = planAdoption(owner, selectorFromMap({ app: 'x' }), candidates);
    assert.deepEqual([plan.owned, plan.adopt, plan.release].map(names), [
      ['mine'],
      ['free'],
      ['strayed'],
    ]);
  });

  it('adopts and releases nothing for an owner being deleted', () => {
    const dying = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: 'now' } };
    const plan = planAdoption(dying, selectorFromMap({ app: 'x' }), candidates);
    assert.deepEqual([plan.owned, plan.adopt, plan.release].map(names), [['mine'], [], []]);
  });

  it('distinguishes kinds of the same name in different groups', () => {
    assert.equal(refersTo(controllerReference(REPLICA_SETS, owner), REPLICA_SETS), true);
    assert.equal(
      refersTo(
        { ...controllerReference(REPLICA_SETS, owner), apiVersion: 'extensions/v1beta1' },
        REPLICA_SETS,
      ),
      false,
    );
    assert.equal(
      refersTo(
        { ...controllerReference(REPLICA_SETS, owner), apiVersion: 'apps/v1beta2' },
        REPLICA_SETS,
      ),
      true,
    );
  });
});

describe('batches', () => {
  it('start slowly and stop at the first bad batch', async () => {
    let calls = 0;
    const fine = await slowStart(10, async () => void calls++);
    assert.deepEqual([fine.tried, fine.errors.length, calls], [10, 0, 10]);
    calls = 0;
    const bad = await slowStart(100, async () => {
      if (++calls > 2) throw new Error('quota');
    });
    assert.deepEqual([bad.tried, bad.errors.length], [3, 1]);
  });

  it('run the rest after a failure', async () => {
    const done: number[] = [];
    const errors = await runAll([1, 2, 3], async (n) => {
      if (n === 2) throw new Error('two');
      done.push(n);
    });
    assert.deepEqual([done, errors.length], [[1, 3], 1]);
  });
});
