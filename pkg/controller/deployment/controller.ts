// deployment-controller: rolls a deployment's pods from one replica set to the next (upstream:
// pkg/controller/deployment). It never touches pods; replica sets do.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../apis/resource-types.js';
import { runAll } from '../runtime/batches.js';
import { watch, type Controller, type ControllerContext, type ReconcileResult } from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import { carryOutClaims, controllerOf, OWNERSHIP_INDEX, ownershipIndexers, planClaims, refersTo } from '../runtime/ownership.js';
import { planDeployment, type DeploymentStep } from './plan.js';
import { findNew, HASH_LABEL, REVISION_ANNOTATION, sameTemplate } from './revisions.js';
import { sizeOf, type Scaling } from './scale.js';
import { planDeploymentStatus } from './status.js';

export function createDeploymentController(context: ControllerContext, options: { concurrentDeploymentSyncs: number }): Controller {
  const { client, env, informers } = context;
  const deployments = informers.informer(DEPLOYMENTS);
  const sets = informers.informer(REPLICA_SETS);
  const pods = informers.informer(PODS);
  sets.addIndexers(ownershipIndexers());
  pods.addIndexers(ownershipIndexers());
  const events = context.events('deployment-controller');
  const writes = new OwnWrites(env.clock);

  const keysOfSet = (set: ReplicaSet, old: ReplicaSet | undefined): string[] => {
    const owners = [controllerOf(set), old && controllerOf(old)].flatMap((reference) => (reference && refersTo(reference, DEPLOYMENTS) ? [reference.name] : []));
    if (controllerOf(set)) return [...new Set(owners)].map((name) => `${set.metadata.namespace}/${name}`);
    const matching = deployments.store
      .byIndex('namespace', set.metadata.namespace ?? '')
      .filter((deployment) => selectorFromLabelSelector(deployment.spec.selector).matches(set.metadata.labels));
    return [...matching.map(keyOf), ...owners.map((name) => `${set.metadata.namespace}/${name}`)];
  };

  /** Only Recreate waits for pods; their removal is what it waits for. */
  const keysOfPod = (pod: Pod, _old: Pod | undefined, change: string): string[] => {
    const set = change === 'deleted' ? controllerOf(pod) : undefined;
    const owner = set && controllerOf(sets.store.get(`${pod.metadata.namespace}/${set.name}`) ?? pod);
    return owner && refersTo(owner, DEPLOYMENTS) ? [`${pod.metadata.namespace}/${owner.name}`] : [];
  };

  const reconcile = async (key: string, signal: AbortSignal): Promise<ReconcileResult> => {
    const deployment = deployments.store.get(key);
    if (!deployment) return writes.forget(key);
    const behind = writes.behindMs(key, sets.store);
    if (behind) return { requeueAfterMs: behind }; // the set's own event comes long before
    if (!Object.keys(deployment.spec.selector.matchLabels ?? {}).length && !deployment.spec.selector.matchExpressions?.length) return;
    const candidates = [...sets.store.byIndex(OWNERSHIP_INDEX, deployment.metadata.uid ?? ''), ...sets.store.byIndex(OWNERSHIP_INDEX, `orphan:${deployment.metadata.namespace}`)];
    const claims = planClaims(deployment, selectorFromLabelSelector(deployment.spec.selector), candidates);
    const owner = { type: DEPLOYMENTS as ResourceType<ApiObject>, object: deployment as ApiObject };
    const owned = await carryOutClaims(client, owner, REPLICA_SETS, claims, signal);
    const behindSets = owned.flatMap((set) => pods.store.byIndex(OWNERSHIP_INDEX, set.metadata.uid ?? ''));
    const step = planDeployment(deployment, owned, behindSets);
    await carryOut(key, deployment, step, signal);
    if (step.kind === 'set-revision') return; // the deployment itself changed and comes again
    const plan = planDeploymentStatus(deployment, findNew(deployment, owned), owned, env.clock.now());
    if (plan.changed) await client.update(DEPLOYMENTS, { ...deployment, status: plan.status }, { subresource: 'status', signal });
    if (plan.checkAgainInMs !== undefined) return { requeueAfterMs: plan.checkAgainInMs };
  };

  const carryOut = async (key: string, deployment: Deployment, step: DeploymentStep, signal: AbortSignal): Promise<void> => {
    switch (step.kind) {
      case 'none':
        return;
      case 'create':
        return create(key, deployment, step.set, signal);
      case 'annotate': {
        const { annotations, minReadySeconds, set } = step;
        const changed = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } };
        return writes.wrote(key, await client.update(REPLICA_SETS, changed, { signal }));
      }
      case 'set-revision': {
        const { name, namespace, resourceVersion, uid } = deployment.metadata;
        const body = { metadata: { uid, resourceVersion, annotations: { [REVISION_ANNOTATION]: String(step.revision) } } };
        await client.patch(DEPLOYMENTS, { name, namespace: namespace! }, body, { type: 'merge', signal });
        return;
      }
      case 'scale': {
        const [error] = await runAll(step.scalings, (scaling) => scale(key, deployment, scaling, step.annotations, signal));
        if (error) throw error as Error;
        return;
      }
      case 'remove':
        for (const { metadata } of step.sets) {
          await client.delete(REPLICA_SETS, { namespace: metadata.namespace!, name: metadata.name }, { preconditions: { uid: metadata.uid ?? '' }, signal }).catch((error: unknown) => {
            if (!isReason(error, 'NotFound')) throw error;
          });
        }
    }
  };

  const create = async (key: string, deployment: Deployment, set: ReplicaSet, signal: AbortSignal): Promise<void> => {
    try {
      writes.wrote(key, await client.create(REPLICA_SETS, set, { signal }));
      if (sizeOf(set)) events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${set.metadata.name} from 0 to ${sizeOf(set)}`);
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return resolveCollision(deployment, set, signal);
      if (!isReason(error, 'Forbidden') && !signal.aborted) {
        events.event(deployment, 'Warning', 'ReplicaSetCreateError', `Failed to create new replica set "${set.metadata.name}": ${(error as Error).message}`);
      }
      throw error;
    }
  };

  /** Another set has the name: ours seen too late, or another template with the same hash. */
  const resolveCollision = async (deployment: Deployment, set: ReplicaSet, signal: AbortSignal): Promise<void> => {
    const other = await client.get(REPLICA_SETS, { namespace: set.metadata.namespace!, name: set.metadata.name }, { signal });
    if (controllerOf(other)?.uid === deployment.metadata.uid && sameTemplate(other.spec.template, deployment.spec.template)) return;
    const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    await client.update(DEPLOYMENTS, { ...deployment, status }, { subresource: 'status', signal });
    throw new Error(`hash collision on replica set ${set.metadata.name}, label ${HASH_LABEL}`);
  };

  const scale = async (key: string, deployment: Deployment, { replicas, set }: Scaling, annotations: Record<string, string>, signal: AbortSignal): Promise<void> => {
    const before = sizeOf(set);
    const changed = { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } }, spec: { ...set.spec, replicas } };
    writes.wrote(key, await client.update(REPLICA_SETS, changed, { signal }));
    events.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`);
  };

  return {
    name: 'deployment-controller',
    workers: options.concurrentDeploymentSyncs,
    watches: [watch(deployments, (deployment) => [keyOf(deployment)]), watch(sets, keysOfSet), watch(pods, keysOfPod)],
    reconcile,
  };
}
