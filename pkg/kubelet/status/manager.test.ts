import assert from 'node:assert/strict';
import type { Pod, PodStatus } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import { virtualEnv } from '../../util/env/virtual-env.js';
import { StatusManager } from './manager.js';

const ready = (status: string): PodStatus => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status }],
});

/** A manager whose writes are answered by hand; `api` is the informer's view. */
function world() {
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
    patch: (_type: unknown, _key: unknown, body: { status: PodStatus }) => {
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
    /** Another writer's change comes by the watch. */
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
  it('are written once, and again when another writes over them', async () => {
    const w = world();
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

  it('are written again when another wrote over them before the answer came', async () => {
    const w = world();
    w.manager.set(w.pod, ready('True'), false);
    await w.changes(ready('False'));
    await w.answer();
    assert.equal(w.sent.length, 2);
    await w.answer();
    assert.equal(w.sent.length, 2, 'what the watch shows is older than the answer');
  });

  it('take a view older than the answer for nothing', async () => {
    const w = world();
    const before = w.stored(ready('False'));
    w.manager.set(w.pod, ready('True'), false);
    await w.answer();
    await w.shows(before);
    assert.equal(w.sent.length, 1);
  });

  it('end with the object when the pod is over and deleted, also while a write is under way', async () => {
    const w = world();
    w.manager.set(w.pod, ready('True'), false);
    w.manager.set(w.pod, { phase: 'Succeeded' }, true);
    await w.changes(ready('True'), { deletionTimestamp: '2026-01-01T00:00:00Z' });
    await w.answer();
    assert.deepEqual([w.sent.length, w.deletions], [2, []]);
    await w.answer();
    assert.deepEqual(w.deletions, ['p']);
  });
});
