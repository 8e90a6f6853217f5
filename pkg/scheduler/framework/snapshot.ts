// The cluster as plugins see it. A snapshot is the live cache, which cannot change during a
// decision because decisions are synchronous.
import type { Selector } from '../../apimachinery/labels/selector.js';
import type { NodeInfo } from './node-info.js';
import type { PodInfo } from './pod-info.js';
import type { TopologyCounts } from './topology-counts.js';

export interface ImageState {
  /** As the first node has reported. */
  readonly sizeBytes: number;
  /** Number of nodes that hold the image. */
  readonly nodes: number;
}

export interface Snapshot {
  readonly nodes: ReadonlyMap<string, NodeInfo>;
  readonly topology: TopologyCounts;
  /** Labels of every namespace, by name. */
  readonly namespaces: ReadonlyMap<string, Record<string, string>>;
  /** The images that nodes hold, by name with tag or digest. */
  readonly images: ReadonlyMap<string, ImageState>;
  /** Other pods of the same or higher priority that are nominated for the node. */
  nominatedBefore(pod: PodInfo, node: string): readonly PodInfo[];
  /** Runs `body` with the pods added to the node, and removes them afterwards. */
  withPodsOn<T>(pods: readonly PodInfo[], node: string, body: () => T): T;
  /** Selector of the services and the controller of the pod; undefined when it has neither. */
  defaultSelector(pod: PodInfo): Selector | undefined;
}
