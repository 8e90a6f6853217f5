// No eviction takes a pod that a disruption budget needs. A budget is about evictions only: what
// users, controllers and faults take beside them is counted late, so for a while after such a loss
// nothing is judged.
import { selectorFromLabelSelector } from '../../pkg/apimachinery/labels/selector.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { PodDisruptionBudget } from '../../pkg/apis/policy/v1/types.js';
import { isActive, isReady, nameOf, type Change, type Model } from './model.js';

/**
 * A loss is known to the disruption controller after this, also by way of a leader change and lost
 * answers.
 */
const KNOWN_AFTER_MS = 300_000;

const isHealthy = (pod: Pod | undefined): pod is Pod =>
  pod !== undefined && isActive(pod) && isReady(pod);

const isEvicted = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(
    ({ type, reason }) => type === 'DisruptionTarget' && reason === 'EvictionByEvictionAPI',
  ) ?? false;

export class Budgets {
  /** When a pod was last lost otherwise than by eviction, by namespace and label app. */
  private readonly lostAt = new Map<string, number>();
  /** Evictions that were judged; for the tests of this. */
  judged = 0;

  constructor(
    private readonly model: Model,
    private readonly now: () => number,
  ) {}

  /** What an eviction broke, if anything. */
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
    for (const budget of this.model.all<PodDisruptionBudget>('PodDisruptionBudget')) {
      const selector = selectorFromLabelSelector(budget.spec?.selector);
      if (
        budget.metadata.namespace !== before.metadata.namespace ||
        !selector.matches(before.metadata.labels)
      )
        continue;
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
    return undefined;
  }
}
