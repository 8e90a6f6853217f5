// deployment-controller: rolls a deployment's pods from one replica set to the next (upstream:
// pkg/controller/deployment). It never touches pods; replica sets do.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../apis/resource-types.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { runAll } from '../runtime/batches.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
  type Watch,
} from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import {
  carryOutClaims,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  planClaims,
} from '../runtime/ownership.js';
import { planDeployment, type DeploymentStep } from './plan.js';
import { findNew, HASH_LABEL, REVISION_ANNOTATION, sameTemplate } from './revisions.js';
import { sizeOf, type Scaling } from './scale.js';
import { planDeploymentStatus } from './status.js';

export function createDeploymentController(
  context: ControllerContext,
  options: { concurrentDeploymentSyncs: number },
): Controller {
  return new DeploymentController(context, options.concurrentDeploymentSyncs);
}

class DeploymentController implements Controller {
  readonly name = 'deployment-controller';
  readonly watches: readonly Watch[];
  private readonly deployments: Informer<Deployment>;
  private readonly sets: Informer<ReplicaSet>;
  private readonly pods: Informer<Pod>;
  private readonly events: EventRecorder;
  private readonly writes: OwnWrites;

  constructor(
    private readonly context: ControllerContext,
    readonly workers: number,
  ) {
    const { env, informers } = context;
    this.deployments = informers.informer(DEPLOYMENTS);
    this.sets = informers.informer(REPLICA_SETS);
    this.pods = informers.informer(PODS);
    this.sets.addIndexers(ownershipIndexers());
    this.pods.addIndexers(ownershipIndexers());
    this.events = context.events('deployment-controller');
    this.writes = new OwnWrites(env.clock);
    this.watches = [
      watch(this.deployments, (deployment) => [keyOf(deployment)]),
      watch(this.sets, (set, old) => this.keysOfSet(set, old)),
      watch(this.pods, (pod, _old, change) => (change === 'deleted' ? this.keysOfPod(pod) : [])),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { client, env } = this.context;
    const deployment = this.deployments.store.get(key);
    if (!deployment) return this.writes.forget(key);
    const behind = this.writes.behindMs(key, this.sets.store);
    if (behind) return { requeueAfterMs: behind }; // the set's own event comes long before
    const selector = selectorFromLabelSelector(deployment.spec.selector);
    if (selector.empty) return; // would take every replica set of the namespace
    const { namespace, uid = '' } = deployment.metadata;
    const candidates = [
      ...this.sets.store.byIndex(OWNERSHIP_INDEX, uid),
      ...this.sets.store.byIndex(OWNERSHIP_INDEX, `orphan:${namespace}`),
    ];
    const owner = { type: DEPLOYMENTS as ResourceType<ApiObject>, object: deployment as ApiObject };
    const owned = await carryOutClaims(
      client,
      owner,
      REPLICA_SETS,
      planClaims(deployment, selector, candidates),
      signal,
    );
    const pods = owned.flatMap((set) =>
      this.pods.store.byIndex(OWNERSHIP_INDEX, set.metadata.uid ?? ''),
    );
    const step = planDeployment(deployment, owned, pods);
    await this.carryOut(key, deployment, step, signal);
    if (step.kind === 'set-revision') return; // the deployment itself changed and comes again
    const plan = planDeploymentStatus(
      deployment,
      findNew(deployment, owned),
      owned,
      env.clock.now(),
    );
    if (plan.changed)
      await client.update(
        DEPLOYMENTS,
        { ...deployment, status: plan.status },
        { subresource: 'status', signal },
      );
    if (plan.checkAgainInMs !== undefined) return { requeueAfterMs: plan.checkAgainInMs };
  }

  private keysOfSet(set: ReplicaSet, old: ReplicaSet | undefined): string[] {
    const { namespace = '' } = set.metadata;
    const references = [controllerOf(set), old && controllerOf(old)];
    const owners = references.flatMap((reference) =>
      reference && refersTo(reference, DEPLOYMENTS) ? [`${namespace}/${reference.name}`] : [],
    );
    if (references[0]) return [...new Set(owners)];
    const matching = this.deployments.store
      .byIndex('namespace', namespace)
      .filter((deployment) =>
        selectorFromLabelSelector(deployment.spec.selector).matches(set.metadata.labels),
      );
    return [...matching.map(keyOf), ...owners];
  }

  /** Only Recreate waits for pods, for their removal. */
  private keysOfPod(pod: Pod): string[] {
    const { namespace } = pod.metadata;
    const set = this.sets.store.get(`${namespace}/${controllerOf(pod)?.name}`);
    const owner = set && controllerOf(set);
    return owner && refersTo(owner, DEPLOYMENTS) ? [`${namespace}/${owner.name}`] : [];
  }

  private async carryOut(
    key: string,
    deployment: Deployment,
    step: DeploymentStep,
    signal: AbortSignal,
  ): Promise<void> {
    switch (step.kind) {
      case 'none':
        return;
      case 'create':
        return this.create(key, deployment, step.set, signal);
      case 'annotate': {
        const { annotations, minReadySeconds, set } = step;
        return this.write(
          key,
          {
            ...set,
            metadata: { ...set.metadata, annotations },
            spec: { ...set.spec, minReadySeconds },
          },
          signal,
        );
      }
      case 'set-revision':
        return this.setRevision(deployment, step.revision, signal);
      case 'scale': {
        const [error] = await runAll(step.scalings, (scaling) =>
          this.scale(key, deployment, scaling, step.annotations, signal),
        );
        if (error) throw error as Error;
        return;
      }
      case 'remove':
        for (const set of step.sets) await this.remove(set, signal);
    }
  }

  private async write(key: string, set: ReplicaSet, signal: AbortSignal): Promise<void> {
    this.writes.wrote(key, await this.context.client.update(REPLICA_SETS, set, { signal }));
  }

  private async create(
    key: string,
    deployment: Deployment,
    set: ReplicaSet,
    signal: AbortSignal,
  ): Promise<void> {
    const { name } = set.metadata;
    try {
      this.writes.wrote(key, await this.context.client.create(REPLICA_SETS, set, { signal }));
      if (sizeOf(set))
        this.events.event(
          deployment,
          'Normal',
          'ScalingReplicaSet',
          `Scaled up replica set ${name} from 0 to ${sizeOf(set)}`,
        );
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return this.resolveCollision(deployment, set, signal);
      if (!isNamespaceTerminating(error) && !signal.aborted) {
        const message = `Failed to create new replica set "${name}": ${(error as Error).message}`;
        this.events.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
      }
      throw error;
    }
  }

  /** Another set has the name: ours seen too late, or another template with the same hash. */
  private async resolveCollision(
    deployment: Deployment,
    set: ReplicaSet,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this.context;
    const { name, namespace } = set.metadata;
    const other = await client.get(REPLICA_SETS, { namespace: namespace!, name }, { signal });
    if (
      controllerOf(other)?.uid === deployment.metadata.uid &&
      sameTemplate(other.spec.template, deployment.spec.template)
    )
      return;
    const status = {
      ...deployment.status,
      collisionCount: (deployment.status?.collisionCount ?? 0) + 1,
    };
    await client.update(DEPLOYMENTS, { ...deployment, status }, { subresource: 'status', signal });
    throw new Error(`hash collision on replica set ${name}, label ${HASH_LABEL}`);
  }

  private async setRevision(
    deployment: Deployment,
    revision: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace, resourceVersion, uid } = deployment.metadata;
    const body = {
      metadata: { uid, resourceVersion, annotations: { [REVISION_ANNOTATION]: String(revision) } },
    };
    await this.context.client.patch(DEPLOYMENTS, { name, namespace: namespace! }, body, {
      type: 'merge',
      signal,
    });
  }

  private async scale(
    key: string,
    deployment: Deployment,
    { replicas, set }: Scaling,
    sizes: Record<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const before = sizeOf(set);
    const annotations = { ...set.metadata.annotations, ...sizes };
    await this.write(
      key,
      { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } },
      signal,
    );
    const direction = replicas > before ? 'up' : 'down';
    this.events.event(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    );
  }

  private async remove({ metadata }: ReplicaSet, signal: AbortSignal): Promise<void> {
    const preconditions = { uid: metadata.uid ?? '' };
    const key = { namespace: metadata.namespace!, name: metadata.name };
    await this.context.client
      .delete(REPLICA_SETS, key, { preconditions, signal })
      .catch((error: unknown) => {
        if (!isReason(error, 'NotFound')) throw error;
      });
  }
}
