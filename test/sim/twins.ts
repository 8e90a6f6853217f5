// No ordinal of a stateful set runs twice at once, on whatever machines: seen from the runtimes,
// not from the API. Whoever says that a machine is lost (deletes its node), or that pods need no
// time to end (grace 0), gives this promise away.
import { controllerOf, type Change } from './model.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';

export interface RunningSandbox {
  node: string;
  uid: string;
  /** 'namespace/name' of its pod. */
  pod: string;
}

export class Twins {
  /** Uids of pods of stateful sets that the promise covers. */
  private readonly covered = new Set<string>();
  private readonly lostNodes = new Set<string>();

  take({ object, previous }: Change): void {
    if (previous?.kind === 'Node' && !object) this.lostNodes.add(previous.metadata.name);
    if (object?.kind !== 'Pod' || previous) return;
    const pod = object as Pod;
    if (controllerOf(pod)?.kind === 'StatefulSet' && pod.spec.terminationGracePeriodSeconds !== 0)
      this.covered.add(pod.metadata.uid!);
  }

  /** What runs twice, if anything. */
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
