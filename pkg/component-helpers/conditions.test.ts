// Cases of upstream's apimachinery pkg/api/meta/conditions_test.go and of UpdatePodCondition.
import assert from 'node:assert/strict';
import {
  findCondition,
  isConditionTrue,
  sameCondition,
  transitionTime,
  withCondition,
  type ConditionLike,
} from './conditions.js';

const OLD = '2026-01-01T00:00:00Z';
const NOW = Date.parse('2026-01-01T01:00:00Z');
const condition = (type: string, status: string, more: Partial<ConditionLike> = {}) => ({
  type,
  status,
  lastTransitionTime: OLD,
  ...more,
});

describe('conditions', () => {
  it('are found by type, and true only when they say so', () => {
    const all = [condition('A', 'True'), condition('B', 'Unknown'), condition('C', 'False')];
    assert.equal(findCondition(all, 'B'), all[1]);
    assert.equal(findCondition(undefined, 'B'), undefined);
    const truths = ['A', 'B', 'C', 'D'].map((type) => isConditionTrue(all, type));
    assert.deepEqual(truths, [true, false, false, false]);
    assert.equal(isConditionTrue(undefined, 'A'), false);
  });

  it('move their transition time with the status and not otherwise', () => {
    assert.equal(transitionTime(condition('A', 'True'), 'True', NOW), OLD);
    assert.equal(transitionTime(condition('A', 'True'), 'False', NOW), '2026-01-01T01:00:00Z');
    assert.equal(transitionTime(undefined, 'True', NOW), '2026-01-01T01:00:00Z');
    assert.equal(transitionTime({ status: 'True' }, 'True', NOW), '2026-01-01T01:00:00Z');
  });

  // TestSetStatusCondition: the list before, what is set, the list after.
  const NEW = '2026-01-01T01:00:00Z';
  for (const [title, before, next, after] of [
    [
      'an empty list',
      undefined,
      condition('A', 'True'),
      [condition('A', 'True', { lastTransitionTime: NEW })],
    ],
    [
      'another type',
      [condition('B', 'True')],
      { type: 'A', status: 'True' },
      [condition('B', 'True'), condition('A', 'True', { lastTransitionTime: NEW })],
    ],
    [
      'the same status with a new reason',
      [condition('A', 'True', { reason: 'x' }), condition('B', 'True')],
      { type: 'A', status: 'True', reason: 'y', message: 'm' },
      [condition('A', 'True', { reason: 'y', message: 'm' }), condition('B', 'True')],
    ],
    [
      'another status',
      [condition('A', 'True', { reason: 'x' })],
      { type: 'A', status: 'False' },
      [{ type: 'A', status: 'False', lastTransitionTime: NEW }],
    ],
  ] as const) {
    it(`are set in ${title}`, () => {
      assert.deepEqual(withCondition<ConditionLike>(before, next, NOW), after);
    });
  }

  it('are the same by type, status, reason and message', () => {
    const a = condition('A', 'True', { reason: 'r', message: 'm' });
    assert.ok(sameCondition(a, { ...a, lastTransitionTime: 'later' }));
    assert.ok(sameCondition(condition('A', 'True'), condition('A', 'True', { message: '' })));
    for (const change of [{ type: 'B' }, { status: 'False' }, { reason: 'x' }, { message: 'x' }])
      assert.ok(!sameCondition(a, { ...a, ...change }));
    assert.ok(!sameCondition(undefined, a));
  });
});
