// The pods that make room for a critical pod that does not fit (upstream: pkg/kubelet/preemption).
// Pure.
import type { Pod } from '../../apis/core/v1/types.js';
import { resourcesOf, type Resources, type Shortage } from '../../component-helpers/node-fit.js';
import { podQos } from '../../component-helpers/qos.js';
import { podRequests } from '../../component-helpers/resources.js';
import { isCritical } from '../eviction/rank.js';

/** Missing amounts by resource, in the units of `Resources`. */
type Needs = ReadonlyMap<string, number>;

const FIELDS: Readonly<Record<string, 'milliCpu' | 'memory' | 'ephemeralStorage'>> = {
  cpu: 'milliCpu',
  memory: 'memory',
  'ephemeral-storage': 'ephemeralStorage',
};

interface Candidate {
  pod: Pod;
  requests: Resources;
}

function freed({ requests }: Candidate, resource: string): number {
  if (resource === 'pods') return 1;
  const field = FIELDS[resource];
  return field ? requests[field] : (requests.scalar[resource] ?? 0);
}

/** The needs that remain when the candidates are gone. */
function without(needs: Needs, candidates: readonly Candidate[]): Needs {
  const left = [...needs].map(([resource, amount]): [string, number] => [
    resource,
    amount - candidates.reduce((sum, candidate) => sum + freed(candidate, resource), 0),
  ]);
  return new Map(left.filter(([, amount]) => amount > 0));
}

/** The sum of squares of the shares that stay missing: 0 when the candidate frees enough. */
const distance = (needs: Needs, candidate: Candidate): number =>
  [...needs].reduce((sum, [resource, amount]) => {
    const left = amount - freed(candidate, resource);
    return left > 0 ? sum + (left / amount) ** 2 : sum;
  }, 0);

function isSmaller(a: Resources, b: Resources): boolean {
  if (a.memory !== b.memory) return a.memory < b.memory;
  return a.milliCpu < b.milliCpu;
}

/** The candidates that free enough, the closest first. */
function closest(candidates: readonly Candidate[], needs: Needs): Candidate[] {
  const chosen: Candidate[] = [];
  const rest = [...candidates];
  for (let left = needs; left.size && rest.length; left = without(needs, chosen)) {
    const best = rest.reduce((a, b) => {
      const [da, db] = [distance(left, a), distance(left, b)];
      return db < da || (db === da && isSmaller(b.requests, a.requests)) ? b : a;
    });
    rest.splice(rest.indexOf(best), 1);
    chosen.push(best);
  }
  return chosen;
}

function isPreemptable(preemptor: Pod, pod: Pod): boolean {
  if (isCritical(preemptor) && !isCritical(pod)) return true;
  const [own, other] = [preemptor.spec.priority, pod.spec.priority];
  return own !== undefined && other !== undefined && own > other;
}

/**
 * The least important pods whose requests cover the shortages: as few guaranteed ones as possible,
 * then as few burstable ones. Undefined when even all of them do not.
 */
export function podsToPreempt(
  preemptor: Pod,
  pods: readonly Pod[],
  short: readonly Shortage[],
): Pod[] | undefined {
  const needs: Needs = new Map(short.map((s) => [s.resource, s.requested - (s.capacity - s.used)]));
  const of = (qos: string): Candidate[] =>
    pods
      .filter((pod) => isPreemptable(preemptor, pod) && podQos(pod) === qos)
      .map((pod) => ({ pod, requests: resourcesOf(podRequests(pod)) }));
  const [low, middle, high] = [of('BestEffort'), of('Burstable'), of('Guaranteed')];
  if (without(needs, [...low, ...middle, ...high]).size) return undefined;
  const highest = closest(high, without(needs, [...low, ...middle]));
  const middling = closest(middle, without(needs, [...low, ...highest]));
  const lowest = closest(low, without(needs, [...middling, ...highest]));
  return [...lowest, ...middling, ...highest].map(({ pod }) => pod);
}
