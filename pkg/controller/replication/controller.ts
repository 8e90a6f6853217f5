// replicationcontroller-controller: the pods of core/v1 ReplicationControllers, with the loop and
// the plan of replica sets (upstream: pkg/controller/replication).
import { NOTHING, selectorFromMap } from '../../apimachinery/labels/selector.js';
import { REPLICATION_CONTROLLERS } from '../../apis/resource-types.js';
import { createReplicaController } from '../replicaset/replica-controller.js';
import type { Controller, ControllerContext } from '../runtime/controller.js';
import { OWNERSHIP_INDEX } from '../runtime/ownership.js';
import { isPodActive } from '../../component-helpers/pods.js';

export function createReplicationController(
  context: ControllerContext,
  options: { concurrentRcSyncs: number },
): Controller {
  return createReplicaController(context, {
    name: 'replicationcontroller-controller',
    component: 'replication-controller',
    type: REPLICATION_CONTROLLERS,
    workers: options.concurrentRcSyncs,
    // An empty selector selects nothing: a controller must never adopt a whole namespace by
    // accident.
    selector: ({ spec }) =>
      spec.selector && Object.keys(spec.selector).length ? selectorFromMap(spec.selector) : NOTHING,
    replicas: (owner) => owner.spec.replicas ?? 1,
    minReadySeconds: (owner) => owner.spec.minReadySeconds ?? 0,
    template: (owner) => owner.spec.template,
    status: (owner) => owner.status,
    related: (owner, pods) =>
      pods.store.byIndex(OWNERSHIP_INDEX, owner.metadata.uid ?? '').filter(isPodActive),
  });
}
