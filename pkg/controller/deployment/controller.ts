// deployment-controller: rolls a deployment's pods from one replica set to the next (upstream:
// pkg/controller/deployment). It never changes pods; replica sets do.
import {
  ignoring,
  isNamespaceTerminating,
  isReason,
} from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { annotated, keyOf } from '../../apimachinery/meta/object.js';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../apis/resource-types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { doAll } from '../runtime/batches.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import {
  adoptAndRelease,
  controllerKeys,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  selectingOwners,
} from '../runtime/ownership.js';
import { addressOf, deleteObject, updateStatus } from '../../client/requests.js';
import { equalIgnoringHash, TEMPLATE_HASH_LABEL } from '../runtime/template-hash.js';
import { planDeployment, type DeploymentStep } from './plan.js';
import { findNew, REVISION_ANNOTATION } from './revisions.js';
import { sizeOf, type Scaling } from './scale.js';
import { planDeploymentStatus } from './status.js';

const selectorOf = ({ spec }: Deployment) => selectorFromLabelSelector(spec.selector);

export function createDeploymentController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const deployments = informers.informer(DEPLOYMENTS);
  const sets = informers.informer(REPLICA_SETS);
  const pods = informers.informer(PODS);
  sets.addIndexers(ownershipIndexers());
  pods.addIndexers(ownershipIndexers());
  const events = context.events('deployment-controller');
  const writes = new OwnWrites(env.clock);
  /** Sets whose creation failed, by deployment: a server whose answer was lost has made its set. */
  const attempted = new Map<string, ReplicaSet>();

  function keysOfSet(set: ReplicaSet, old: ReplicaSet | undefined): string[] {
    const owners = [set, old].flatMap((one) => (one ? controllerKeys(one, DEPLOYMENTS) : []));
    if (controllerOf(set)) return [...new Set(owners)];
    return [...selectingOwners(deployments.store, selectorOf, set), ...owners];
  }

  /** Only the Recreate strategy waits for pods: for their deletion. */
  function keysOfPod(pod: Pod): string[] {
    const set = sets.store.get(`${pod.metadata.namespace}/${controllerOf(pod)?.name}`);
    return set ? controllerKeys(set, DEPLOYMENTS) : [];
  }

  async function carryOut(deployment: Deployment, step: DeploymentStep): Promise<void> {
    switch (step.kind) {
      case 'none':
        return;
      case 'create':
        return create(deployment, step.set);
      case 'annotate': {
        const { annotations, minReadySeconds, set } = step;
        const metadata = { ...set.metadata, annotations };
        const spec = { ...set.spec, minReadySeconds };
        return write(deployment, { ...set, metadata, spec });
      }
      case 'set-revision': {
        const revision = { [REVISION_ANNOTATION]: String(step.revision) };
        // The role system:controller:deployment-controller may update deployments, not patch them.
        return void (await client.update(DEPLOYMENTS, annotated(deployment, revision)));
      }
      case 'scale':
        return doAll(step.scalings, (scaling) => scale(deployment, scaling, step.annotations));
      case 'remove':
        for (const set of step.sets) await deleteObject(client, REPLICA_SETS, set);
    }
  }

  async function write(owner: Deployment, set: ReplicaSet): Promise<void> {
    writes.wrote(keyOf(owner), await client.update(REPLICA_SETS, set));
  }

  async function create(deployment: Deployment, set: ReplicaSet): Promise<void> {
    const { name } = set.metadata;
    try {
      writes.wrote(keyOf(deployment), await client.create(REPLICA_SETS, set));
      const message = `Scaled up replica set ${name} from 0 to ${sizeOf(set)}`;
      if (sizeOf(set)) events.event(deployment, 'Normal', 'ScalingReplicaSet', message);
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return resolveCollision(deployment, set);
      if (!isNamespaceTerminating(error)) {
        const message = `Failed to create new replica set "${name}": ${(error as Error).message}`;
        events.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
      }
      attempted.set(keyOf(deployment), set);
      throw error;
    }
  }

  /**
   * The name is taken: by our set, which the cache did not show yet, or by a set with an equal
   * hash.
   */
  async function resolveCollision(deployment: Deployment, set: ReplicaSet): Promise<void> {
    const other = await client.get(REPLICA_SETS, addressOf(set));
    if (
      controllerOf(other)?.uid === deployment.metadata.uid &&
      equalIgnoringHash(other.spec.template, deployment.spec.template)
    ) {
      // A plan for a changed template must not begin before the cache shows this set.
      writes.wrote(keyOf(deployment), other);
      return;
    }
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    await updateStatus(client, DEPLOYMENTS, deployment, { ...deployment.status, collisionCount });
    throw new Error(
      `hash collision on replica set ${set.metadata.name}, label ${TEMPLATE_HASH_LABEL}`,
    );
  }

  async function scale(
    deployment: Deployment,
    { replicas, set }: Scaling,
    sizes: Record<string, string>,
  ): Promise<void> {
    const before = sizeOf(set);
    const scaled = { ...annotated(set, sizes), spec: { ...set.spec, replicas } };
    await write(deployment, scaled);
    if (replicas === before) return;
    const direction = replicas > before ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    events.event(deployment, 'Normal', 'ScalingReplicaSet', message);
  }

  return {
    watches: [
      watch(deployments),
      watch(sets, (set, old) => keysOfSet(set, old)),
      watch(pods, (pod, _old, change) => (change === 'deleted' ? keysOfPod(pod) : [])),
    ],
    async reconcile(key) {
      const attempt = attempted.get(key);
      if (attempt) {
        const address = addressOf(attempt);
        const made = await client.get(REPLICA_SETS, address).catch(ignoring('NotFound'));
        if (made) writes.wrote(key, made);
        attempted.delete(key);
      }
      const deployment = deployments.store.get(key);
      if (!deployment) return writes.forget(key);
      const behind = writes.behindMs(key, sets.store);
      if (behind) return { requeueAfterMs: behind }; // the watch event of the set comes earlier
      const selector = selectorOf(deployment);
      if (selector.empty) return; // it would adopt every replica set of the namespace
      const owner = { type: DEPLOYMENTS, object: deployment, selector };
      const owned = await adoptAndRelease(client, owner, REPLICA_SETS, sets.store);
      const ownedPods = owned.flatMap(({ metadata }) =>
        pods.store.byIndex(OWNERSHIP_INDEX, metadata.uid ?? ''),
      );
      const step = planDeployment(deployment, owned, ownedPods);
      await carryOut(deployment, step);
      if (step.kind === 'set-revision') return; // the change of the deployment requeues it
      const current = findNew(deployment, owned);
      const plan = planDeploymentStatus(deployment, current, owned, env.clock.now());
      if (plan.changed) await updateStatus(client, DEPLOYMENTS, deployment, plan.status);
      if (plan.checkAgainInMs !== undefined) return { requeueAfterMs: plan.checkAgainInMs };
    },
  };
}
