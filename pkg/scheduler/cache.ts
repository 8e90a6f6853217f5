// What the scheduler believes of the cluster: nodes, the pods on them, and the pods it has just
// placed (assumed) whose binding the API has not shown yet.
//
// Invariant: a pod counts on at most one node. An assumed pod counts from the decision on; when its
// binding fails it is forgotten, when the API shows it it becomes an ordinary one.
import type { Node, Pod } from '../apis/core/v1/types.js';
import { keyOf } from '../apimachinery/meta/object.js';
import type { ClusterEvent } from './framework/framework.js';
import { NodeInfo } from './framework/node-info.js';
import { podInfo, type PodInfo, type Resources } from './framework/pod-info.js';
import { TopologyCounts } from './framework/topology-counts.js';

export class Cache {
  readonly nodes = new Map<string, NodeInfo>();
  readonly topology = new TopologyCounts(this.nodes);
  /** Node of every counted pod, by pod key. */
  private readonly placed = new Map<string, string>();
  private readonly assumed = new Set<string>();
  /** Pods on nodes that are not known (yet), by node name. */
  private readonly homeless = new Map<string, Map<string, Pod>>();

  isAssumed(key: string): boolean {
    return this.assumed.has(key);
  }

  assume(pod: PodInfo, nodeName: string): void {
    this.place(pod, nodeName);
    this.assumed.add(pod.key);
  }

  /** Takes back assume(). */
  forget(key: string): void {
    if (this.assumed.delete(key)) this.unplace(key);
  }

  /** A pod with spec.nodeName as the API shows it, new or changed. */
  setPod(pod: Pod): void {
    const key = keyOf(pod);
    this.unplace(key);
    this.assumed.delete(key);
    const nodeName = pod.spec.nodeName!;
    if (this.nodes.has(nodeName)) return this.place(podInfo(pod), nodeName);
    const waiting = this.homeless.get(nodeName) ?? new Map<string, Pod>();
    this.homeless.set(nodeName, waiting.set(key, pod));
  }

  removePod(pod: Pod): void {
    const key = keyOf(pod);
    this.unplace(key);
    this.assumed.delete(key);
    this.homeless.get(pod.spec.nodeName ?? '')?.delete(key);
  }

  /** Returns what changed for pods that wait. */
  setNode(node: Node): ClusterEvent[] {
    const { name } = node.metadata;
    const known = this.nodes.get(name);
    if (known) return this.updateNode(known, node);
    this.nodes.set(name, new NodeInfo(node));
    for (const pod of this.homeless.get(name)?.values() ?? []) this.place(podInfo(pod), name);
    this.homeless.delete(name);
    return ['NodeAdd'];
  }

  private updateNode(known: NodeInfo, node: Node): ClusterEvent[] {
    const before = known.node;
    const allocatable = known.allocatable;
    const allowedPods = known.allowedPods;
    const moved = !sameJson(before.metadata.labels, node.metadata.labels);
    const pods = moved ? [...known.pods.values()] : [];
    for (const pod of pods) this.topology.podRemoved(pod, known);
    known.setNode(node);
    for (const pod of pods) this.topology.podAdded(pod, known);
    const events: ClusterEvent[] = [];
    if (moved) events.push('NodeLabelsChanged');
    if (
      !sameJson(before.spec.taints, node.spec.taints) ||
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
    if (waiting.size) this.homeless.set(name, waiting);
  }

  /** Lets `body` move pods, and puts all back: for questions of the kind "what if". */
  tentatively<T>(
    body: (world: { remove(key: string): void; add(pod: PodInfo, nodeName: string): void }) => T,
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
    this.topology.podAdded(pod, node);
    this.placed.set(pod.key, nodeName);
  }

  private unplace(key: string): void {
    const node = this.nodes.get(this.placed.get(key) ?? '');
    this.placed.delete(key);
    const pod = node?.remove(key);
    if (pod) this.topology.podRemoved(pod, node!);
  }
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function grew(before: Resources, after: Resources): boolean {
  if (
    after.milliCpu > before.milliCpu ||
    after.memory > before.memory ||
    after.ephemeralStorage > before.ephemeralStorage
  )
    return true;
  return Object.entries(after.scalar).some(([name, amount]) => amount > (before.scalar[name] ?? 0));
}
