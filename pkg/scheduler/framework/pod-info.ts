// A pod with everything the plugins ask for, computed once per object.
import type {
  Affinity,
  Container,
  ContainerPort,
  Pod,
  PodAffinityTerm,
} from '../../apis/core/v1/types.js';
import { selectorFromLabelSelector, type Selector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';

/** Amounts of resources: cpu in thousandths of a core, all others in their own unit (bytes, counts). */
export interface Resources {
  milliCpu: number;
  memory: number;
  ephemeralStorage: number;
  /** Extended resources and huge pages by name. */
  scalar: Record<string, number>;
}

export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

/** One affinity term, ready to match. `weight` is 0 for required terms. */
export interface AffinityTerm {
  namespaces: ReadonlySet<string> | 'all';
  /** Namespaces with such labels count too. */
  namespaceSelector?: Selector;
  selector: Selector;
  topologyKey: string;
  weight: number;
  /** Equal terms of many pods have equal ids. */
  id: string;
}

export interface PodInfo {
  readonly key: string;
  readonly pod: Pod;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly requests: Resources;
  /** Requests with upstream's defaults for containers that ask for nothing (100m, 200Mi); for scoring. */
  readonly nonZero: { milliCpu: number; memory: number };
  readonly hostPorts: readonly HostPort[];
  readonly priority: number;
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
}

const DEFAULT_MILLI_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

export function emptyResources(): Resources {
  return { milliCpu: 0, memory: 0, ephemeralStorage: 0, scalar: {} };
}

/** Turns a resource list of the API ({cpu: '100m'}) into amounts. */
export function parseResources(list: Record<string, string> | undefined): Resources {
  const result = emptyResources();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    if (name === 'cpu') result.milliCpu = Number(quantity.milliValue());
    else if (name === 'memory') result.memory = Number(quantity.value());
    else if (name === 'ephemeral-storage') result.ephemeralStorage = Number(quantity.value());
    else if (name !== 'pods') result.scalar[name] = Number(quantity.value());
  }
  return result;
}

/** Calls `combine` on every amount of the two. */
function merge(a: Resources, b: Resources, combine: (x: number, y: number) => number): Resources {
  const scalar: Record<string, number> = { ...a.scalar };
  for (const [name, amount] of Object.entries(b.scalar))
    scalar[name] = combine(scalar[name] ?? 0, amount);
  return {
    milliCpu: combine(a.milliCpu, b.milliCpu),
    memory: combine(a.memory, b.memory),
    ephemeralStorage: combine(a.ephemeralStorage, b.ephemeralStorage),
    scalar,
  };
}

const plus = (x: number, y: number): number => x + y;

/**
 * What a pod takes of a node (k8s.io/component-helpers/resource PodRequests): the larger of all
 * containers together and the hungriest init phase, sidecars counted in both, plus overhead.
 */
function podRequests(pod: Pod, of: (container: Container) => Resources): Resources {
  const { spec } = pod;
  let total = spec.containers.map(of).reduce((a, b) => merge(a, b, plus), emptyResources());
  let sidecars = emptyResources();
  let init = emptyResources();
  for (const container of spec.initContainers ?? []) {
    const amount = of(container);
    if (container.restartPolicy === 'Always') {
      total = merge(total, amount, plus);
      sidecars = merge(sidecars, amount, plus);
      init = merge(init, sidecars, Math.max);
    } else {
      init = merge(init, merge(amount, sidecars, plus), Math.max);
    }
  }
  return merge(merge(total, init, Math.max), parseResources(spec.overhead), plus);
}

function requestsOf(container: Container): Resources {
  return parseResources(container.resources?.requests);
}

function nonZeroOf(container: Container): Resources {
  const asked = container.resources?.requests ?? {};
  const result = parseResources(asked);
  if (asked.cpu === undefined) result.milliCpu = DEFAULT_MILLI_CPU;
  if (asked.memory === undefined) result.memory = DEFAULT_MEMORY;
  return result;
}

function hostPortsOf(pod: Pod): HostPort[] {
  const ports = pod.spec.containers.flatMap((c) => c.ports ?? []);
  return ports
    .filter((p: ContainerPort) => (p.hostPort ?? 0) > 0)
    .map((p) => ({ ip: p.hostIP || '0.0.0.0', protocol: p.protocol ?? 'TCP', port: p.hostPort! }));
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
    ...(byLabels && !byLabels.empty ? { namespaceSelector: byLabels } : {}),
    selector,
    topologyKey: source.topologyKey,
    weight,
    id: `${scope}|${selector.toString()}|${source.topologyKey}|${weight}`,
  };
}

function affinityTerms(
  pod: Pod,
  affinity: Affinity | undefined,
): Pick<
  PodInfo,
  'requiredAffinity' | 'requiredAntiAffinity' | 'preferredAffinity' | 'preferredAntiAffinity'
> {
  const required = (terms: PodAffinityTerm[] | undefined) =>
    (terms ?? []).map((t) => term(pod, t, 0));
  const { podAffinity: near, podAntiAffinity: far } = affinity ?? {};
  return {
    requiredAffinity: required(near?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(far?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: (near?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((t) =>
      term(pod, t.podAffinityTerm, t.weight),
    ),
    preferredAntiAffinity: (far?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((t) =>
      term(pod, t.podAffinityTerm, t.weight),
    ),
  };
}

const known = new WeakMap<Pod, PodInfo>();

export function podInfo(pod: Pod): PodInfo {
  const cached = known.get(pod);
  if (cached) return cached;
  const { milliCpu, memory } = podRequests(pod, nonZeroOf);
  const info: PodInfo = {
    key: keyOf(pod),
    pod,
    namespace: pod.metadata.namespace ?? '',
    labels: pod.metadata.labels ?? {},
    requests: podRequests(pod, requestsOf),
    nonZero: { milliCpu, memory },
    hostPorts: hostPortsOf(pod),
    priority: pod.spec.priority ?? 0,
    ...affinityTerms(pod, pod.spec.affinity),
  };
  known.set(pod, info);
  return info;
}

/** True when a term of some pod speaks about `pod`; upstream: AffinityTerm.Matches. */
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
