// The order of eviction and the message of an eviction. Pure. (Upstream:
// pkg/kubelet/eviction/helpers.go rankMemoryPressure, rankDiskPressureFunc, evictionMessage.)
import { quantityOf } from '../../apimachinery/quantity/quantity.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { servingContainers } from '../../component-helpers/pods.js';
import { containerResource, podRequest } from '../../component-helpers/resources.js';
import { isMirrorPod, isStaticPod } from '../types/labels.js';
import { amountOf, pressureOf, type Observation, type Threshold } from './thresholds.js';

/** Usage of one resource by a pod, in bytes. */
export interface Usage {
  total: number;
  /** By container name. Volumes and logs belong to no container and are in the total only. */
  containers: ReadonlyMap<string, number>;
}

export interface Candidate {
  pod: Pod;
  usage: Usage;
}

const SYSTEM_CRITICAL = 2_000_000_000;

/** Static pods and pods of the system priority classes are never evicted. */
export const isCritical = (pod: Pod): boolean =>
  isStaticPod(pod) || isMirrorPod(pod) || (pod.spec.priority ?? 0) >= SYSTEM_CRITICAL;

const resourceOf = (threshold: Threshold) =>
  pressureOf(threshold.signal) === 'memory' ? 'memory' : 'ephemeral-storage';

/**
 * Pods above their request first, then lower priority, then the largest excess over the request.
 */
export function rank(candidates: readonly Candidate[], threshold: Threshold): Candidate[] {
  const resource = resourceOf(threshold);
  const keyed = candidates.map((candidate) => {
    const above = candidate.usage.total - podRequest(candidate.pod, resource).value();
    return {
      candidate,
      above,
      exceeds: above > 0 ? 0 : 1,
      priority: candidate.pod.spec.priority ?? 0,
    };
  });
  return keyed
    .sort((a, b) => a.exceeds - b.exceeds || a.priority - b.priority || b.above - a.above)
    .map(({ candidate }) => candidate);
}

const bytes = (amount: number): string => quantityOf(Math.round(amount), 'BinarySI').toString();

/**
 * 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 20Mi. Container c
 * was using ...'
 */
export function evictionMessage(
  { pod, usage }: Candidate,
  threshold: Threshold,
  seen: Observation,
): string {
  const inodes = threshold.signal.endsWith('inodesFree');
  const resource = inodes ? 'inodes' : resourceOf(threshold);
  const parts = [
    `The node was low on resource: ${resource}. `,
    `Threshold quantity: ${bytes(amountOf(threshold, seen.capacity))}, available: ${bytes(seen.available)}. `,
  ];
  if (inodes) return parts.join('');
  for (const container of servingContainers(pod.spec)) {
    const used = usage.containers.get(container.name) ?? 0;
    const request = containerResource(container, 'requests', resource).value();
    if (used > request)
      parts.push(
        `Container ${container.name} was using ${bytes(used)}, request is ${bytes(request)}, has larger consumption of ${resource}. `,
      );
  }
  return parts.join('');
}
