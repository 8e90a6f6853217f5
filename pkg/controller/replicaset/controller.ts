// replicaset-controller: the pods of apps/v1 ReplicaSets (upstream: pkg/controller/replicaset).
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { REPLICA_SETS } from '../../apis/resource-types.js';
import type { ControllerContext, Controller } from '../runtime/controller.js';
import { createReplicaController } from './replica-controller.js';

export function createReplicaSetController(context: ControllerContext): Controller {
  return createReplicaController(context, {
    component: 'replicaset-controller',
    type: REPLICA_SETS,
    selector: (owner) => selectorFromLabelSelector(owner.spec.selector),
  });
}
