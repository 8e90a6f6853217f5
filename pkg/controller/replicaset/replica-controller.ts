// Keeps the number of pods that an owner wants. ReplicaSet and ReplicationController differ only in
// `ReplicaKind` (upstream adapts ReplicationControllers to ReplicaSets). Invariant: pods are
// counted only when the cache shows all creations and deletions of the last sync.
import type { Selector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { ReplicaSetStatus } from '../../apis/apps/v1/types.js';
import type { Pod, PodTemplateSpec } from '../../apis/core/v1/types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { isPodActive } from '../../component-helpers/pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { OWNERSHIP_INDEX, ownershipIndexers } from '../runtime/ownership.js';
import { PodControl, podFromTemplate } from '../runtime/pod-control.js';
import { updateStatus } from '../../client/requests.js';
import { planReplicas, planStatus, type ReplicaFailure, type ReplicaPlan } from './plan.js';

/** The fields that both kinds have. */
export interface Replicated extends ApiObject {
  spec: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec };
  status?: ReplicaSetStatus;
}

export interface ReplicaKind<T extends Replicated> {
  /** The source of events. */
  component: string;
  type: ResourceType<T>;
  selector(owner: T): Selector;
}

export function createReplicaController<T extends Replicated>(
  context: ControllerContext,
  kind: ReplicaKind<T>,
): Controller {
  const { client, env } = context;
  const control = new PodControl(context, {
    type: kind.type,
    component: kind.component,
    selector: (owner) => kind.selector(owner),
    eligible: (_owner, pod) => isPodActive(pod),
  });
  const { owners, pods } = control;
  owners.addIndexers(ownershipIndexers());

  /** Active pods to spread over nodes: the owner's, and those of the owners with its controller. */
  function relatedPods(owner: T): Pod[] {
    const above = controllerOf(owner);
    const siblings = above ? owners.store.byIndex(OWNERSHIP_INDEX, above.uid) : [owner];
    return siblings
      .flatMap(({ metadata }) => pods.store.byIndex(OWNERSHIP_INDEX, metadata.uid ?? ''))
      .filter(isPodActive);
  }

  async function changePods(owner: T, plan: ReplicaPlan): Promise<ReplicaFailure | undefined> {
    if (!plan.create && !plan.remove.length) return undefined;
    control.expect(owner, plan.remove);
    if (plan.create) {
      const pod = podFromTemplate(kind.type, owner, owner.spec.template);
      const error = await control.create(owner, Array(plan.create).fill(pod));
      return error && { reason: 'FailedCreate', error };
    }
    const error = await control.remove(owner, plan.remove);
    return error && { reason: 'FailedDelete', error };
  }

  return {
    watches: [
      watch(owners, (owner, _old, change) => {
        if (change === 'deleted') control.forget(keyOf(owner));
        return [keyOf(owner)];
      }),
      watch(pods, (pod, old, change) => control.keysOfPod(pod, old, change)),
    ],
    async reconcile(key) {
      const owner = owners.store.get(key);
      if (!owner) return control.forget(key);
      const { minReadySeconds = 0, replicas = 1, template } = owner.spec;
      const settled = control.settled(key);
      const owned = await control.ownedPods(owner);
      let failure: ReplicaFailure | undefined;
      if (settled && !owner.metadata.deletionTimestamp) {
        const plan = planReplicas(replicas, owned, relatedPods(owner), env.clock.now());
        failure = await changePods(owner, plan);
      }
      const { changed, checkAgainInMs, status } = planStatus({
        generation: owner.metadata.generation ?? 0,
        replicas,
        minReadySeconds,
        templateLabels: template?.metadata?.labels ?? {},
        pods: owned,
        failure,
        old: owner.status,
        now: env.clock.now(),
      });
      if (changed) await updateStatus(client, kind.type, owner, status);
      if (failure) throw failure.error;
      // A ready pod becomes available after minReadySeconds.
      const requeueAfterMs = Math.min(checkAgainInMs ?? Infinity, control.expiresInMs(key));
      if (requeueAfterMs !== Infinity) return { requeueAfterMs: Math.max(1, requeueAfterMs) };
    },
  };
}
