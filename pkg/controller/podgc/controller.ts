// pod-garbage-collector-controller: deletes pods of nodes that are gone, terminating pods without a
// node, and finished pods beyond a threshold (upstream: pkg/controller/podgc).
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { NODES, PODS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { disruptionTarget } from '../../component-helpers/conditions.js';
import { isPodTerminal } from '../../component-helpers/pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { deleteObject, ignoreGone, ignoreNotFound, patchStatus } from '../../client/requests.js';
import { excessTerminated, isUnscheduledTerminating } from './plan.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

/** A node must be absent this long, because it may be registering again (upstream: 40 s). */
const QUARANTINE_MS = 40_000;
/** Queue key of the finished pods; no pod has it. */
const TERMINATED = '#terminated';

export function createPodGcController(
  context: ControllerContext,
  options: { terminatedPodGcThreshold: number },
): Controller {
  const { client, env, informers } = context;
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  pods.addIndexers({
    node: (pod) => [pod.spec.nodeName ?? ''],
    terminal: (pod) => (isPodTerminal(pod) ? ['true'] : []),
  });
  const goneSince = new Map<string, number>();

  const forceDelete = async (pod: Pod, why: string): Promise<void> => {
    env.log.info('removing pod', { pod: keyOf(pod), why });
    if (!isPodTerminal(pod)) {
      const message = 'PodGC: node no longer exists';
      const condition = disruptionTarget('DeletionByPodGC', message, env.clock.now());
      const conditions = pod.spec.nodeName ? [condition] : undefined;
      const status = { phase: 'Failed', ...(conditions && { conditions }) };
      if (!(await patchStatus(client, PODS, pod, status).catch(ignoreGone))) return;
    }
    await deleteObject(client, PODS, pod, { gracePeriodSeconds: 0 });
  };

  const keysOfPod = (pod: Pod, old: Pod | undefined): string[] => {
    const finished = isPodTerminal(pod) && !(old && isPodTerminal(old));
    if (
      finished &&
      pods.store.byIndex('terminal', 'true').length > options.terminatedPodGcThreshold
    )
      return [keyOf(pod), TERMINATED];
    const dying = pod.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp;
    return !old || dying || pod.spec.nodeName !== old.spec.nodeName ? [keyOf(pod)] : [];
  };

  return {
    watches: [
      watch(pods, (pod, old, change) => (change === 'deleted' ? [] : keysOfPod(pod, old))),
      watch(nodes, (node, _old, change) => {
        if (change === 'updated') return [];
        goneSince.delete(node.metadata.name);
        return pods.store.byIndex('node', node.metadata.name).map(keyOf);
      }),
    ],
    async reconcile(key) {
      if (key === TERMINATED) {
        for (const pod of excessTerminated(
          pods.store.byIndex('terminal', 'true'),
          options.terminatedPodGcThreshold,
        ))
          await forceDelete(pod, 'too many finished pods');
        return;
      }
      const pod = pods.store.get(key);
      if (!pod) return;
      if (isUnscheduledTerminating(pod)) return forceDelete(pod, 'deleted before it was scheduled');
      const node = pod.spec.nodeName ?? '';
      if (!node || nodes.store.get(node)) return void goneSince.delete(node);
      const now = env.clock.monotonic();
      const since = getOrInsert(goneSince, node, () => now);
      if (since + QUARANTINE_MS > now) return { requeueAfterMs: since + QUARANTINE_MS - now };
      if (await isNodeGone(client, node)) await forceDelete(pod, 'its node is gone');
    },
  };
}

const isNodeGone = async (client: Client, name: string): Promise<boolean> =>
  (await client.get(NODES, { name }).catch(ignoreNotFound)) === undefined;
