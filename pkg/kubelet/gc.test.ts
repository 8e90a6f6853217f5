import { strict as assert } from 'node:assert';
import { observedContainer } from '../../test/support/observed-container.js';
import { garbageOf } from './gc.js';
import { removable } from './images/image-gc.js';
import type { RuntimeImage } from './runtime/runtime.js';
import type { ObservedContainer, ObservedPod } from './types/observed.js';

const container = (
  id: string,
  name: string,
  state: ObservedContainer['state'],
  sandboxId = 'now',
): ObservedContainer => observedContainer({ id, name, state, sandboxId });
const sandbox = (id: string, ready: boolean) => ({
  id,
  attempt: 0,
  ready,
  createdAt: 0,
  ips: [],
  hostNetwork: false,
});
const pod = (containers: ObservedContainer[], sandboxes = [sandbox('now', true)]): ObservedPod => ({
  uid: 'u',
  name: 'p',
  namespace: 'd',
  containers,
  sandboxes,
});

describe('garbage collection', () => {
  it('keeps the newest instance and one dead instance before it', () => {
    const all = [
      container('4', 'c', 'running'),
      container('3', 'c', 'exited'),
      container('2', 'c', 'exited'),
      container('1', 'c', 'exited'),
      container('9', 'd', 'exited'),
    ];
    assert.deepEqual(garbageOf(pod(all)), { containers: ['2', '1'], sandboxes: [] });
  });

  it('removes dead sandboxes without containers', () => {
    const all = [container('2', 'c', 'running'), container('1', 'c', 'exited', 'held')];
    const sandboxes = [sandbox('now', true), sandbox('held', false), sandbox('empty', false)];
    assert.deepEqual(garbageOf(pod(all, sandboxes)), { containers: [], sandboxes: ['empty'] });
    assert.deepEqual(
      garbageOf(pod([], [sandbox('last', false)])).sandboxes,
      [],
      'the newest stays, dead or not',
    );
  });

  it('removes unused images, least recently used first, except imported ones', () => {
    const image = (id: string, more: Partial<RuntimeImage> = {}): RuntimeImage => ({
      id,
      repoTags: [`r/${id}:1`],
      repoDigests: [`r/${id}@sha256:0`],
      sizeBytes: 1,
      username: '',
      pinned: false,
      ...more,
    });
    const images = [
      image('new'),
      image('old'),
      image('used'),
      image('pinned', { pinned: true }),
      image('hand', { repoDigests: [] }),
      image('pause'),
    ];
    const seen = new Map([
      ['new', 50],
      ['old', 10],
      ['used', 10],
      ['pinned', 10],
      ['hand', 10],
      ['pause', 10],
    ]);
    const options = {
      highPercent: 85,
      lowPercent: 80,
      minimumAge: 30,
      keep: new Set(['r/pause:1']),
    };
    const gone = (now: number) =>
      removable(images, new Set(['used']), seen, now, options).map((i) => i.id);
    assert.deepEqual(gone(100), ['old', 'new']);
    assert.deepEqual(gone(60), ['old']);
    assert.deepEqual(gone(20), []);
  });
});
