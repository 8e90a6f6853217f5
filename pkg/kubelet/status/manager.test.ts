import assert from 'node:assert/strict';
import type { Pod, PodStatus } from '../../apis/core/v1/types.js';
import { conflict } from '../../apimachinery/errors/status-error.js';
import { PODS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { StatusManager } from './manager.js';

type Metadata = { resourceVersion?: string };

const ready = (status: string): PodStatus => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status }],
});

/** A manager and a client that the test answers by hand; `api` is the state of the informer. */
function setUp() {
  const env = virtualEnv();
  const answers: (() => void)[] = [];
  const sent: PodStatus[] = [];
  let revision = 1;
  const stored = (status: PodStatus, more: object = {}): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'default',
      uid: 'u',
      resourceVersion: String(revision),
      ...more,
    },
    spec: { containers: [] },
    status,
  });
  let api = stored({ phase: 'Pending' });
  const deletions: string[] = [];
  const client = {
    patch: (_type: unknown, _key: unknown, body: { metadata: Metadata; status: PodStatus }) => {
      const { resourceVersion = String(revision) } = body.metadata;
      if (resourceVersion !== String(revision)) return Promise.reject(conflict(PODS, 'p'));
      sent.push(body.status);
      revision++;
      const answer = stored(body.status);
      return new Promise((resolve) => answers.push(() => resolve(answer)));
    },
    delete: (_type: unknown, { name }: { name: string }) =>
      Promise.resolve(void deletions.push(name)),
  } as unknown as Client;
  const manager = new StatusManager(
    { clock: env.clock, log: env.log, client, target: () => api, gone: () => {} },
    new AbortController().signal,
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    manager,
    sent,
    deletions,
    settle,
    pod: api,
    /** Another writer changes the status; the watch is late. */
    changesUnseen(status: PodStatus): Pod {
      revision++;
      return stored(status);
    },
    clock: env.clock,
    /** The watch delivers a change of another writer. */
    async changes(status: PodStatus, more?: object) {
      revision++;
      await this.shows(stored(status, more));
    },
    async shows(pod: Pod) {
      api = pod;
      manager.apiChanged(api);
      await settle();
    },
    stored,
    async answer() {
      answers.shift()!();
      await settle();
    },
  };
}

describe('pod statuses', () => {
  it('are written once, and again after another writer changes them', async () => {
    const w = setUp();
    w.manager.set(w.pod, ready('True'), false);
    await w.answer();
    await w.shows(w.stored(ready('True')));
    assert.equal(w.sent.length, 1);
    await w.changes(ready('False'));
    await w.answer();
    assert.deepEqual(
      w.sent.map(({ conditions }) => conditions?.[0]?.status),
      ['True', 'True'],
    );
    await w.changes(ready('True'));
    assert.equal(w.sent.length, 2);
  });

  it('are written again if another writer changed them before the response', async () => {
    const w = setUp();
    w.manager.set(w.pod, ready('True'), false);
    await w.changes(ready('False'));
    await w.answer();
    assert.equal(w.sent.length, 2);
    await w.answer();
    assert.equal(w.sent.length, 2, 'the watch event is older than the response');
  });

  it('are not written again for an object older than the response', async () => {
    const w = setUp();
    const before = w.stored(ready('False'));
    w.manager.set(w.pod, ready('True'), false);
    await w.answer();
    await w.shows(before);
    assert.equal(w.sent.length, 1);
  });

  it('precede the deletion of a terminated pod, even during a write', async () => {
    const w = setUp();
    w.manager.set(w.pod, ready('True'), false);
    w.manager.set(w.pod, { phase: 'Succeeded' }, true);
    await w.changes(ready('True'), { deletionTimestamp: '2026-01-01T00:00:00Z' });
    await w.answer();
    assert.deepEqual([w.sent.length, w.deletions], [2, []]);
    await w.answer();
    assert.deepEqual(w.deletions, ['p']);
  });

  const FAILED: PodStatus = { phase: 'Failed', reason: 'Evicted' };

  it('never follow a final phase of another component', async () => {
    const w = setUp();
    w.manager.set(w.pod, ready('True'), false);
    await w.answer();
    await w.changes(FAILED);
    assert.equal(w.sent.length, 1);
    assert.deepEqual(w.manager.old(w.pod), FAILED);
    w.manager.set(w.pod, FAILED, true);
    await w.settle();
    assert.equal(w.sent.at(-1)!.phase, 'Failed');
  });

  it('never follow a final phase that the watch has not brought yet', async () => {
    const w = setUp();
    const ended = w.changesUnseen(FAILED);
    w.manager.set(w.pod, ready('True'), false);
    await w.clock.advance(60_000);
    await w.shows(ended);
    await w.clock.advance(60_000);
    assert.deepEqual(w.sent, []);
  });

  it('are written over a change as soon as the watch has brought it', async () => {
    const w = setUp();
    const changed = w.changesUnseen({ phase: 'Pending' });
    w.manager.set(w.pod, ready('True'), false);
    await w.clock.advance(100);
    assert.deepEqual(w.sent, []);
    await w.shows(changed);
    await w.clock.advance(400);
    assert.deepEqual(w.sent, [ready('True')]);
    await w.answer();
    w.changesUnseen({ phase: 'Running' });
    w.manager.set(w.pod, FAILED, true);
    await w.settle();
    assert.equal(w.sent.length, 2, 'our own end needs no newest view');
  });
});
