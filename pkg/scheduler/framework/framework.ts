// The scheduling framework: what a plugin is. After upstream's framework
// (pkg/scheduler/framework/interface.go), with each extension point as a closure: `prepare...` looks
// at the pod and the cluster once and returns the function asked per node, or undefined to be skipped.
//
// Invariants: a plugin never changes what it is given; nothing in a decision waits.
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';
import type { Snapshot } from './snapshot.js';

/** Why a node cannot take a pod: upstream's reason texts, which end up in FailedScheduling. */
export interface Rejection {
  reasons: string[];
  /** Removing other pods would not help. */
  unresolvable?: boolean;
}

export type Filter = (node: NodeInfo) => Rejection | undefined;

export interface Scorer {
  score(node: NodeInfo): number;
  /** Brings raw scores into 0..100, in place; absent: they already are. */
  normalize?(scores: number[]): void;
}

/** Changes of the cluster after which a rejected pod may fit. */
export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeAllocatableGrew'
  | 'NodeLabelsChanged'
  | 'NodeTaintsChanged'
  | 'AssignedPodAdd'
  | 'AssignedPodDelete'
  | 'NamespaceLabelsChanged'
  | 'PodUpdate';

export interface Plugin {
  /** Upstream's name; it stands in events and metrics. */
  readonly name: string;
  /** Keeps a pod out of the queue: the reason, or undefined to let it in. */
  readonly preEnqueue?: (pod: PodInfo) => string | undefined;
  readonly prepareFilter?: (pod: PodInfo, cluster: Snapshot) => Filter | undefined;
  /** `feasible` are the nodes that passed all filters. */
  readonly prepareScore?: (
    pod: PodInfo,
    cluster: Snapshot,
    feasible: readonly NodeInfo[],
  ) => Scorer | undefined;
  readonly weight?: number;
  /** Events that may cure this plugin's rejections. */
  readonly events: readonly ClusterEvent[];
}

export const MAX_NODE_SCORE = 100;

/** Scales so that the largest becomes 100; `reverse` makes the smallest the best (upstream: DefaultNormalizeScore). */
export function normalizeByMax(scores: number[], reverse = false): void {
  const max = Math.max(0, ...scores);
  for (let i = 0; i < scores.length; i++) {
    const scaled = max === 0 ? 0 : Math.floor((scores[i]! * MAX_NODE_SCORE) / max);
    scores[i] = reverse ? MAX_NODE_SCORE - scaled : scaled;
  }
}
