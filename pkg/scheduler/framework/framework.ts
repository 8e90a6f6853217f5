// The interface of scheduler plugins, after upstream's pkg/scheduler/framework/interface.go. Each
// extension point is a closure: `prepare...` reads the pod and the cluster once and returns a
// function that is called per node, or undefined when the plugin does not apply to the pod.
//
// Invariants: a plugin does not change its arguments; a decision is synchronous.
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';
import type { Snapshot } from './snapshot.js';

/** Why a node cannot run a pod, in upstream's words, which the event FailedScheduling shows. */
export interface Rejection {
  reasons: string[];
  /** True when deleting other pods would not help. */
  unresolvable?: boolean;
}

export const rejection = (reason: string, unresolvable = false): Rejection => ({
  reasons: [reason],
  unresolvable,
});

export type Filter = (node: NodeInfo) => Rejection | undefined;

export interface Scorer {
  score(node: NodeInfo): number;
  /** Scales raw scores to 0..100 in place; absent when they are in that range. */
  normalize?(scores: number[]): void;
}

/** Changes of the cluster after which a rejected pod may fit. */
export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeDelete'
  | 'NodeAllocatableGrew'
  | 'NodeLabelsChanged'
  | 'NodeTaintsChanged'
  | 'AssignedPodAdd'
  | 'AssignedPodDelete'
  | 'NamespaceLabelsChanged'
  | 'ClaimChanged'
  | 'VolumeChanged'
  | 'StorageClassChanged'
  | 'CsiNodeChanged'
  | 'PodUpdate';

export interface Plugin {
  /** Upstream's name, as in its configuration and metrics. */
  readonly name: string;
  /** The reason not to try the pod at all; undefined when it may be scheduled. */
  readonly preEnqueue?: (pod: PodInfo) => string | undefined;
  /** A rejection at this point is one of every node. */
  readonly prepareFilter?: (pod: PodInfo, cluster: Snapshot) => Filter | Rejection | undefined;
  /** `feasible` are the nodes that passed all filters. */
  readonly prepareScore?: (
    pod: PodInfo,
    cluster: Snapshot,
    feasible: readonly NodeInfo[],
  ) => Scorer | undefined;
  readonly weight?: number;
  /** Events after which this plugin may accept a pod that it has rejected. */
  readonly events: readonly ClusterEvent[];
}

export const MAX_NODE_SCORE = 100;

/**
 * Scales the largest score to 100; `reverse` prefers the smallest (upstream:
 * DefaultNormalizeScore).
 */
export function normalizeByMax(scores: number[], reverse = false): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  for (let i = 0; i < scores.length; i++) {
    const scaled = max === 0 ? 0 : Math.floor((scores[i]! * MAX_NODE_SCORE) / max);
    scores[i] = reverse ? MAX_NODE_SCORE - scaled : scaled;
  }
}
