// statefulset-controller: pods with stable names and claims, made, updated and removed in order
// (upstream: pkg/controller/statefulset). Names make creations safe to repeat, so it needs no expectations.
// Not here: moving claims to `whenScaled: Delete`.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { ControllerRevision, StatefulSet } from '../../apis/apps/v1/types.js';
import type { PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import {
  CONTROLLER_REVISIONS,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  STATEFUL_SETS,
} from '../../apis/resource-types.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import { terminalPhase } from '../../component-helpers/pods.js';
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
import {
  excessRevisions,
  keepHistory,
  removeRevisions,
  templateOf,
  type History,
} from '../runtime/history.js';
import {
  carryOutClaims,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  planClaims,
} from '../runtime/ownership.js';
import { claimsOf, ordinalOf, podName, revisionOfPod, statefulPod } from './identity.js';
import {
  planStatefulSet,
  planStatefulStatus,
  type StatefulInput,
  type StatefulPlan,
} from './plan.js';

export function createStatefulSetController(
  context: ControllerContext,
  options: { concurrentStatefulSetSyncs: number },
): Controller {
  return new StatefulSetController(context, options.concurrentStatefulSetSyncs);
}

class StatefulSetController implements Controller {
  readonly name = 'statefulset-controller';
  readonly watches: readonly Watch[];
  private readonly sets: Informer<StatefulSet>;
  private readonly pods: Informer<Pod>;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly revisions: Informer<ControllerRevision>;
  private readonly events: EventRecorder;

  constructor(
    private readonly context: ControllerContext,
    readonly workers: number,
  ) {
    const { informers } = context;
    this.sets = informers.informer(STATEFUL_SETS);
    this.pods = informers.informer(PODS);
    this.claims = informers.informer(PERSISTENT_VOLUME_CLAIMS);
    this.revisions = informers.informer(CONTROLLER_REVISIONS);
    this.pods.addIndexers(ownershipIndexers());
    this.revisions.addIndexers(ownershipIndexers());
    this.events = context.events('statefulset-controller');
    this.watches = [
      watch(this.sets, (set) => [keyOf(set)]),
      watch(this.pods, (pod) => this.keysOfPod(pod)),
      // Only their caches are used.
      watch(this.claims, () => []),
      watch(this.revisions, () => []),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { client, env } = this.context;
    const set = this.sets.store.get(key);
    if (!set || selectorFromLabelSelector(set.spec.selector).empty) return;
    const pods = await this.claim(set, signal);
    if (set.metadata.deletionTimestamp) return;
    const history = await keepHistory(client, STATEFUL_SETS, set, this.revisions.store, signal);
    const updateRevision = history.update.metadata.name;
    const current = history.all.find(
      ({ metadata }) => metadata.name === set.status?.currentRevision,
    );
    const input: StatefulInput = {
      set,
      pods,
      updateRevision,
      currentRevision: current?.metadata.name ?? updateRevision,
      now: env.clock.now(),
    };
    const plan = planStatefulSet(input);
    const error = await this.changePods(set, plan, history, signal);
    const { changed, status } = planStatefulStatus(input);
    if (changed)
      await client.update(STATEFUL_SETS, { ...set, status }, { subresource: 'status', signal });
    if (error) throw error as Error;
    const live = new Set([input.currentRevision, ...pods.map(revisionOfPod)]);
    await removeRevisions(client, excessRevisions(history, set, live), signal);
    if (plan.checkAgainInMs !== undefined && plan.checkAgainInMs !== Infinity)
      return { requeueAfterMs: Math.max(1, plan.checkAgainInMs) };
  }

  private keysOfPod(pod: Pod): string[] {
    const namespace = pod.metadata.namespace ?? '';
    const reference = controllerOf(pod);
    if (reference)
      return refersTo(reference, STATEFUL_SETS) ? [`${namespace}/${reference.name}`] : [];
    if (pod.metadata.deletionTimestamp) return [];
    return this.sets.store
      .byIndex('namespace', namespace)
      .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(pod.metadata.labels))
      .map(keyOf);
  }

  /** Adopts only pods that have a name of the set. */
  private claim(set: StatefulSet, signal: AbortSignal): Promise<Pod[]> {
    const { namespace, uid = '' } = set.metadata;
    const orphans = this.pods.store
      .byIndex(OWNERSHIP_INDEX, `orphan:${namespace}`)
      .filter((pod) => ordinalOf(set, pod) !== undefined);
    const claims = planClaims(set, selectorFromLabelSelector(set.spec.selector), [
      ...this.pods.store.byIndex(OWNERSHIP_INDEX, uid),
      ...orphans,
    ]);
    const owner = { type: STATEFUL_SETS as ResourceType<ApiObject>, object: set as ApiObject };
    return carryOutClaims(this.context.client, owner, PODS, claims, signal);
  }

  /** Returns the first error. */
  private async changePods(
    set: StatefulSet,
    plan: StatefulPlan,
    history: History,
    signal: AbortSignal,
  ): Promise<unknown> {
    const removals = await runAll(plan.remove, (removal) => this.remove(set, removal, signal));
    const creations = await runAll(plan.create, async ({ ordinal, revision }) => {
      const template = templateOf(
        history.all.find(({ metadata }) => metadata.name === revision) ?? history.update,
      );
      await this.create(set, ordinal, () => statefulPod(set, template, revision, ordinal), signal);
    });
    return removals[0] ?? creations[0];
  }

  private async create(
    set: StatefulSet,
    ordinal: number,
    pod: () => ReturnType<typeof statefulPod>,
    signal: AbortSignal,
  ): Promise<void> {
    const { client } = this.context;
    const [about, name] = [`StatefulSet ${set.metadata.name}`, podName(set, ordinal)];
    try {
      for (const claim of claimsOf(set, ordinal)) await this.ensureClaim(set, claim, name, signal);
      await client.create(PODS, pod(), { signal });
      this.events.event(
        set,
        'Normal',
        'SuccessfulCreate',
        `create Pod ${name} in ${about} successful`,
      );
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return; // ours, not seen yet; or a stranger's, and then we wait for it to go
      const message = `create Pod ${name} in ${about} failed error: ${(error as Error).message}`;
      if (!signal.aborted) this.events.event(set, 'Warning', 'FailedCreate', message);
      throw error;
    }
  }

  private async ensureClaim(
    set: StatefulSet,
    claim: ReturnType<typeof claimsOf>[number],
    pod: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { name } = claim.metadata;
    const known = this.claims.store.get(`${set.metadata.namespace}/${name}`);
    if (known?.metadata.deletionTimestamp) throw new Error(`pvc ${name} is being deleted`);
    if (known) return;
    try {
      await this.context.client.create(PERSISTENT_VOLUME_CLAIMS, claim, { signal });
      this.events.event(
        set,
        'Normal',
        'SuccessfulCreate',
        `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`,
      );
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }

  private async remove(
    set: StatefulSet,
    { pod, why }: StatefulPlan['remove'][number],
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace, uid = '' } = pod.metadata;
    const about = `Pod ${name} in StatefulSet ${set.metadata.name}`;
    if (why === 'finished') {
      const failed = terminalPhase(pod) === 'Failed';
      const [type, reason] = failed
        ? (['Warning', 'RecreatingFailedPod'] as const)
        : (['Normal', 'RecreatingTerminatedPod'] as const);
      this.events.event(
        set,
        type,
        reason,
        `StatefulSet ${namespace}/${set.metadata.name} is recreating ${failed ? 'failed' : 'terminated'} Pod ${name}`,
      );
    }
    try {
      await this.context.client.delete(
        PODS,
        { name, namespace: namespace! },
        { preconditions: { uid }, signal },
      );
      this.events.event(set, 'Normal', 'SuccessfulDelete', `delete ${about} successful`);
    } catch (error) {
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return; // gone, or its successor is there
      if (!signal.aborted)
        this.events.event(
          set,
          'Warning',
          'FailedDelete',
          `delete ${about} failed error: ${(error as Error).message}`,
        );
      throw error;
    }
  }
}
