// Requests and limits of pods (upstream k8s.io/component-helpers/resource/helpers.go and
// pkg/api/v1/resource/helpers.go, v1.32). The arithmetic is exact: amounts stay quantities until a
// caller asks for thousandths or bytes. Pure.
import { parseQuantity, type Quantity, ZERO_QUANTITY } from '../apimachinery/quantity/quantity.js';
import type {
  Container,
  ContainerStatus,
  Pod,
  ResourceFieldSelector,
} from '../apis/core/v1/types.js';
import { isSidecar } from './pods.js';

/** Amounts by resource name. */
export type Quantities = Record<string, Quantity>;

type ResourceSide = 'requests' | 'limits';

export interface PodResourcesOptions {
  excludeOverhead?: boolean;
  /**
   * Includes resources that a resize in place still holds: per container, the largest of spec,
   * allocatedResources and the resources in its status, without the spec when the resize is
   * infeasible.
   */
  useStatus?: boolean;
  /** Requests of containers that do not set the resource; a request of zero stays zero. */
  nonMissing?: Readonly<Quantities>;
}

/** A resource list of the API, {cpu: '100m'}, as quantities. @throws QuantityError */
export function quantitiesOf(list: Readonly<Record<string, string>> | undefined): Quantities {
  const result: Quantities = {};
  for (const name in list) result[name] = parseQuantity(list[name]!);
  return result;
}

/** True when both lists have the same resources in equal amounts, in whatever text and order. */
export function equalQuantities(a: Readonly<Quantities>, b: Readonly<Quantities>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => b[name] !== undefined && a[name]!.equals(b[name]))
  );
}

function add(total: Quantities, amounts: Readonly<Quantities>): void {
  for (const name in amounts) {
    const before = total[name];
    total[name] = before ? before.add(amounts[name]!) : amounts[name]!;
  }
}

function raise(floor: Quantities, amounts: Readonly<Quantities>): void {
  for (const name in amounts) {
    const before = floor[name];
    if (!before || amounts[name]!.compare(before) > 0) floor[name] = amounts[name]!;
  }
}

/** Upstream's determineContainerReqs and determineContainerLimits. */
function resized(pod: Pod, side: ResourceSide, container: Container, status: ContainerStatus) {
  const result = quantitiesOf(status.resources?.[side]);
  if (pod.status?.resize !== 'Infeasible') raise(result, quantitiesOf(container.resources?.[side]));
  else if (side === 'limits') return result;
  if (side === 'requests') raise(result, quantitiesOf(status.allocatedResources));
  return result;
}

/** Returns a function that gives a container's amounts under the options. */
function reader(pod: Pod, side: ResourceSide, options: PodResourcesOptions) {
  const { nonMissing } = options;
  const statuses = new Map<string, ContainerStatus>();
  if (options.useStatus) {
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    for (const list of [containerStatuses, initContainerStatuses])
      for (const status of list) if (status.resources) statuses.set(status.name, status);
  }
  return (container: Container): Quantities => {
    const status = statuses.get(container.name);
    const amounts = status
      ? resized(pod, side, container, status)
      : quantitiesOf(container.resources?.[side]);
    for (const name in nonMissing) amounts[name] ??= nonMissing[name]!;
    return amounts;
  };
}

/**
 * Per resource, the maximum of two amounts: the sum of containers and sidecars, and the largest
 * amount while init containers run. An init container runs beside the sidecars (restartPolicy:
 * Always) before it in the list.
 */
function aggregate(pod: Pod, side: ResourceSide, options: PodResourcesOptions): Quantities {
  const amountsOf = reader(pod, side, options);
  const total: Quantities = {};
  for (const container of pod.spec.containers) add(total, amountsOf(container));
  if (!pod.spec.initContainers?.length) return total;
  const sidecars: Quantities = {};
  const start: Quantities = {};
  for (const container of pod.spec.initContainers) {
    const amounts = amountsOf(container);
    if (isSidecar(container)) {
      add(total, amounts);
      add(sidecars, amounts);
      raise(start, sidecars);
    } else {
      add(amounts, sidecars);
      raise(start, amounts);
    }
  }
  raise(total, start);
  return total;
}

/**
 * The requests that a pod takes of a node, with its overhead unless the options exclude the
 * overhead.
 */
export function podRequests(pod: Pod, options: PodResourcesOptions = {}): Quantities {
  const total = aggregate(pod, 'requests', options);
  if (!options.excludeOverhead) add(total, quantitiesOf(pod.spec.overhead));
  return total;
}

/**
 * The limits that at least one container sets. The overhead is added to these, and limits nothing
 * by itself.
 */
export function podLimits(
  pod: Pod,
  options: Omit<PodResourcesOptions, 'nonMissing'> = {},
): Quantities {
  const total = aggregate(pod, 'limits', options);
  if (options.excludeOverhead) return total;
  const overhead = quantitiesOf(pod.spec.overhead);
  for (const name in overhead) if (total[name]) total[name] = total[name].add(overhead[name]!);
  return total;
}

/**
 * The request of one resource. The overhead is added to a request that is not zero
 * (GetResourceRequestQuantity).
 */
export function podRequest(pod: Pod, name: string): Quantity {
  const requested = aggregate(pod, 'requests', {})[name] ?? ZERO_QUANTITY;
  const overhead = pod.spec.overhead?.[name];
  return requested.isZero || overhead === undefined
    ? requested
    : requested.add(parseQuantity(overhead));
}

/** A container's request or limit; zero when the container sets none. */
export function containerResource(
  container: Container,
  side: ResourceSide,
  name: string,
): Quantity {
  const text = container.resources?.[side]?.[name];
  return text === undefined ? ZERO_QUANTITY : parseQuantity(text);
}

/** Thousandths of a core, rounded up. */
export const milliCpuOf = (amounts: Readonly<Quantities>): number =>
  amounts['cpu']?.milliValue() ?? 0;

/** Bytes, rounded up. */
export const memoryOf = (amounts: Readonly<Quantities>): number => amounts['memory']?.value() ?? 0;

const EXTRACTED = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/**
 * The value of a resourceFieldRef: the container's amount in units of the divisor, rounded up. A
 * limit that is not set has the node's allocatable amount (ExtractContainerResourceValue,
 * MergeContainerResourceLimits).
 * @throws Error for a resource that has no field reference.
 */
export function extractResource(
  container: Container,
  selector: ResourceFieldSelector,
  allocatable: Readonly<Record<string, string>> = {},
): string {
  const match = EXTRACTED.exec(selector.resource);
  if (!match) throw new Error(`unsupported container resource : ${selector.resource}`);
  const [side, name] = [match[1] as ResourceSide, match[2]!];
  let amount = containerResource(container, side, name);
  if (side === 'limits' && amount.isZero && allocatable[name] !== undefined)
    amount = parseQuantity(allocatable[name]);
  const divisor = parseQuantity(selector.divisor ?? '0');
  const unit = divisor.isZero ? parseQuantity('1') : divisor;
  // As upstream, CPU is divided in thousandths and every other resource in whole units.
  const scale = name === 'cpu' ? -3 : 0;
  const [dividend, by] = [amount.roundUp(scale).nanos, unit.roundUp(scale).nanos];
  return String((dividend + by - 1n) / by);
}
