// A pod with everything that plugins read, computed once per object.
import type {
  Container,
  Pod,
  PodAffinityTerm,
  WeightedPodAffinityTerm,
} from '../../apis/core/v1/types.js';
import { selectorFromLabelSelector, type Selector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import {
  memoryOf,
  milliCpuOf,
  podRequests,
  quantitiesOf,
} from '../../component-helpers/resources.js';
import { claimNames } from '../../component-helpers/pod-references.js';
import {
  hostPortsOf,
  resourcesOf,
  type HostPort,
  type Resources,
} from '../../component-helpers/node-fit.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

/** One affinity term, ready to match. `weight` is 0 for required terms. */
export interface AffinityTerm {
  namespaces: ReadonlySet<string> | 'all';
  /** Adds the namespaces whose labels match. */
  namespaceSelector?: Selector;
  selector: Selector;
  topologyKey: string;
  weight: number;
  /** Equal for equal terms, so that the terms of many pods are counted together. */
  id: string;
}

export const AFFINITIES = [
  'requiredAntiAffinity',
  'requiredAffinity',
  'preferredAffinity',
  'preferredAntiAffinity',
] as const;
export type Affinities = Readonly<Record<(typeof AFFINITIES)[number], readonly AffinityTerm[]>>;

export interface PodInfo extends Affinities {
  readonly key: string;
  readonly pod: Pod;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly requests: Resources;
  /**
   * Requests with upstream's defaults for containers that ask for nothing (100m, 200Mi); for
   * scoring.
   */
  readonly nonZero: { milliCpu: number; memory: number };
  readonly hostPorts: readonly HostPort[];
  /** Keys of the claims of its volumes. */
  readonly claims: readonly string[];
  readonly priority: number;
}

/** Upstream's DefaultMilliCPURequest and DefaultMemoryRequest. */
const NON_MISSING = quantitiesOf({ cpu: '100m', memory: '200Mi' });

const isGiven = ({ resources }: Container): boolean =>
  resources?.requests?.['cpu'] !== undefined && resources.requests['memory'] !== undefined;

/** The requests for scoring, which differ only where a container leaves out cpu or memory. */
function nonZeroRequests(pod: Pod, requests: Resources): PodInfo['nonZero'] {
  const { containers, initContainers = [] } = pod.spec;
  if (containers.every(isGiven) && initContainers.every(isGiven)) return requests;
  const amounts = podRequests(pod, { useStatus: true, nonMissing: NON_MISSING });
  return { milliCpu: milliCpuOf(amounts), memory: memoryOf(amounts) };
}

function term(pod: Pod, source: PodAffinityTerm, weight: number): AffinityTerm {
  const selector = selectorFromLabelSelector(source.labelSelector);
  const own = pod.metadata.namespace ?? '';
  const byLabels =
    source.namespaceSelector === undefined
      ? undefined
      : selectorFromLabelSelector(source.namespaceSelector);
  const namespaces = byLabels?.empty
    ? 'all'
    : new Set(source.namespaces?.length ? source.namespaces : byLabels ? [] : [own]);
  const scope =
    namespaces === 'all'
      ? '*'
      : `${[...namespaces].sort().join(',')}+${byLabels?.toString() ?? ''}`;
  return {
    namespaces,
    ...(byLabels && !byLabels.empty && { namespaceSelector: byLabels }),
    selector,
    topologyKey: source.topologyKey,
    weight,
    id: `${scope}|${selector.empty}|${selector.toString()}|${source.topologyKey}|${weight}`,
  };
}

function affinitiesOf(pod: Pod): Affinities {
  const required = (terms: PodAffinityTerm[] = []) => terms.map((t) => term(pod, t, 0));
  const preferred = (terms: WeightedPodAffinityTerm[] = []) =>
    terms.map((t) => term(pod, t.podAffinityTerm, t.weight));
  const { podAffinity: near, podAntiAffinity: far } = pod.spec.affinity ?? {};
  return {
    requiredAffinity: required(near?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(far?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: preferred(near?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: preferred(far?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

const known = new WeakMap<Pod, PodInfo>();

export const podInfo = (pod: Pod): PodInfo =>
  getOrInsert(known, pod, () => {
    const requests = resourcesOf(podRequests(pod, { useStatus: true }));
    return {
      key: keyOf(pod),
      pod,
      namespace: pod.metadata.namespace ?? '',
      labels: pod.metadata.labels ?? {},
      requests,
      nonZero: nonZeroRequests(pod, requests),
      hostPorts: hostPortsOf(pod),
      claims: [...new Set(claimNames(pod))].map((name) => `${pod.metadata.namespace}/${name}`),
      priority: pod.spec.priority ?? 0,
      ...affinitiesOf(pod),
    };
  });

/** True when the term of another pod selects `pod` (upstream: AffinityTerm.Matches). */
export function termMatches(
  affinityTerm: AffinityTerm,
  pod: PodInfo,
  namespaceLabels: ReadonlyMap<string, Record<string, string>>,
): boolean {
  const { namespaces, namespaceSelector, selector } = affinityTerm;
  const inScope =
    namespaces === 'all' ||
    namespaces.has(pod.namespace) ||
    namespaceSelector?.matches(namespaceLabels.get(pod.namespace) ?? {}) === true;
  return inScope && selector.matches(pod.labels);
}
