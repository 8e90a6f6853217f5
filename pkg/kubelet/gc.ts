// Removes dead containers and sandboxes of running pods. The newest dead instance of each container
// stays for `logs --previous` and lastState (upstream: kuberuntime_gc.go).
import { DEAD_CONTAINERS_PER_NAME } from './limits.js';
import type { Runtime } from './runtime/runtime.js';
import type { ObservedPod } from './types/observed.js';

/** Ids of the containers and sandboxes to remove. Pure. */
export function garbageOf(pod: ObservedPod): { containers: string[]; sandboxes: string[] } {
  const dead = new Map<string, number>();
  const newest = new Set<string>();
  const containers: string[] = [];
  const kept = new Set<string>();
  for (const container of pod.containers) {
    const isNewest = !newest.has(container.name);
    newest.add(container.name);
    const count = dead.get(container.name) ?? 0;
    if (container.state !== 'exited' || isNewest || count < DEAD_CONTAINERS_PER_NAME) {
      if (container.state === 'exited' && !isNewest) dead.set(container.name, count + 1);
      kept.add(container.sandboxId);
    } else containers.push(container.id);
  }
  const sandboxes = pod.sandboxes.slice(1).filter((s) => !s.ready && !kept.has(s.id));
  return { containers, sandboxes: sandboxes.map((s) => s.id) };
}

export async function collectContainers(runtime: Runtime, pod: ObservedPod): Promise<void> {
  const garbage = garbageOf(pod);
  for (const id of garbage.containers) await runtime.removeContainer(id);
  for (const id of garbage.sandboxes) await runtime.removeSandbox(id);
}
