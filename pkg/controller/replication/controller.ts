// replicationcontroller-controller: the pods of core/v1 ReplicationControllers, with the loop and
// the plan of replica sets (upstream: pkg/controller/replication).
import { NOTHING, selectorFromMap } from '../../apimachinery/labels/selector.js';
import { REPLICATION_CONTROLLERS } from '../../apis/resource-types.js';
import { createReplicaController } from '../replicaset/replica-controller.js';
import type { Controller, ControllerContext } from '../runtime/controller.js';

export function createReplicationController(context: ControllerContext): Controller {
  return createReplicaController(context, {
    component: 'replication-controller',
    type: REPLICATION_CONTROLLERS,
    // An empty selector selects nothing: a controller must never adopt a whole namespace by
    // accident.
    selector: ({ spec }) =>
      spec.selector && Object.keys(spec.selector).length ? selectorFromMap(spec.selector) : NOTHING,
  });
}
