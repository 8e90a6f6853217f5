// LimitRanger: default requests and limits of containers, and bounds for containers, pods and PVCs
// (upstream plugin/pkg/admission/limitranger).
import { aggregateText } from '../apimachinery/errors/status-error.js';
import { parseQuantity, type Quantity } from '../apimachinery/quantity/quantity.js';
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
} from '../apis/core/v1/types.js';
import { LIMIT_RANGES } from '../apis/resource-types.js';
import { templateContainers } from '../component-helpers/pods.js';
import {
  podLimits,
  podRequests,
  quantitiesOf,
  type Quantities,
} from '../component-helpers/resources.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';
import { refusal } from './refuse.js';

const ANNOTATION = 'kubernetes.io/limit-ranger';

type Amounts = Record<string, string>;

interface Defaults {
  requests: Amounts;
  limits: Amounts;
}

interface Usage {
  requests: Quantities;
  limits: Quantities;
}

/** The defaults of a namespace's ranges; the first range that has a default for a resource wins. */
function containerDefaults(ranges: readonly LimitRange[]): Defaults {
  const usage: Defaults = { requests: {}, limits: {} };
  for (const { spec } of ranges) {
    for (const item of spec?.limits ?? []) {
      if (item.type !== 'Container') continue;
      usage.requests = { ...item.defaultRequest, ...usage.requests };
      usage.limits = { ...item.default, ...usage.limits };
    }
  }
  return usage;
}

/** Sets missing requests and limits, and returns their descriptions for the annotation. */
function fillContainer(container: Container, defaults: Defaults, kind: string): string[] {
  const notes: string[] = [];
  for (const part of ['requests', 'limits'] as const) {
    const present = container.resources?.[part] ?? {};
    const added = Object.entries(defaults[part]).filter(([name]) => present[name] === undefined);
    if (!added.length) continue;
    (container.resources ??= {})[part] = { ...present, ...Object.fromEntries(added) };
    const names = added
      .map(([name]) => name)
      .toSorted()
      .join(', ');
    notes.push(`${names} ${part.slice(0, -1)} for ${kind} ${container.name}`);
  }
  return notes;
}

function fillPod(pod: Pod, ranges: readonly LimitRange[]): void {
  const defaults = containerDefaults(ranges);
  if (!Object.keys(defaults.requests).length && !Object.keys(defaults.limits).length) return;
  const notes = [
    ...pod.spec.containers.flatMap((container) => fillContainer(container, defaults, 'container')),
    ...(pod.spec.initContainers ?? []).flatMap((container) =>
      fillContainer(container, defaults, 'init container'),
    ),
  ];
  if (notes.length)
    (pod.metadata.annotations ??= {})[ANNOTATION] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

/** A bound of a resource, and the amounts that are compared with it. */
interface Bounded {
  type: string;
  resource: string;
  bound: string;
  request: Quantity | undefined;
  limit: Quantity | undefined;
}

function checkMin({ type, resource, bound, request, limit }: Bounded): string | undefined {
  const min = parseQuantity(bound);
  const head = `minimum ${resource} usage per ${type} is ${bound}`;
  if (!request) return `${head}.  No request is specified`;
  if (request.compare(min) < 0) return `${head}, but request is ${String(request)}`;
  return limit && limit.compare(min) < 0 ? `${head}, but limit is ${String(limit)}` : undefined;
}

function checkMax({ type, resource, bound, request, limit }: Bounded): string | undefined {
  const max = parseQuantity(bound);
  const head = `maximum ${resource} usage per ${type} is ${bound}`;
  if (!limit) return `${head}.  No limit is specified`;
  if (limit.compare(max) > 0) return `${head}, but limit is ${String(limit)}`;
  return request && request.compare(max) > 0
    ? `${head}, but request is ${String(request)}`
    : undefined;
}

function checkRatio({ type, resource, bound, request, limit }: Bounded): string | undefined {
  const head = `${resource} max limit to request ratio per ${type} is ${bound}`;
  if (!request || request.isZero) return `${head}, but no request is specified or request is 0`;
  if (!limit || limit.isZero) return `${head}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nanos) / Number(request.nanos);
  const max = Number(parseQuantity(bound).nanos) / 1e9;
  return ratio > max ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

function violations(item: LimitRangeItem, usage: Usage): string[] {
  const found: string[] = [];
  const check = (bounds: Amounts | undefined, test: typeof checkMin) => {
    for (const [resource, bound] of Object.entries(bounds ?? {})) {
      const [request, limit] = [usage.requests[resource], usage.limits[resource]];
      const violation = test({ type: item.type, resource, bound, request, limit });
      if (violation) found.push(violation);
    }
  };
  check(item.min, checkMin);
  check(item.max, checkMax);
  check(item.maxLimitRequestRatio, checkRatio);
  return found;
}

const usageOf = ({ resources }: Container): Usage => ({
  requests: quantitiesOf(resources?.requests),
  limits: quantitiesOf(resources?.limits),
});

/**
 * As upstream's podRequests and podLimits of this plugin, without the overhead of the runtime
 * class.
 */
const usageOfPod = (pod: Pod): Usage => ({
  requests: podRequests(pod, { excludeOverhead: true }),
  limits: podLimits(pod, { excludeOverhead: true }),
});

function podViolations(pod: Pod, item: LimitRangeItem): string[] {
  if (item.type === 'Container')
    return templateContainers(pod.spec).flatMap((container) =>
      violations(item, usageOf(container)),
    );
  return item.type === 'Pod' ? violations(item, usageOfPod(pod)) : [];
}

export const limitRanger: AdmissionPluginFactory = ({ reader }) => ({
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],
  mutate(request) {
    if (
      request.subresource ||
      request.operation !== 'CREATE' ||
      request.resource.facts.resource !== 'pods'
    )
      return;
    const ranges = reader.list(LIMIT_RANGES, request.namespace);
    if (ranges.length) fillPod(request.object as Pod, ranges);
  },
  validate(request) {
    const isPod = request.resource.facts.resource === 'pods';
    if (request.subresource || (isPod && request.operation !== 'CREATE')) return;
    const items = reader
      .list(LIMIT_RANGES, request.namespace)
      .flatMap((range) => range.spec?.limits ?? []);
    const reasons = items.flatMap((item) => {
      if (isPod) return podViolations(request.object as Pod, item);
      if (item.type !== 'PersistentVolumeClaim') return [];
      const { resources } = (request.object as PersistentVolumeClaim).spec ?? {};
      const requests = quantitiesOf(resources?.requests);
      const { type, min = {}, max = {} } = item;
      return [
        ...violations({ type, min }, { requests, limits: {} }),
        ...violations({ type, max }, { requests: {}, limits: requests }),
      ];
    });
    if (reasons.length) throw refusal(request, aggregateText(reasons));
  },
});
