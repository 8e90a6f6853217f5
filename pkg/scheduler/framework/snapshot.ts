// What plugins see of the cluster during one decision. It is the live cache: decisions are
// synchronous, so nothing can change under them.
import type { Selector } from '../../apimachinery/labels/selector.js';
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';
import type { TopologyCounts } from './topology-counts.js';

export interface Snapshot {
  readonly nodes: ReadonlyMap<string, NodeInfo>;
  readonly topology: TopologyCounts;
  /** Labels of every namespace, by name. */
  readonly namespaces: ReadonlyMap<string, Record<string, string>>;
  /** Pods of the same or higher priority that a node is being cleared for. */
  ahead(pod: PodInfo, node: string): readonly PodInfo[];
  /** Runs `body` with the pods on the node, in thought. */
  asIf<T>(pods: readonly PodInfo[], node: string, body: () => T): T;
  /** Selector of the services and controllers that own the pod; undefined when there are none. */
  defaultSelector(pod: PodInfo): Selector | undefined;
}
