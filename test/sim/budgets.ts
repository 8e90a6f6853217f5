// The invariant that no eviction removes a pod that a disruption budget requires. A budget covers
// evictions only: the disruption controller counts other losses of pods late, so the check pauses
// for a while after such a loss. An eviction without a budget is such a loss for a budget that is
// created afterwards: only the eviction through a budget is recorded in its status at once.
import { selectorFromLabelSelector } from '../../pkg/apimachinery/labels/selector.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { PodDisruptionBudget } from '../../pkg/apis/policy/v1/types.js';
import { isActive, isReady, nameOf, type Change, type Model } from './model.js';

/**
 * The time in which the disruption controller learns of a loss, with a leader change and lost
 * responses.
 */
const KNOWN_AFTER_MS = 300_000;

const isHealthy = (pod: Pod | undefined): pod is Pod =>
  pod !== undefined && isActive(pod) && isReady(pod);

const isEvicted = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(
    ({ type, reason }) => type === 'DisruptionTarget' && reason === 'EvictionByEvictionAPI',
  ) ?? false;

export class Budgets {
  /** The time of the last loss of a pod that no budget recorded, by namespace and label app. */
  private readonly lostAt = new Map<string, number>();
  /** The number of checked evictions, for the tests of this file. */
  judged = 0;

  constructor(
    private readonly model: Model,
    private readonly now: () => number,
  ) {}

  /** The violation by an eviction, or undefined. */
  check({ object, previous }: Change): string | undefined {
    if (previous?.kind !== 'Pod' || !isHealthy(previous as Pod)) return undefined;
    const [before, after] = [previous as Pod, object as Pod | undefined];
    const isSame = after?.metadata.uid === before.metadata.uid;
    if (isSame && isHealthy(after)) return undefined;
    const app = `${before.metadata.namespace}/${before.metadata.labels?.['app']}`;
    if (!isEvicted(isSame ? after : before)) {
      this.lostAt.set(app, this.now());
      return undefined;
    }
    if (this.now() - (this.lostAt.get(app) ?? -Infinity) < KNOWN_AFTER_MS) return undefined;
    let isCovered = false;
    for (const budget of this.model.all<PodDisruptionBudget>('PodDisruptionBudget')) {
      const selector = selectorFromLabelSelector(budget.spec?.selector);
      if (
        budget.metadata.namespace !== before.metadata.namespace ||
        !selector.matches(before.metadata.labels)
      )
        continue;
      isCovered = true;
      this.judged++;
      const left = this.model
        .all<Pod>('Pod')
        .filter(
          (pod) =>
            pod.metadata.namespace === before.metadata.namespace &&
            isHealthy(pod) &&
            selector.matches(pod.metadata.labels),
        ).length;
      const wanted = budget.status?.desiredHealthy ?? 0;
      if (left < wanted)
        return `${nameOf(before)} was evicted: ${nameOf(budget)} wants ${wanted} healthy pods and has ${left}`;
    }
    if (!isCovered) this.lostAt.set(app, this.now());
    return undefined;
  }
}
