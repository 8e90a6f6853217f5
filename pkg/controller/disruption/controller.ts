// disruption-controller: keeps the status of pod disruption budgets, which the eviction subresource of
// the API server relies on (upstream: pkg/controller/disruption), and takes marks of disruptions that
// never came off pods again. It evicts nothing itself.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { PodDisruptionBudget } from '../../apis/policy/v1/types.js';
import {
  DEPLOYMENTS,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
} from '../../apis/resource-types.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { timestamp } from '../../util/env/env.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
  type Watch,
} from '../runtime/controller.js';
import { DISRUPTION_TARGET, needsScale, planBudget, staleDisruptionInMs } from './plan.js';

const WORKERS = 1;
/** Keys of pods, among those of budgets; a namespace cannot have this name. */
const POD_PREFIX = 'pod:';

type Scaled = ApiObject & { spec?: { replicas?: number } };

export function createDisruptionController(context: ControllerContext): Controller {
  return new DisruptionController(context);
}

class DisruptionController implements Controller {
  readonly name = 'disruption-controller';
  readonly workers = WORKERS;
  readonly watches: readonly Watch[];
  private readonly budgets: Informer<PodDisruptionBudget>;
  private readonly pods: Informer<Pod>;
  private readonly scaled: readonly Informer<Scaled>[];
  private readonly events: EventRecorder;

  constructor(private readonly context: ControllerContext) {
    const { informers } = context;
    this.budgets = informers.informer(POD_DISRUPTION_BUDGETS);
    this.pods = informers.informer(PODS);
    this.scaled = [REPLICA_SETS, DEPLOYMENTS, REPLICATION_CONTROLLERS, STATEFUL_SETS].map((type) =>
      informers.informer<Scaled>(type),
    );
    this.events = context.events('controllermanager');
    this.watches = [
      watch(this.budgets, (budget) => [keyOf(budget)]),
      watch(this.pods, (pod, old) => this.keysOfPod(pod, old)),
      // A budget by percentage or by maxUnavailable follows the wanted numbers.
      ...this.scaled.map((informer) =>
        watch(informer, (object, old) =>
          old && old.spec?.replicas === object.spec?.replicas
            ? []
            : this.keysByScale(object.metadata.namespace ?? ''),
        ),
      ),
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    if (key.startsWith(POD_PREFIX)) return this.reconcilePod(key.slice(POD_PREFIX.length), signal);
    const budget = this.budgets.store.get(key);
    if (!budget || budget.metadata.deletionTimestamp) return;
    const { client, env } = this.context;
    const selector = selectorFromLabelSelector(budget.spec.selector);
    const pods = this.pods.store
      .byIndex('namespace', budget.metadata.namespace ?? '')
      .filter((pod) => selector.matches(pod.metadata.labels));
    const plan = planBudget({
      budget,
      pods,
      scale: needsScale(budget) ? this.scaleOf(pods) : 0,
      now: env.clock.now(),
    });
    for (const pod of plan.notDeleted) {
      this.events.event(
        pod,
        'Warning',
        'NotDeleted',
        `Pod was expected by PDB ${key} to be deleted but it wasn't`,
      );
    }
    if (plan.changed) {
      if (plan.failure)
        this.events.event(
          budget,
          'Warning',
          'CalculateExpectedPodCountFailed',
          `Failed to calculate the number of expected pods: ${plan.failure}`,
        );
      else if (!pods.length)
        this.events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
      await client
        .update(
          POD_DISRUPTION_BUDGETS,
          { ...budget, status: plan.status },
          { subresource: 'status', signal },
        )
        .catch((error: unknown) => {
          if (!isReason(error, 'NotFound')) throw error;
        });
    }
    if (plan.checkAgainInMs !== undefined) return { requeueAfterMs: plan.checkAgainInMs };
  }

  private keysOfPod(pod: Pod, old: Pod | undefined): string[] {
    const budgets = this.budgets.store
      .byIndex('namespace', pod.metadata.namespace ?? '')
      .filter((budget) => {
        const selector = selectorFromLabelSelector(budget.spec.selector);
        return (
          selector.matches(pod.metadata.labels) ||
          (old !== undefined && selector.matches(old.metadata.labels))
        );
      });
    const keys = budgets.map(keyOf);
    if (isConditionTrue(pod.status?.conditions, DISRUPTION_TARGET))
      keys.push(`${POD_PREFIX}${keyOf(pod)}`);
    return keys;
  }

  private keysByScale(namespace: string): string[] {
    return this.budgets.store.byIndex('namespace', namespace).filter(needsScale).map(keyOf);
  }

  /** The sum over the controllers of the pods; pods without one do not count (getExpectedScale). */
  private scaleOf(pods: readonly Pod[]): number | Error {
    const wanted = new Map<string, number>();
    for (const pod of pods) {
      const reference = controllerOf(pod);
      if (!reference || wanted.has(reference.uid)) continue;
      const owner = this.find(pod.metadata.namespace ?? '', reference);
      if (!owner) return new Error(`found no controllers for pod "${pod.metadata.name}"`);
      const above = controllerOf(owner);
      const top = above ? this.find(pod.metadata.namespace ?? '', above) : undefined;
      const counted = top ?? owner;
      wanted.set(reference.uid, 0); // seen
      wanted.set(counted.metadata.uid ?? '', counted.spec?.replicas ?? 1);
    }
    return [...wanted.values()].reduce((sum, count) => sum + count, 0);
  }

  private find(
    namespace: string,
    reference: { apiVersion: string; kind: string; name: string; uid: string },
  ): Scaled | undefined {
    const informer = this.scaled.find(({ type }) => refersTo(reference, type));
    const object = informer?.store.get(`${namespace}/${reference.name}`);
    return object?.metadata.uid === reference.uid ? object : undefined;
  }

  private async reconcilePod(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { client, env } = this.context;
    const pod = this.pods.store.get(key);
    const wait = pod && staleDisruptionInMs(pod, env.clock.now());
    if (!pod || wait === undefined) return;
    if (wait > 0) return { requeueAfterMs: wait };
    const { name, namespace, uid } = pod.metadata;
    const conditions = [
      { type: DISRUPTION_TARGET, status: 'False', lastTransitionTime: timestamp(env.clock.now()) },
    ];
    const body = { metadata: { uid }, status: { conditions } };
    await client
      .patch(PODS, { name, namespace: namespace! }, body, {
        type: 'strategic',
        subresource: 'status',
        signal,
      })
      .catch((error: unknown) => {
        if (!isReason(error, 'NotFound')) throw error;
      });
  }
}
