// taint-eviction-controller: deletes pods that do not tolerate a NoExecute taint of their node, at
// once or after their tolerationSeconds (upstream: pkg/controller/tainteviction).
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { NODES, PODS } from '../../apis/resource-types.js';
import { disruptionTarget } from '../../component-helpers/conditions.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { deleteObject, ignoreGone, patchStatus } from '../../client/requests.js';
import { evictionTime } from './plan.js';

export function createTaintEvictionController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
  const events = context.events('taint-eviction-controller');
  const scheduled = new Set<string>();

  const evict = async (pod: Pod): Promise<void> => {
    const message = 'Taint manager: deleting due to NoExecute taint';
    const condition = disruptionTarget('DeletionByTaintManager', message, env.clock.now());
    const patch = patchStatus(client, PODS, pod, { conditions: [condition] });
    if (await patch.catch(ignoreGone)) await deleteObject(client, PODS, pod);
  };

  return {
    watches: [
      watch(pods, (pod, old, change) => {
        const moved =
          !old ||
          old.spec.nodeName !== pod.spec.nodeName ||
          !equalJson(old.spec.tolerations, pod.spec.tolerations);
        return change === 'deleted' || moved ? [keyOf(pod)] : [];
      }),
      watch(nodes, (node, old, change) => {
        const before = old?.spec.taints ?? [];
        if (change === 'deleted' || equalJson(before, node.spec.taints ?? [])) return [];
        return pods.store.byIndex('node', node.metadata.name).map(keyOf);
      }),
    ],
    async reconcile(key) {
      const pod = pods.store.get(key);
      const node = pod?.spec.nodeName ? nodes.store.get(pod.spec.nodeName) : undefined;
      if (!pod || !node || pod.metadata.deletionTimestamp) return void scheduled.delete(key);
      const now = env.clock.now();
      const at = evictionTime(pod, node.spec.taints ?? [], now);
      if (at === undefined) {
        if (scheduled.delete(key))
          events.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
        return;
      }
      if (at > now) {
        scheduled.add(key);
        return { requeueAfterMs: at - now };
      }
      events.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
      await evict(pod);
      scheduled.delete(key);
    },
  };
}
