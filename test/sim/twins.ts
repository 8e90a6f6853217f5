// The invariant that no ordinal of a stateful set runs twice at once, on any machines, as the
// runtimes see it. The deletion of a node, and a deletion of a pod with grace 0, waive the
// invariant.
import { controllerOf, type Change } from './model.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';

export interface RunningSandbox {
  node: string;
  uid: string;
  /** 'namespace/name' of its pod. */
  pod: string;
}

export class Twins {
  /** Uids of pods of stateful sets under the invariant. */
  private readonly covered = new Set<string>();
  private readonly lostNodes = new Set<string>();

  take({ object, previous }: Change): void {
    if (previous?.kind === 'Node' && !object) this.lostNodes.add(previous.metadata.name);
    if (object?.kind !== 'Pod' || previous) return;
    const pod = object as Pod;
    if (controllerOf(pod)?.kind === 'StatefulSet' && pod.spec.terminationGracePeriodSeconds !== 0)
      this.covered.add(pod.metadata.uid!);
  }

  /** The ordinal that runs twice, or undefined. */
  check(running: readonly RunningSandbox[]): string | undefined {
    const seen = new Map<string, RunningSandbox>();
    for (const one of running) {
      if (!this.covered.has(one.uid) || this.lostNodes.has(one.node)) continue;
      const other = seen.get(one.pod);
      if (other && other.uid !== one.uid)
        return `pod ${one.pod} runs on ${other.node} as ${other.uid} and on ${one.node} as ${one.uid}`;
      seen.set(one.pod, one);
    }
    return undefined;
  }
}
