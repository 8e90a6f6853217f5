// Decides the size of an autoscaler's target, and what the status and the events say of the
// decision (upstream: pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler). Pure.
import { parseSelector, type Selector } from '../../apimachinery/labels/selector.js';
import type { Scale } from '../../apis/autoscaling/v1/types.js';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from '../../apis/autoscaling/v2/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { type ConditionLike, withCondition } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { MAX_AUTOSCALER_TEXT } from '../runtime/limits.js';
import { normalize, remember, type History, type Reason } from './behavior.js';
import type { HorizontalOptions } from './replicas.js';
import { evaluate, fill, textsOf, type Reading } from './sources.js';
import { CONDITION_TEXTS } from './texts.generated.js';

/** The finds and the decision of a sync. A new size is written before the plan is settled. */
export interface Plan {
  readonly scaler: HorizontalPodAutoscaler;
  /** Milliseconds since the epoch. */
  readonly now: number;
  conditions: ConditionLike[];
  events: [type: 'Normal' | 'Warning', reason: string, message: string][];
  /** spec.replicas of the scale; absent when the scale could not be read. */
  current?: number;
  history?: History;
  metrics?: MetricStatus[];
  rescale?: { replicas: number; reason: string };
  /** Some metric failed, or everything. */
  failure?: string;
  /** The failure leaves nothing to decide by: the wanted size in the status stays. */
  isStuck?: boolean;
}

/** Sets the condition that has the reason. */
function tell(plan: Plan, key: Reason, cause = ''): void {
  const [type, status, text] = CONDITION_TEXTS[key];
  const message = fill(text, { cause }).slice(0, MAX_AUTOSCALER_TEXT);
  const reason = key === 'SelectorRequired' ? 'InvalidSelector' : key;
  plan.conditions = withCondition(plan.conditions, { type, status, reason, message }, plan.now);
}

const warn = (plan: Plan, reason: string, message: string): unknown =>
  plan.events.push(['Warning', reason, message.slice(0, MAX_AUTOSCALER_TEXT)]);

/** Ends the sync: nothing was decided. */
function giveUp(plan: Plan, reason: string, failure: string, message = failure): Plan {
  warn(plan, reason, message);
  return Object.assign(plan, { failure, isStuck: true });
}

const begin = (scaler: HorizontalPodAutoscaler, now: number): Plan => ({
  scaler,
  now,
  conditions: scaler.status?.conditions ?? [],
  events: [],
});

/** The plan when the scale of the target cannot be read. */
export function planWithoutScale(scaler: HorizontalPodAutoscaler, why: string, now: number): Plan {
  const plan = begin(scaler, now);
  tell(plan, 'FailedGetScale', why);
  return giveUp(plan, 'FailedGetScale', why);
}

/**
 * The size that the bounds demand whatever the metrics say; without a reason where a size of 0
 * turns scaling off. Undefined when the size depends on the metrics.
 */
export function forcedSize(
  { maxReplicas, minReplicas = 1 }: HorizontalPodAutoscalerSpec,
  current: number,
): Plan['rescale'] {
  if (current === 0 && minReplicas !== 0) return { replicas: 0, reason: '' };
  if (current > maxReplicas)
    return { replicas: maxReplicas, reason: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < minReplicas)
    return { replicas: minReplicas, reason: 'Current number of replicas below Spec.MinReplicas' };
  return undefined;
}

/** The pods of the target, or the reason why the autoscaler must not judge by them. */
export interface Selection {
  selector?: Selector;
  pods: readonly Pod[];
  refusal?: readonly [reason: Reason, cause: string];
}

/** `known` has the selectors of autoscalers of all namespaces by their keys. */
export function select(
  key: string,
  text: string,
  all: readonly Pod[],
  known: ReadonlyMap<string, { selector?: Selector }>,
): Selection {
  if (!text) return { pods: [], refusal: ['SelectorRequired', 'selector is required'] };
  let selector: Selector;
  try {
    selector = parseSelector(text);
  } catch (error) {
    const why = "couldn't convert selector into a corresponding internal selector object";
    return { pods: [], refusal: ['InvalidSelector', `${why}: ${errorText(error)}`] };
  }
  const pods = all.filter(({ metadata }) => selector.matches(metadata.labels));
  const namespace = key.slice(0, key.indexOf('/') + 1);
  const keys = [...known.keys()].filter((other) => {
    const rival = other !== key && other.startsWith(namespace) && known.get(other)!.selector;
    return rival && pods.some(({ metadata }) => rival.matches(metadata.labels));
  });
  if (!keys.length) return { selector, pods };
  const list = [key, ...keys].sort().join(' ');
  const why = `pods by selector ${text} are controlled by multiple HPAs: [${list}]`;
  return { selector, pods, refusal: ['AmbiguousSelector', why] };
}

export interface Observation {
  scaler: HorizontalPodAutoscaler;
  scale: Scale;
  /** Absent when the bounds force a size. */
  selection: Selection | undefined;
  /** Of each metric in the spec; an Error when the metric could not be read. */
  readings: readonly (Reading | Error)[];
  history: History;
  options: HorizontalOptions;
  now: number;
}

export function planSize(observed: Observation): Plan {
  const { history, now, options, scale, scaler } = observed;
  const { spec } = scaler;
  const current = scale.spec.replicas ?? 0;
  const plan: Plan = { ...begin(scaler, now), current, history };
  tell(plan, 'SucceededGetScale');
  const forced = forcedSize(spec, current);
  if (forced?.reason) return { ...plan, rescale: forced };
  if (forced) {
    tell(plan, 'ScalingDisabled');
    return plan;
  }
  const wanted = proposeSize(plan, observed);
  if (!wanted) return giveUp(plan, 'FailedComputeMetricsReplicas', plan.failure!);
  const { replicas: desired, title } = wanted;
  const sizes = { spec, current, desired, history, now, options };
  const { able, limit, replicas } = normalize(sizes);
  tell(plan, able);
  tell(plan, limit);
  plan.history = remember(sizes);
  if (replicas === current) return plan;
  const isAbove = desired > current;
  const reason = isAbove ? `${title} above target` : 'All metrics below target';
  return { ...plan, rescale: { replicas, reason: desired === current ? '' : reason } };
}

/** The largest proposal; undefined when too many metrics failed. The plan gets the conditions. */
function proposeSize(
  plan: Plan,
  { now, options, readings, scale, scaler, selection }: Observation,
): { replicas: number; title: string } | undefined {
  const { pods, refusal } = selection!;
  if (refusal) {
    tell(plan, ...refusal);
    warn(plan, ...refusal);
    plan.failure = refusal[1];
    return undefined;
  }
  const current = plan.current!;
  const { metrics = [] } = scaler.spec;
  let best: { replicas: number; title: string } | undefined;
  const failures: { reason: Reason; cause: string; summary: string }[] = [];
  plan.metrics = metrics.map((metric, index) => {
    const { cause, summary, title, unread } = textsOf(metric, scaler.metadata.namespace);
    try {
      const reading = readings[index]!;
      if (reading instanceof Error) throw new Error(unread + reading.message);
      const situation = { pods, current, options, now };
      const found = evaluate(metric, reading, scale.status?.replicas ?? 0, situation);
      if (!best?.replicas || found.replicas > best.replicas) best = { ...found, title };
      return found.status;
    } catch (error) {
      const why = cause + errorText(error);
      const reason = `FailedGet${metric.type}Metric` as Reason;
      failures.push({ reason, cause: why, summary: summary + why });
      warn(plan, reason, why);
      return { type: '' };
    }
  });
  const [first] = failures;
  if (first) {
    plan.failure = `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${first.summary}`;
    // The metric that failed might ask for more than the others do.
    if (!best || best.replicas < current) {
      tell(plan, first.reason, first.cause);
      return undefined;
    }
  }
  best ??= { replicas: 0, title: '' };
  tell(plan, 'ValidMetricFound', best.title);
  return best;
}

/** The plan after its new size was written, or was refused. */
export function settle(plan: Plan, refusal?: string): Plan {
  const { reason, replicas } = plan.rescale!;
  const what = `New size: ${replicas}; reason: ${reason}`;
  if (refusal !== undefined) {
    tell(plan, 'FailedUpdateScale', refusal);
    return giveUp(plan, 'FailedRescale', refusal, `${what}; error: ${refusal}`);
  }
  tell(plan, 'SucceededRescale', String(replicas));
  plan.events.push(['Normal', 'SuccessfulRescale', what]);
  return plan;
}

/** The status that a settled plan leaves. */
export function statusOf(plan: Plan): HorizontalPodAutoscalerStatus {
  const { conditions, current, isStuck, metrics, now, rescale, scaler } = plan;
  const old = scaler.status ?? { desiredReplicas: 0 };
  if (current === undefined) return { ...old, conditions };
  const lastScaleTime = rescale && !isStuck ? timestamp(now) : old.lastScaleTime;
  const { generation } = scaler.metadata;
  return {
    ...(generation && { observedGeneration: generation }),
    ...(lastScaleTime && { lastScaleTime }),
    ...(current && { currentReplicas: current }),
    desiredReplicas: isStuck ? old.desiredReplicas : (rescale?.replicas ?? current),
    currentMetrics: metrics ?? null,
    conditions,
  };
}
