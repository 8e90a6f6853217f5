import assert from 'node:assert/strict';
import { forbidden, notFound } from '../../apimachinery/errors/status-error.js';
import { selectorFromMap } from '../../apimachinery/labels/selector.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ReplicaSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { PODS, REPLICA_SETS } from '../../apis/resource-types.js';
import type { Indexers } from '../../client/informer.js';
import { IndexedStore } from '../../client/store.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { ControllerContext } from './controller.js';
import { PodControl, podFromTemplate, type PodControlOptions } from './pod-control.js';

const owner = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'ns', uid: 'web-uid' },
  spec: { selector: { matchLabels: { app: 'web' } } },
} as ReplicaSet;

const terminating = forbidden(PODS, 'p', 'because it is being terminated', [
  { reason: 'NamespaceTerminating', message: '', field: '' },
]);

function podOf(name: string, metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', uid: `${name}-uid`, labels: { app: 'web' }, ...metadata },
    spec: { containers: [] },
  };
}
const owned = (name: string, metadata: Partial<Pod['metadata']> = {}): Pod =>
  podOf(name, { ownerReferences: [controllerReference(REPLICA_SETS, owner)], ...metadata });

interface Answers {
  create?: () => Promise<ApiObject>;
  delete?: () => Promise<unknown>;
  get?: () => Promise<ApiObject>;
}

/** Pod control of replica sets over caches that a test fills; requests are noted and answered. */
function fixture(answers: Answers = {}, options: Partial<PodControlOptions<ReplicaSet>> = {}) {
  const stores = new Map<string, IndexedStore<ApiObject>>();
  const informer = (type: { resource: string }) => {
    const store = new IndexedStore<ApiObject>();
    store.addIndexers({ namespace: ({ metadata }) => [metadata.namespace ?? ''] });
    stores.set(type.resource, store);
    const addIndexers = (indexers: Indexers<ApiObject>) => store.addIndexers(indexers);
    return { type, store, synced: true, addIndexers };
  };
  const events: string[] = [];
  const patches: unknown[] = [];
  const env = virtualEnv();
  const client = {
    create: answers.create ?? (() => Promise.resolve(owned('made'))),
    delete: answers.delete ?? (() => Promise.resolve({})),
    get: answers.get ?? (() => Promise.resolve(owner)),
    patch: (_type: unknown, _key: unknown, { metadata }: { metadata: object }) => {
      patches.push(metadata);
      return Promise.resolve(owned('adopted'));
    },
  };
  const event = (_about: unknown, type: string, reason: string, message: string) =>
    events.push(`${type} ${reason} ${message}`);
  const context = { env, client, informers: { informer }, events: () => ({ event }) };
  const control = new PodControl<ReplicaSet>(context as unknown as ControllerContext, {
    type: REPLICA_SETS,
    component: 'replicaset-controller',
    selector: ({ spec }) => selectorFromMap(spec.selector.matchLabels ?? {}),
    ...options,
  });
  stores.get('replicasets')!.put(owner);
  const cache = (...pods: Pod[]) => pods.forEach((pod) => stores.get('pods')!.put(pod));
  return { control, events, patches, cache };
}

const template = podFromTemplate(REPLICA_SETS, owner, undefined);

describe('pod control', () => {
  it('creates with an event, and is not settled until the cache shows the pod', async () => {
    const { control, events } = fixture();
    control.expect(owner, []);
    assert.equal(await control.create(owner, [template]), undefined);
    assert.deepEqual(events, ['Normal SuccessfulCreate Created pod: made']);
    assert.equal(control.settled('ns/web'), false);
    assert.deepEqual(control.keysOfPod(owned('made'), undefined, 'added'), ['ns/web']);
    assert.equal(control.settled('ns/web'), true);
  });

  it('reports a refused creation and stops after the batch', async () => {
    let tried = 0;
    const refusal = forbidden(PODS, 'p', 'exceeded quota');
    const { control, events } = fixture({ create: () => (tried++, Promise.reject(refusal)) });
    control.expect(owner, []);
    assert.equal(await control.create(owner, [template, template, template]), refusal);
    assert.equal(tried, 1);
    assert.deepEqual(events, [`Warning FailedCreate Error creating: ${refusal.message}`]);
    assert.equal(control.settled('ns/web'), true);
  });

  it('neither fails nor reports in a namespace that is being deleted', async () => {
    let tried = 0;
    const { control, events } = fixture({ create: () => (tried++, Promise.reject(terminating)) });
    assert.equal(await control.create(owner, [template, template, template]), undefined);
    assert.equal(tried, 1);
    assert.deepEqual(events, []);
  });

  it('waits for a deletion to show, but not for one that failed or came too late', async () => {
    const pod = owned('old');
    const gone = fixture({ delete: () => Promise.reject(notFound(PODS, 'old')) });
    gone.control.expect(owner, [pod]);
    assert.equal(await gone.control.remove(owner, [pod]), undefined);
    assert.deepEqual(gone.events, []);
    assert.equal(gone.control.settled('ns/web'), true);

    const refusal = forbidden(PODS, 'old', 'no');
    const failed = fixture({ delete: () => Promise.reject(refusal) });
    failed.control.expect(owner, [pod]);
    assert.equal(await failed.control.remove(owner, [pod]), refusal);
    assert.deepEqual(failed.events, [`Warning FailedDelete Error deleting: ${refusal.message}`]);
    assert.equal(failed.control.settled('ns/web'), true);

    const done = fixture();
    done.control.expect(owner, [pod]);
    await done.control.remove(owner, [pod]);
    assert.deepEqual(done.events, ['Normal SuccessfulDelete Deleted pod: old']);
    assert.equal(done.control.settled('ns/web'), false);
    done.control.keysOfPod(owned('old', { deletionTimestamp: 'now' }), pod, 'updated');
    assert.equal(done.control.settled('ns/web'), true);
  });

  it('does not wait for a deletion whose preparation failed', async () => {
    const { control } = fixture();
    const pod = owned('old');
    control.expect(owner, [pod]);
    const failure = new Error('finalizer stays');
    const error = await control.remove(owner, [pod], () => Promise.reject(failure));
    assert.equal(error, failure);
    assert.equal(control.settled('ns/web'), true);
  });

  it('adopts with finalizers, and releases without them', async () => {
    const { cache, control, patches } = fixture({}, { finalizers: ['example.com/tracking'] });
    cache(owned('mine'), podOf('free'), owned('strayed', { labels: { app: 'other' } }));
    const pods = await control.ownedPods(owner);
    assert.deepEqual(
      pods.map(({ metadata }) => metadata.name),
      ['mine', 'adopted'],
    );
    assert.deepEqual(patches, [
      {
        uid: 'free-uid',
        ownerReferences: [controllerReference(REPLICA_SETS, owner)],
        finalizers: ['example.com/tracking'],
      },
      {
        uid: 'strayed-uid',
        ownerReferences: [{ $patch: 'delete', uid: 'web-uid' }],
        '$deleteFromPrimitiveList/finalizers': ['example.com/tracking'],
      },
    ]);
  });

  it('adopts nothing for an owner that the server knows to be deleted or replaced', async () => {
    for (const metadata of [{ deletionTimestamp: '2026-01-01T00:00:00Z' }, { uid: 'successor' }]) {
      const fresh = { ...owner, metadata: { ...owner.metadata, ...metadata } };
      const { cache, control, patches } = fixture({ get: () => Promise.resolve(fresh) });
      cache(podOf('free'));
      await assert.rejects(
        control.ownedPods(owner),
        /just been deleted|is gone: got uid successor/,
      );
      assert.deepEqual(patches, []);
    }
  });

  it('names the owners that a change of a pod concerns', () => {
    const { control } = fixture();
    const other = { apiVersion: 'batch/v1', kind: 'Job', name: 'web', uid: 'x', controller: true };
    const before = { ...controllerReference(REPLICA_SETS, owner), uid: 'predecessor' };
    const cases: [string, Pod, Pod | undefined, 'added' | 'updated' | 'deleted', string[]][] = [
      ['its controller', owned('p'), undefined, 'added', ['ns/web']],
      ['a free pod: who selects it', podOf('p'), undefined, 'added', ['ns/web']],
      ['a free pod that goes', podOf('p'), undefined, 'deleted', []],
      ['a pod that lost its owner', podOf('p', { labels: {} }), owned('p'), 'updated', ['ns/web']],
      ['another kind', podOf('p', { ownerReferences: [other] }), undefined, 'added', []],
      ['an owner that is gone', podOf('p', { ownerReferences: [before] }), undefined, 'added', []],
    ];
    for (const [about, pod, old, change, keys] of cases)
      assert.deepEqual(control.keysOfPod(pod, old, change), keys, about);
  });
});
