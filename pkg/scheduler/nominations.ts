// Nominated pods: preemption has deleted other pods to make a node fit for them. Until they are
// bound, pods of the same or lower priority are filtered as if they were on that node already
// (upstream: backend/queue/nominator.go).
import type { PodInfo } from './framework/pod-info.js';

const NONE: readonly PodInfo[] = [];

export class Nominations {
  private readonly byPod = new Map<string, { pod: PodInfo; node: string }>();

  set(pod: PodInfo, node: string): void {
    this.byPod.set(pod.key, { pod, node });
  }

  delete(key: string): boolean {
    return this.byPod.delete(key);
  }

  nodeOf(key: string): string | undefined {
    return this.byPod.get(key)?.node;
  }

  /** Pods nominated for the node whose priority is at least that of `pod`. */
  nominatedBefore(pod: PodInfo, node: string): readonly PodInfo[] {
    if (!this.byPod.size) return NONE;
    return [...this.byPod.values()]
      .filter((n) => n.node === node && n.pod.key !== pod.key && n.pod.priority >= pod.priority)
      .map((n) => n.pod);
  }

  /** Pods nominated for the node with a lower priority; they lose their nomination to `pod`. */
  nominatedAfter(pod: PodInfo, node: string): PodInfo[] {
    return [...this.byPod.values()]
      .filter((n) => n.node === node && n.pod.priority < pod.priority)
      .map((n) => n.pod);
  }
}
