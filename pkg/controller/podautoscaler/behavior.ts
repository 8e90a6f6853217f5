// How far and how fast the size may follow the proposals (upstream: pkg/controller/podautoscaler/
// horizontal.go, normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors). Pure.
import type {
  HPAScalingRules,
  HorizontalPodAutoscalerSpec,
} from '../../apis/autoscaling/v2/types.js';
import { MAX_AUTOSCALER_MEMORY } from '../runtime/limits.js';
import type { Situation } from './replicas.js';
import type { CONDITION_TEXTS } from './texts.generated.js';

export type Reason = keyof typeof CONDITION_TEXTS;

/** Without a behavior, a target may grow to this multiple of its size, and to this size anyway. */
const GROWTH_FACTOR = 2;
const GROWTH_MINIMUM = 4;

/**
 * The past of a target, which an autoscaler keeps in memory. Times are in milliseconds, and both
 * lists begin with the oldest entry.
 */
export interface History {
  /** Proposals before they were stabilized. Equal proposals in a row have one entry. */
  recommendations: readonly { replicas: number; at: number }[];
  /** Replicas that were added (positive) or removed (negative). */
  changes: readonly { by: number; at: number }[];
}

interface Wanted extends Pick<Situation, 'current' | 'options' | 'now'> {
  spec: HorizontalPodAutoscalerSpec;
  desired: number;
  history: History;
}

/** Milliseconds of history that decide up and down; without a behavior nothing holds growth. */
function windowsOf({ options, spec: { behavior } }: Wanted) {
  const down = behavior?.scaleDown?.stabilizationWindowSeconds;
  return {
    up: (behavior?.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000,
    down: down === undefined ? options.horizontalPodAutoscalerDownscaleStabilization : down * 1000,
  };
}

/**
 * The size that stabilization and the limits leave of the desired one, with the reasons of the
 * conditions AbleToScale and ScalingLimited.
 */
export function normalize(wanted: Wanted) {
  const { desired, current, spec } = wanted;
  const stabilized = stabilize(wanted);
  const able =
    stabilized === desired
      ? 'ReadyForNewScale'
      : spec.behavior && desired >= current
        ? 'ScaleUpStabilized'
        : 'ScaleDownStabilized';
  const [replicas, limit] = limited(wanted, stabilized);
  return { replicas, able, limit } as const;
}

function stabilize(wanted: Wanted): number {
  const { current, desired, history, now, spec } = wanted;
  const { down, up } = windowsOf(wanted);
  let low = desired;
  let high = desired;
  for (const { at, replicas } of history.recommendations) {
    if (at > now - up) low = Math.min(low, replicas);
    if (at > now - down) high = Math.max(high, replicas);
  }
  return spec.behavior ? Math.min(Math.max(current, low), high) : high;
}

function limited(wanted: Wanted, desired: number): [replicas: number, why: Reason] {
  const { current, spec } = wanted;
  const { behavior, maxReplicas, minReplicas = 1 } = spec;
  if (!behavior) {
    if (desired < minReplicas) return [minReplicas, 'TooFewReplicas'];
    const growth = Math.max(GROWTH_FACTOR * current, GROWTH_MINIMUM);
    return atMost(desired, maxReplicas, growth);
  }
  if (desired > current) {
    const rate = rateLimit(behavior.scaleUp ?? {}, 1, wanted);
    return atMost(desired, maxReplicas, Math.max(rate, current));
  }
  if (desired === current) return [desired, 'DesiredWithinRange'];
  const rate = Math.min(rateLimit(behavior.scaleDown ?? {}, -1, wanted), current);
  if (desired >= Math.max(rate, minReplicas)) return [desired, 'DesiredWithinRange'];
  return minReplicas < rate ? [rate, 'ScaleDownLimit'] : [minReplicas, 'TooFewReplicas'];
}

function atMost(desired: number, maxReplicas: number, rate: number): [number, Reason] {
  if (desired <= Math.min(maxReplicas, rate)) return [desired, 'DesiredWithinRange'];
  return maxReplicas > rate ? [rate, 'ScaleUpLimit'] : [maxReplicas, 'TooManyReplicas'];
}

/** The size that the policies of one direction allow now. */
function rateLimit(
  { policies = [], selectPolicy }: HPAScalingRules,
  direction: 1 | -1,
  { current, history, now }: Wanted,
): number {
  if (selectPolicy === 'Disabled') return current;
  const proposals = policies.map(({ periodSeconds, type, value }) => {
    const since = now - periodSeconds * 1000;
    const recent = history.changes.filter(({ at }) => at > since);
    const start = recent.reduce((size, { by }) => size - by, current);
    if (type === 'Pods') return start + direction * value;
    const percent = start * (1 + (direction * value) / 100);
    // Upstream rounds growth up, so that it never stalls.
    return direction === 1 ? Math.ceil(percent) : Math.trunc(percent);
  });
  const takesHighest = (direction === 1) === (selectPolicy !== 'Min');
  const better = takesHighest ? Math.max : Math.min;
  return proposals.reduce((a, b) => better(a, b), takesHighest ? -Infinity : Infinity);
}

/** The history with the desired size of this sync, without entries that count no more. */
export function remember(wanted: Wanted): History {
  const { desired, history, now } = wanted;
  const { down, up } = windowsOf(wanted);
  const oldest = now - Math.max(down, up);
  const kept = history.recommendations.filter(({ at }) => at >= oldest);
  if (kept.at(-1)?.replicas === desired) kept.pop();
  const recommendations = [...kept, { replicas: desired, at: now }].slice(-MAX_AUTOSCALER_MEMORY);
  return { ...history, recommendations };
}

/** The history after a change of the size; only policies of a behavior look at changes. */
export function rememberChange(
  history: History,
  { behavior }: HorizontalPodAutoscalerSpec,
  by: number,
  now: number,
): History {
  if (!behavior) return history;
  const policies = [behavior.scaleUp, behavior.scaleDown].flatMap((rules) => rules?.policies ?? []);
  const longest = policies.reduce((most, { periodSeconds }) => Math.max(most, periodSeconds), 0);
  const kept = history.changes.filter(({ at }) => at > now - longest * 1000);
  return { ...history, changes: [...kept, { by, at: now }].slice(-MAX_AUTOSCALER_MEMORY) };
}
