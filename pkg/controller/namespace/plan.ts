// The conditions of a terminating namespace, and when it may be finalized. Pure (upstream:
// pkg/controller/namespace/deletion).
import type { Namespace, NamespaceCondition, Pod } from '../../apis/core/v1/types.js';
import { qualified } from '../../apimachinery/errors/status-error.js';
import type { ResourceType } from '../../apimachinery/meta/object.js';
import { deletionGracePeriod } from '../../component-helpers/pods.js';
import { findCondition, sameCondition, withCondition } from '../../component-helpers/conditions.js';

/** The result of deleting the contents of the namespace once. */
export interface EmptyingResult {
  /** Messages of failed discovery, by group version. */
  discoveryFailures: readonly string[];
  deletionFailures: readonly string[];
  /** Remaining objects by resource, with the finalizers that they wait for. */
  remaining: readonly {
    type: ResourceType<unknown>;
    count: number;
    finalizers: Record<string, number>;
  }[];
}

export const KUBERNETES_FINALIZER = 'kubernetes';

interface Verdict {
  type: string;
  bad: boolean;
  reason: string;
  message: string;
  goodReason: string;
  goodMessage: string;
}

function verdicts(result: EmptyingResult): Verdict[] {
  const remaining = result.remaining.filter(({ count }) => count > 0);
  const finalizers = new Map<string, number>();
  for (const entry of remaining) {
    for (const [name, count] of Object.entries(entry.finalizers))
      finalizers.set(name, (finalizers.get(name) ?? 0) + count);
  }
  const sortedText = (texts: string[]): string => texts.sort().join(', ');
  return [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      bad: result.discoveryFailures.length > 0,
      reason: 'DiscoveryFailed',
      message: `Discovery failed for some groups, ${result.discoveryFailures.length} failing: ${result.discoveryFailures.join('; ')}`,
      goodReason: 'ResourcesDiscovered',
      goodMessage: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      bad: false,
      reason: 'GroupVersionParsingFailed',
      message: '',
      goodReason: 'ParsedGroupVersions',
      goodMessage: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      bad: result.deletionFailures.length > 0,
      reason: 'ContentDeletionFailed',
      message: `Failed to delete all resource types, ${result.deletionFailures.length} remaining: ${result.deletionFailures.join(', ')}`,
      goodReason: 'ContentDeleted',
      goodMessage: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      type: 'NamespaceContentRemaining',
      bad: remaining.length > 0,
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${sortedText(remaining.map(({ type, count }) => `${qualified(type)}. has ${count} resource instances`))}`,
      goodReason: 'ContentRemoved',
      goodMessage: 'All content successfully removed',
    },
    {
      type: 'NamespaceFinalizersRemaining',
      bad: finalizers.size > 0,
      reason: 'SomeFinalizersRemain',
      message: `Some content in the namespace has finalizers remaining: ${sortedText([...finalizers].map(([name, count]) => `${name} in ${count} resource instances`))}`,
      goodReason: 'ContentHasNoFinalizers',
      goodMessage: 'All content-preserving finalizers finished',
    },
  ];
}

/** The conditions after `result`; the old list itself when nothing changed. */
export function planConditions(
  old: readonly NamespaceCondition[],
  result: EmptyingResult,
  now: number,
): readonly NamespaceCondition[] {
  let conditions = old;
  for (const verdict of verdicts(result)) {
    const { type } = verdict;
    const wanted = verdict.bad
      ? { type, status: 'True', reason: verdict.reason, message: verdict.message }
      : { type, status: 'False', reason: verdict.goodReason, message: verdict.goodMessage };
    if (!sameCondition(findCondition(conditions, type), wanted))
      conditions = withCondition<NamespaceCondition>(conditions, wanted, now);
  }
  return conditions;
}

export const isEmptied = (result: EmptyingResult): boolean =>
  !result.discoveryFailures.length &&
  !result.deletionFailures.length &&
  result.remaining.every(({ count }) => count === 0);

/** Milliseconds until the terminating pods should be gone. */
export const podGraceMs = (pods: readonly Pod[]): number =>
  Math.max(0, ...pods.map(deletionGracePeriod)) * 1000;

export const needsFinalizing = (namespace: Namespace): boolean =>
  namespace.metadata.deletionTimestamp !== undefined &&
  (namespace.spec?.finalizers ?? []).includes(KUBERNETES_FINALIZER);
