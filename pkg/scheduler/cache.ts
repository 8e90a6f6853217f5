// The scheduler's view of the cluster: nodes, the pods on them, and assumed pods, which the
// scheduler has placed and the API does not show on their node yet.
//
// Invariant: a pod counts on at most one node. An assumed pod counts from the decision on. The
// cache forgets an assumed pod when its binding fails; the pod becomes an ordinary one when the API
// shows it bound.
import type { Node, Pod } from '../apis/core/v1/types.js';
import { keyOf } from '../apimachinery/meta/object.js';
import type { ClusterEvent } from './framework/framework.js';
import { NodeInfo } from './framework/node-info.js';
import type { Resources } from '../component-helpers/node-fit.js';
import { podInfo, type PodInfo } from './framework/pod-info.js';
import { TopologyCounts } from './framework/topology-counts.js';
import { getOrInsert } from '../util/map/get-or-insert.js';
import { equalJson } from '../apimachinery/meta/clone.js';
import { count } from '../util/map/count.js';

export class Cache {
  readonly nodes = new Map<string, NodeInfo>();
  readonly images = new Map<string, { sizeBytes: number; nodes: number }>();
  readonly topology = new TopologyCounts(this.nodes);
  readonly claimUsers = new Map<string, number>();
  /** Node of every counted pod, by pod key. */
  private readonly placed = new Map<string, string>();
  private readonly assumed = new Set<string>();
  /** Bound pods by the name of a node that the cache does not hold. */
  private readonly podsOfUnknownNodes = new Map<string, Map<string, Pod>>();

  isAssumed(key: string): boolean {
    return this.assumed.has(key);
  }

  assume(pod: PodInfo, nodeName: string): void {
    this.place(pod, nodeName);
    this.assumed.add(pod.key);
  }

  /** Undoes assume(). */
  forget(key: string): void {
    if (this.assumed.delete(key)) this.unplace(key);
  }

  /** Takes a new or changed pod that has spec.nodeName. */
  setPod(pod: Pod): void {
    const key = keyOf(pod);
    this.unplace(key);
    this.assumed.delete(key);
    const nodeName = pod.spec.nodeName!;
    if (this.nodes.has(nodeName)) return this.place(podInfo(pod), nodeName);
    getOrInsert(this.podsOfUnknownNodes, nodeName, () => new Map<string, Pod>()).set(key, pod);
  }

  removePod(pod: Pod): void {
    const key = keyOf(pod);
    this.unplace(key);
    this.assumed.delete(key);
    this.podsOfUnknownNodes.get(pod.spec.nodeName ?? '')?.delete(key);
  }

  /** Returns the events that may make a pending pod schedulable. */
  setNode(node: Node): ClusterEvent[] {
    const { name } = node.metadata;
    const known = this.nodes.get(name);
    if (known) return this.updateNode(known, node);
    const info = new NodeInfo(node);
    this.nodes.set(name, info);
    this.topology.nodesChanged();
    this.countImages(info, 1);
    for (const pod of this.podsOfUnknownNodes.get(name)?.values() ?? [])
      this.place(podInfo(pod), name);
    this.podsOfUnknownNodes.delete(name);
    return ['NodeAdd'];
  }

  private updateNode(known: NodeInfo, node: Node): ClusterEvent[] {
    const { node: before, allocatable, allowedPods } = known;
    const moved = !equalJson(before.metadata.labels, node.metadata.labels);
    const pods = moved ? [...known.pods.values()] : [];
    for (const pod of pods) this.topology.count(pod, known, -1);
    this.countImages(known, -1);
    known.setNode(node);
    this.countImages(known, 1);
    if (moved) this.topology.nodesChanged();
    for (const pod of pods) this.topology.count(pod, known, 1);
    const events: ClusterEvent[] = [];
    if (moved) events.push('NodeLabelsChanged');
    if (
      !equalJson(before.spec.taints, node.spec.taints) ||
      before.spec.unschedulable !== node.spec.unschedulable
    )
      events.push('NodeTaintsChanged');
    if (grew(allocatable, known.allocatable) || known.allowedPods > allowedPods)
      events.push('NodeAllocatableGrew');
    return events;
  }

  removeNode(name: string): void {
    const known = this.nodes.get(name);
    if (!known) return;
    const waiting = new Map<string, Pod>();
    for (const pod of known.pods.values()) {
      this.unplace(pod.key);
      if (!this.assumed.delete(pod.key)) waiting.set(pod.key, pod.pod);
    }
    this.nodes.delete(name);
    this.topology.nodesChanged();
    this.countImages(known, -1);
    if (waiting.size) this.podsOfUnknownNodes.set(name, waiting);
  }

  private countImages({ node, images }: NodeInfo, by: 1 | -1): void {
    for (const name of images) {
      const state = this.images.get(name);
      if (state) {
        state.nodes += by;
        if (state.nodes === 0) this.images.delete(name);
      } else {
        const image = node.status?.images?.find(({ names }) => names?.includes(name));
        this.images.set(name, { sizeBytes: image?.sizeBytes ?? 0, nodes: 1 });
      }
    }
  }

  /** Runs `body`, which may add and remove pods, and undoes every change afterwards. */
  simulate<T>(
    body: (simulation: {
      remove(key: string): void;
      add(pod: PodInfo, nodeName: string): void;
    }) => T,
  ): T {
    const undo: (() => void)[] = [];
    try {
      return body({
        remove: (key) => {
          const nodeName = this.placed.get(key)!;
          const pod = this.nodes.get(nodeName)!.pods.get(key)!;
          this.unplace(key);
          undo.push(() => this.place(pod, nodeName));
        },
        add: (pod, nodeName) => {
          this.place(pod, nodeName);
          undo.push(() => this.unplace(pod.key));
        },
      });
    } finally {
      for (const back of undo.reverse()) back();
    }
  }

  private place(pod: PodInfo, nodeName: string): void {
    const node = this.nodes.get(nodeName)!;
    node.add(pod);
    this.topology.count(pod, node, 1);
    for (const claim of pod.claims) count(this.claimUsers, claim, 1);
    this.placed.set(pod.key, nodeName);
  }

  private unplace(key: string): void {
    const node = this.nodes.get(this.placed.get(key) ?? '');
    this.placed.delete(key);
    const pod = node?.remove(key);
    if (!pod) return;
    this.topology.count(pod, node!, -1);
    for (const claim of pod.claims) count(this.claimUsers, claim, -1);
  }
}

const grew = (before: Resources, after: Resources): boolean =>
  after.milliCpu > before.milliCpu ||
  after.memory > before.memory ||
  after.ephemeralStorage > before.ephemeralStorage ||
  Object.entries(after.scalar).some(([name, amount]) => amount > (before.scalar[name] ?? 0));
