// The cluster as plugins see it. A snapshot is the live cache, which cannot change during a
// decision because decisions are synchronous.
import type { PersistentVolume, PersistentVolumeClaim } from '../../apis/core/v1/types.js';
import type { CSINode, StorageClass } from '../../apis/storage/v1/types.js';
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

/** Volumes and claims as they will be once the pods that are being bound have theirs. */
export interface VolumeLister {
  /** By namespace and name. */
  claim(key: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumesOf(className: string): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  csiNode(name: string): CSINode | undefined;
}

export interface Snapshot {
  readonly nodes: ReadonlyMap<string, NodeInfo>;
  readonly topology: TopologyCounts;
  /** Labels of every namespace, by name. */
  readonly namespaces: ReadonlyMap<string, Record<string, string>>;
  /** The images that nodes hold, by name with tag or digest. */
  readonly images: ReadonlyMap<string, ImageState>;
  readonly volumes: VolumeLister;
  /** Number of pods on nodes by the claim that they use. */
  readonly claimUsers: ReadonlyMap<string, number>;
  /** Other pods of the same or higher priority that are nominated for the node. */
  nominatedBefore(pod: PodInfo, node: string): readonly PodInfo[];
  /** Runs `body` with the pods added to the node, and removes them afterwards. */
  withPodsOn<T>(pods: readonly PodInfo[], node: string, body: () => T): T;
  /** Selector of the services and the controller of the pod; undefined when it has neither. */
  defaultSelector(pod: PodInfo): Selector | undefined;
}
