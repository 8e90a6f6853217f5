import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { VirtualClock } from '../../../test/support/virtual-env.js';
import type { ClusterEvent } from '../framework/framework.js';
import { podInfo } from '../framework/pod-info.js';
import { SchedulingQueue } from './scheduling-queue.js';

function info(name: string, priority = 0, image = 'i') {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'd' },
    spec: { containers: [{ name: 'c', image }], priority },
  };
  return podInfo(pod);
}

const requeueEvents = (...events: ClusterEvent[]) => new Set(events);

describe('scheduling queue', () => {
  let clock: VirtualClock;
  let queue: SchedulingQueue;
  let ready: number;
  beforeEach(() => {
    clock = new VirtualClock();
    ready = 0;
    queue = new SchedulingQueue(clock, () => ready++);
  });

  it('gives pods by priority, then by arrival', () => {
    for (const p of [info('a'), info('b', 5), info('c'), info('d', 5)]) queue.set(p);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => queue.pop()!.key),
      ['d/b', 'd/d', 'd/a', 'd/c'],
    );
    assert.equal(queue.pop(), undefined);
  });

  it('keeps an unschedulable pod until an event that may help, then backs off', async () => {
    queue.set(info('a'));
    queue.pop();
    queue.addUnschedulable('d/a', requeueEvents('NodeAdd'));
    queue.requeueOn('AssignedPodDelete');
    await clock.advance(60_000);
    assert.equal(queue.pop(), undefined);
    queue.requeueOn('NodeAdd');
    assert.equal(queue.pop(), undefined, 'still backing off');
    await clock.advance(1000);
    assert.equal(queue.pop()?.key, 'd/a');
    queue.retry('d/a');
    await clock.advance(1999);
    assert.equal(queue.pop(), undefined);
    await clock.advance(1);
    assert.equal(queue.pop()?.key, 'd/a');
  });

  it('does not lose an event that arrives while the pod is in flight', async () => {
    queue.set(info('a'));
    queue.pop();
    queue.requeueOn('NodeAdd');
    queue.addUnschedulable('d/a', requeueEvents('NodeAdd'));
    assert.deepEqual(queue.sizes(), { active: 0, backoff: 1, unschedulable: 0 });
    await clock.advance(1000);
    assert.equal(queue.pop()?.key, 'd/a');
  });

  it('schedules the pod that took the name of a pod in flight, whatever became of that', () => {
    const pod = (uid: string) =>
      podInfo({ ...info('a').pod, metadata: { name: 'a', namespace: 'd', uid } });
    const outcomes: ((key: string) => void)[] = [
      (key) => queue.done(key),
      (key) => queue.retry(key),
      (key) => queue.addUnschedulable(key, requeueEvents('NodeAdd')),
    ];
    for (const [at, outcome] of outcomes.entries()) {
      queue.set(pod(`old-${at}`));
      queue.pop();
      queue.delete('d/a');
      queue.set(pod(`new-${at}`));
      outcome('d/a');
      assert.equal(queue.pop()?.pod.metadata.uid, `new-${at}`);
      queue.done('d/a');
      assert.equal(queue.pop(), undefined);
    }
  });

  it('tries unschedulable pods again after five minutes, or when their spec changes', async () => {
    queue.set(info('a'));
    queue.pop();
    queue.addUnschedulable('d/a', requeueEvents('NodeAdd'));
    await clock.advance(5 * 60_000);
    assert.equal(queue.pop()?.key, 'd/a');
    queue.addUnschedulable('d/a', requeueEvents('NodeAdd'));
    queue.set(info('a'));
    assert.equal(queue.sizes().unschedulable, 1, 'an equal spec changes nothing');
    queue.set(info('a', 0, 'other'));
    assert.equal(queue.sizes().backoff, 1);
  });

  it('forgets a deleted pod in any queue and in flight', async () => {
    for (const name of ['active', 'unschedulable', 'flying']) queue.set(info(name));
    queue.delete('d/active');
    queue.pop();
    queue.addUnschedulable('d/unschedulable', requeueEvents());
    queue.pop();
    queue.delete('d/unschedulable');
    queue.delete('d/flying');
    queue.addUnschedulable('d/flying', requeueEvents());
    await clock.advance(600_000);
    assert.equal(queue.pop(), undefined);
    assert.deepEqual(queue.sizes(), { active: 0, backoff: 0, unschedulable: 0 });
    assert.ok(ready >= 3);
  });
});
