// How far the rollout of a deployment is, and why it does not go on. Pure.
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { revisionOf } from './actions.js';
import type { Tone } from './format.js';
import type { WordName } from './words.js';

export interface RolloutState {
  mood: Tone;
  reason: WordName;
  detail?: string;
  /** The seconds that passed without progress, when they are too many. */
  deadline?: number | undefined;
}

/** The first reason that holds, in the order of `kubectl rollout status`. */
export function rolloutState({ metadata, spec, status = {} }: Deployment): RolloutState {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = status;
  const wanted = spec.replicas ?? 1;
  const failure = findCondition(conditions, 'ReplicaFailure');
  const isLate = findCondition(conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded';
  const because = (reason: WordName, detail = ''): RolloutState => ({
    mood: isLate ? 'bad' : 'busy',
    reason,
    detail,
    ...(isLate && { deadline: spec.progressDeadlineSeconds }),
  });
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return { mood: 'busy', reason: 'rolloutUnseen' };
  if (spec.paused) return { mood: 'busy', reason: 'rolloutPaused' };
  if (failure?.status === 'True')
    return { ...because('rolloutRefused', failure.message), mood: 'bad' };
  if (updatedReplicas < wanted) return because('rolloutStarts', `${updatedReplicas} / ${wanted}`);
  if (availableReplicas < updatedReplicas)
    return because('rolloutWaits', `${availableReplicas} / ${updatedReplicas}`);
  if (replicas > updatedReplicas) return because('rolloutEnds', String(replicas - updatedReplicas));
  return { mood: 'good', reason: 'rolloutDone' };
}

/** The replica sets of a deployment, the latest revision first. */
export const setsOf = ({ metadata: { uid } }: Deployment, sets: readonly ReplicaSet[]) =>
  sets
    .filter((set) => controllerOf(set)?.uid === uid)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
