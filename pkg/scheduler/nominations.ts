// Pods that wait for the node which their victims are leaving. Until they are there the room is theirs: pods of the
// same or lower priority are judged as if they were on it already. (Upstream: backend/queue/nominator.go.)
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

  /** Those that come before `pod` on that node. */
  ahead(pod: PodInfo, node: string): readonly PodInfo[] {
    if (!this.byPod.size) return NONE;
    return [...this.byPod.values()]
      .filter((n) => n.node === node && n.pod.key !== pod.key && n.pod.priority >= pod.priority)
      .map((n) => n.pod);
  }

  /** Those of lower priority on that node: they must look again when `pod` takes it. */
  behind(pod: PodInfo, node: string): PodInfo[] {
    return [...this.byPod.values()]
      .filter((n) => n.node === node && n.pod.priority < pod.priority)
      .map((n) => n.pod);
  }
}
