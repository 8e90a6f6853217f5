// disruption-controller: writes the status of pod disruption budgets, which the eviction
// subresource of the API server reads, and resets DisruptionTarget conditions of pods that were not
// deleted (upstream: pkg/controller/disruption). It evicts nothing itself.
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { PodDisruptionBudget } from '../../apis/policy/v1/types.js';
import { POD_DISRUPTION_BUDGETS, PODS } from '../../apis/resource-types.js';
import { DISRUPTION_TARGET, isConditionTrue } from '../../component-helpers/conditions.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import { WORKLOADS, type Scalable } from '../../component-helpers/scale.js';
import { timestamp } from '../../util/env/env.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type ReconcileResult,
} from '../runtime/controller.js';
import { ignoreGone, patchStatus, updateStatus } from '../../client/requests.js';
import { needsScale, planBudget, staleDisruptionInMs, type BudgetPlan } from './plan.js';

/** Prefix of pod keys in the queue of budget keys; a namespace cannot have this name. */
const POD_PREFIX = 'pod:';

export function createDisruptionController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const budgets = informers.informer(POD_DISRUPTION_BUDGETS);
  const pods = informers.informer(PODS);
  const scaled = WORKLOADS.map((type) => informers.informer(type));
  const events = context.events('controllermanager');

  async function reconcileBudget(key: string): Promise<ReconcileResult> {
    const budget = budgets.store.get(key);
    if (!budget || budget.metadata.deletionTimestamp) return;
    const selector = selectorFromLabelSelector(budget.spec.selector);
    const selected = pods.store
      .byIndex('namespace', budget.metadata.namespace ?? '')
      .filter((pod) => selector.matches(pod.metadata.labels));
    const scale = needsScale(budget) ? scaleOf(selected) : 0;
    const plan = planBudget({ budget, pods: selected, scale, now: env.clock.now() });
    report(key, budget, selected, plan);
    if (plan.changed) await updateStatus(client, POD_DISRUPTION_BUDGETS, budget, plan.status);
    if (plan.checkAgainInMs !== undefined) return { requeueAfterMs: plan.checkAgainInMs };
  }

  function report(
    key: string,
    budget: PodDisruptionBudget,
    selected: readonly Pod[],
    { changed, failure, notDeleted }: BudgetPlan,
  ): void {
    const overdue = `Pod was expected by PDB ${key} to be deleted but it wasn't`;
    for (const pod of notDeleted) events.event(pod, 'Warning', 'NotDeleted', overdue);
    if (!changed) return;
    if (failure) {
      const message = `Failed to calculate the number of expected pods: ${failure}`;
      events.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
    } else if (!selected.length) {
      events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    }
  }

  function keysOfPod(pod: Pod, old: Pod | undefined): readonly string[] {
    const keys = budgets.store
      .byIndex('namespace', pod.metadata.namespace ?? '')
      .filter(({ spec }) => {
        const selector = selectorFromLabelSelector(spec.selector);
        return (
          selector.matches(pod.metadata.labels) ||
          (old !== undefined && selector.matches(old.metadata.labels))
        );
      })
      .map(keyOf);
    const disrupted = isConditionTrue(pod.status?.conditions, DISRUPTION_TARGET);
    return disrupted ? [...keys, `${POD_PREFIX}${keyOf(pod)}`] : keys;
  }

  /**
   * The wanted replicas of the pods' controllers; pods without a controller do not count
   * (getExpectedScale).
   */
  function scaleOf(pods: readonly Pod[]): number | Error {
    const wanted = new Map<string, number>();
    for (const pod of pods) {
      const reference = controllerOf(pod);
      if (!reference || wanted.has(reference.uid)) continue;
      const owner = findScaled(pod.metadata.namespace ?? '', reference);
      if (!owner) return new Error(`found no controllers for pod "${pod.metadata.name}"`);
      const above = controllerOf(owner);
      const top = above ? findScaled(pod.metadata.namespace ?? '', above) : undefined;
      const counted = top ?? owner;
      wanted.set(reference.uid, 0); // counted
      wanted.set(counted.metadata.uid ?? '', counted.spec.replicas ?? 1);
    }
    return [...wanted.values()].reduce((sum, count) => sum + count, 0);
  }

  function findScaled(namespace: string, reference: OwnerReference): Scalable | undefined {
    const informer = scaled.find(({ type }) => refersTo(reference, type));
    const object = informer?.store.get(`${namespace}/${reference.name}`);
    return object?.metadata.uid === reference.uid ? object : undefined;
  }

  async function reconcilePod(key: string): Promise<ReconcileResult> {
    const pod = pods.store.get(key);
    const now = env.clock.now();
    const wait = pod && staleDisruptionInMs(pod, now);
    if (!pod || wait === undefined) return;
    if (wait > 0) return { requeueAfterMs: wait };
    const lastTransitionTime = timestamp(now);
    const conditions = [{ type: DISRUPTION_TARGET, status: 'False', lastTransitionTime }];
    await patchStatus(client, PODS, pod, { conditions }).catch(ignoreGone);
  }

  return {
    watches: [
      watch(budgets),
      watch(pods, (pod, old) => keysOfPod(pod, old)),
      // A budget with a percentage or with maxUnavailable depends on the wanted replicas.
      ...scaled.map((informer) =>
        watch(informer, ({ metadata, spec }, old) =>
          old && old.spec?.replicas === spec?.replicas
            ? []
            : budgets.store
                .byIndex('namespace', metadata.namespace ?? '')
                .filter(needsScale)
                .map(keyOf),
        ),
      ),
    ],
    reconcile: (key) =>
      key.startsWith(POD_PREFIX)
        ? reconcilePod(key.slice(POD_PREFIX.length))
        : reconcileBudget(key),
  };
}
