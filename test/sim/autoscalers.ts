// Autoscalers of the simulation: their objects, the invariants of every moment, and the conditions
// at rest. The judge knows the rules by itself and asks no code of the product.
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
} from '../../pkg/apis/autoscaling/v2/types.js';
import type { Faults } from './faults.js';
import type { Metrics } from './metrics.js';
import { nameOf, type AnyObject, type Change, type Model } from './model.js';

type Chance = Pick<Faults, 'between' | 'pick'>;

/** Percent of the request of a pod, which is 10 thousandths of a core (template of objects.ts). */
const TARGET = 50;
const REQUEST = 10;
const MOST = 8;
const TOLERANCE = 0.1;
/**
 * Windows of scaling down. New pods count neither as ready nor as missing until they have a sample
 * of their own, so that a shorter window lets a target swing, as upstream does.
 */
const WINDOWS = [60, 120];
/** After this no controller acts by an older autoscaler or by older metrics. */
const KNOWN_AFTER_MS = 180_000;

export interface Target extends AnyObject {
  spec: { replicas?: number };
}

export const SCALED_KINDS = ['Deployment', 'ReplicationController', 'StatefulSet'];

/** The ranges of two autoscalers always meet, so that no two bounds contradict each other. */
export const range = (chance: Chance) => ({
  minReplicas: chance.between(1, 3),
  maxReplicas: chance.between(4, MOST),
});

export function autoscaler(chance: Chance, name: string, of: AnyObject): HorizontalPodAutoscaler {
  const target = { type: 'Utilization', averageUtilization: TARGET };
  const metric = chance.pick([
    { type: 'Resource', resource: { name: 'cpu', target } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'app', target } },
  ]);
  const policies = [{ type: 'Pods', value: chance.between(1, 2), periodSeconds: 30 }];
  const behavior = chance.pick([
    undefined,
    undefined,
    { scaleDown: { stabilizationWindowSeconds: chance.pick(WINDOWS) } },
    {
      scaleUp: { policies },
      scaleDown: { policies, stabilizationWindowSeconds: chance.pick(WINDOWS) },
    },
  ]);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace: of.metadata.namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: of.apiVersion, kind: of.kind, name: of.metadata.name },
      ...range(chance),
      metrics: [metric],
      ...(behavior ? { behavior } : {}),
    },
  } as HorizontalPodAutoscaler;
}

/** The size that a load asks of a target with some pods. */
function asked(usage: number, pods: number): number {
  const ratio = Math.trunc((usage * 100) / REQUEST) / TARGET;
  return Math.abs(1 - ratio) <= TOLERANCE ? pods : Math.ceil(ratio * pods);
}

/** Whether sizes come to rest under a load: rounding makes some loads ask in circles. */
function rests(load: number): boolean {
  return Array.from({ length: MOST }, (_, at) => at + 1).every((first) => {
    let size = first;
    for (let steps = 0; steps < MOST; steps++) {
      const next = Math.min(MOST, Math.max(1, asked(Math.ceil(load / size), size)));
      if (next === size) return true;
      size = next;
    }
    return false;
  });
}

/** A load, in thousandths of a core, under which sizes come to rest. */
export function someLoad(chance: Chance): number {
  for (;;) {
    const load = chance.between(0, 60);
    if (rests(load)) return load;
  }
}

/** 'Kind namespace/name'. */
export const targetKey = ({ kind, metadata }: AnyObject): string =>
  `${kind} ${metadata.namespace}/${metadata.name}`;

export const targetKeyOf = ({
  metadata,
  spec: { scaleTargetRef },
}: HorizontalPodAutoscaler): string =>
  `${scaleTargetRef.kind} ${metadata.namespace}/${scaleTargetRef.name}`;

/** Users patch the object; only autoscalers write its scale. */
const isByAutoscaler = ({ metadata }: AnyObject): boolean =>
  metadata.managedFields?.some(
    ({ subresource, fieldsV1 }) =>
      subresource === 'scale' && JSON.stringify(fieldsV1).includes('"f:replicas"'),
  ) ?? false;

type Range = Pick<HorizontalPodAutoscalerSpec, 'minReplicas' | 'maxReplicas'>;

const holds = ({ maxReplicas, minReplicas = 1 }: Range, size: number): boolean =>
  size >= minReplicas && size <= maxReplicas;

/** The nearest size within a range. */
const nearest = ({ maxReplicas, minReplicas = 1 }: Range, size: number): number =>
  Math.min(maxReplicas, Math.max(minReplicas, size));

export class Autoscalers {
  /** Ranges of autoscalers that were changed or deleted, by target. */
  private readonly past = new Map<string, { range: Range; until: number }[]>();

  constructor(
    private readonly model: Model,
    private readonly metrics: Metrics,
    private readonly now: () => number,
  ) {}

  /** The violation by an autoscaler, or undefined. */
  check({ object, previous }: Change): string | undefined {
    if (previous?.kind === 'HorizontalPodAutoscaler')
      this.remember(previous as HorizontalPodAutoscaler);
    if (!object || object.metadata.uid !== previous?.metadata.uid) return undefined;
    if (!SCALED_KINDS.includes(object.kind) || !isByAutoscaler(object)) return undefined;
    const [from, to] = [previous as Target, object as Target].map(({ spec }) => spec.replicas ?? 1);
    return from === to ? undefined : this.judge(object, from!, to!);
  }

  private remember(one: HorizontalPodAutoscaler): void {
    const key = targetKeyOf(one);
    const { maxReplicas, minReplicas = 1 } = one.spec;
    const known = this.past.get(key) ?? [];
    known.push({ range: { maxReplicas, minReplicas }, until: this.now() });
    this.past.set(key, known);
  }

  private judge(target: AnyObject, from: number, to: number): string | undefined {
    const key = targetKey(target);
    const since = this.now() - KNOWN_AFTER_MS;
    const ranges: Range[] = [
      ...rivals(this.model, key).map(({ spec }) => spec),
      ...(this.past.get(key) ?? []).filter(({ until }) => until > since).map((one) => one.range),
    ];
    const what = `${nameOf(target)} was scaled from ${from} to ${to}`;
    if (!ranges.some((one) => holds(one, to)))
      return `${what}, out of the range of every autoscaler`;
    const missing = this.metrics.missingFor(`${target.metadata.namespace}/${target.metadata.name}`);
    const isForced = ranges.some((one) => !holds(one, from) && nearest(one, from) === to);
    return missing > KNOWN_AFTER_MS && !isForced ? `${what} without metrics` : undefined;
  }
}

const rivals = (model: Model, key: string): HorizontalPodAutoscaler[] =>
  model
    .all<HorizontalPodAutoscaler>('HorizontalPodAutoscaler')
    .filter((one) => targetKeyOf(one) === key);

/** A line for each difference of an autoscaler and its target from their final state. */
export function unfinishedAutoscaler(
  model: Model,
  metrics: Metrics,
  one: HorizontalPodAutoscaler,
): string[] {
  const { spec, status, metadata } = one;
  const key = targetKeyOf(one);
  const target = model
    .all<Target>(spec.scaleTargetRef.kind)
    .find((other) => targetKey(other) === key);
  const reasonOf = (type: string) =>
    status?.conditions?.find((condition) => condition.type === type)?.reason ?? 'absent';
  const differs = (what: string, is: unknown, wanted: unknown): string[] =>
    is === wanted ? [] : [`${nameOf(one)}: ${what} is ${String(is)}, wanted ${String(wanted)}`];
  if (!target) return differs('AbleToScale', reasonOf('AbleToScale'), 'FailedGetScale');
  const { replicas: size = 1 } = target.spec;
  const known = [
    ...differs('currentReplicas', status?.currentReplicas ?? 0, size),
    ...differs('observedGeneration', status?.observedGeneration, metadata.generation),
  ];
  if (size === 0)
    return [...known, ...differs('ScalingActive', reasonOf('ScalingActive'), 'ScalingDisabled')];
  const inRange = differs('size', size, nearest(spec, size));
  if (rivals(model, key).length > 1)
    return [
      ...known,
      ...inRange,
      ...differs('ScalingActive', reasonOf('ScalingActive'), 'AmbiguousSelector'),
    ];
  const app = `${metadata.namespace}/${target.metadata.name}`;
  const isMissing = metrics.missingFor(app) > 0;
  const failure = `FailedGet${spec.metrics![0]!.type}Metric`;
  const active = isMissing ? failure : 'ValidMetricFound';
  const wanted = nearest(spec, asked(metrics.usage(app, size), size));
  return [
    ...known,
    ...inRange,
    ...differs('ScalingActive', reasonOf('ScalingActive'), active),
    ...(isMissing
      ? []
      : [
          ...differs('size', size, wanted),
          ...differs('desiredReplicas', status?.desiredReplicas, size),
          ...differs('AbleToScale', reasonOf('AbleToScale'), 'ReadyForNewScale'),
        ]),
  ];
}
