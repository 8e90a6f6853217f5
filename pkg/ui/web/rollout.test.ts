import assert from 'node:assert/strict';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { rolloutState, setsOf } from './rollout.js';

const rollout = (spec: object, status: object): Deployment =>
  ({
    metadata: { name: 'a', uid: 'u', generation: 2 },
    spec: { replicas: 3, progressDeadlineSeconds: 600, ...spec },
    status: { observedGeneration: 2, replicas: 3, ...status },
  }) as Deployment;
const stateOf = (spec: object, status: object) => {
  const { mood, reason, detail, deadline } = rolloutState(rollout(spec, status));
  return [mood, reason, detail, deadline].filter((part) => part !== undefined && part !== '');
};
const all = (count: number) => ({
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
});
const late = { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] };
const refused = { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'no quota' }] };

describe('rollouts', () => {
  it('are complete when every pod is new and available, and no old one is left', () => {
    assert.deepEqual(stateOf({}, all(3)), ['good', 'rolloutDone']);
    assert.deepEqual(stateOf({ replicas: 0 }, { replicas: 0 }), ['good', 'rolloutDone']);
    assert.deepEqual(stateOf({}, { ...all(3), replicas: 4 }), ['busy', 'rolloutEnds', '1']);
    assert.deepEqual(stateOf({}, { ...all(3), availableReplicas: 1 }), [
      'busy',
      'rolloutWaits',
      '1 / 3',
    ]);
    assert.deepEqual(stateOf({}, { ...all(1), replicas: 4 }), ['busy', 'rolloutStarts', '1 / 3']);
    assert.deepEqual(stateOf({ replicas: undefined }, all(1)), ['busy', 'rolloutEnds', '2']);
  });

  it('wait for their controller, for a visitor who resumes them, and for room', () => {
    assert.deepEqual(stateOf({}, { ...all(3), observedGeneration: 1 }), ['busy', 'rolloutUnseen']);
    assert.deepEqual(stateOf({ paused: true }, all(3)), ['busy', 'rolloutPaused']);
    assert.deepEqual(stateOf({}, { ...all(1), ...refused }), ['bad', 'rolloutRefused', 'no quota']);
  });

  it('are late when their deadline has passed', () => {
    assert.deepEqual(stateOf({}, { ...all(1), ...late }), ['bad', 'rolloutStarts', '1 / 3', 600]);
    assert.deepEqual(stateOf({}, { ...all(3), ...late }), ['good', 'rolloutDone']);
  });

  it('have replica sets of their own, the latest first', () => {
    const set = (name: string, revision: string, owner: string) =>
      ({
        metadata: {
          name,
          annotations: { 'deployment.kubernetes.io/revision': revision },
          ownerReferences: [{ uid: owner, controller: true }],
        },
      }) as unknown as ReplicaSet;
    const sets = [set('b', '9', 'u'), set('c', '10', 'u'), set('d', '11', 'v'), set('a', '1', 'u')];
    assert.deepEqual(
      setsOf(rollout({}, {}), sets).map(({ metadata }) => metadata.name),
      ['c', 'b', 'a'],
    );
  });
});
