// replicaset-controller: the pods of apps/v1 ReplicaSets (upstream: pkg/controller/replicaset).
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { REPLICA_SETS } from '../../apis/resource-types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import type { ControllerContext, Controller } from '../runtime/controller.js';
import { OWNERSHIP_INDEX } from '../runtime/ownership.js';
import { isPodActive } from '../../component-helpers/pods.js';
import { createReplicaController } from './replica-controller.js';

export function createReplicaSetController(
  context: ControllerContext,
  options: { concurrentReplicasetSyncs: number },
): Controller {
  return createReplicaController(context, {
    name: 'replicaset-controller',
    component: 'replicaset-controller',
    type: REPLICA_SETS,
    workers: options.concurrentReplicasetSyncs,
    selector: (owner) => selectorFromLabelSelector(owner.spec.selector),
    replicas: (owner) => owner.spec.replicas ?? 1,
    minReadySeconds: (owner) => owner.spec.minReadySeconds ?? 0,
    template: (owner) => owner.spec.template,
    status: (owner) => owner.status,
    related(owner, pods, owners) {
      const deployment = controllerOf(owner);
      const siblings = deployment ? owners.store.byIndex(OWNERSHIP_INDEX, deployment.uid) : [owner];
      return siblings
        .flatMap((sibling) => pods.store.byIndex(OWNERSHIP_INDEX, sibling.metadata.uid ?? ''))
        .filter(isPodActive);
    },
  });
}
