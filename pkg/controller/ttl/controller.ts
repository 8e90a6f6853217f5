// ttl-controller: tells kubelets in an annotation of their node for how long they may keep secrets
// and config maps; the larger the cluster, the longer (upstream: pkg/controller/ttl).
import { NODES } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';
import { nextStep, TTL_STEPS } from './plan.js';

const ANNOTATION = 'node.alpha.kubernetes.io/ttl';

export function createTtlController({ client, informers }: ControllerContext): Controller {
  const nodes = informers.informer(NODES);
  let step = 0;
  return {
    watches: [
      watch(nodes, (node, _old, change) => {
        const before = step;
        step = nextStep(step, nodes.store.size);
        if (step !== before) return nodes.store.list().map(({ metadata }) => metadata.name);
        return change === 'deleted' ? [] : [node.metadata.name];
      }),
    ],
    async reconcile(name) {
      const node = nodes.store.get(name);
      const wanted = String(TTL_STEPS[step]!.seconds);
      if (!node || node.metadata.annotations?.[ANNOTATION] === wanted) return;
      const body = { metadata: { annotations: { [ANNOTATION]: wanted } } };
      await client.patch(NODES, { name }, body, { type: 'strategic' }).catch(ignoreNotFound);
    },
  };
}
