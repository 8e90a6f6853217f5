// The kinds of metric sources: their texts, their entry in the status, and the size that a reading
// of each proposes. Pure.
import { Quantity, parseQuantity } from '../../apimachinery/quantity/quantity.js';
import { metricMember } from '../../apis/autoscaling/v2/horizontalpodautoscaler.js';
import type { MetricSpec, MetricStatus, MetricTarget } from '../../apis/autoscaling/v2/types.js';
import { selectorText } from '../../apis/core/v1/go-specs.js';
import {
  proposeByPods,
  proposeByShare,
  proposeByValue,
  type Proposal,
  type Sample,
  type Situation,
} from './replicas.js';
import { SOURCE_TEXTS } from './texts.generated.js';

/** Samples by the pod's name, or one value in thousandths. */
export type Reading = ReadonlyMap<string, Sample> | number;

const milliOf = (amount: string): number => parseQuantity(amount).milliValue();
const targetOf = (spec: MetricSpec): MetricTarget => spec[metricMember(spec)]!.target;

function targetKind(spec: MetricSpec): 'utilization' | 'average' | 'value' {
  const { averageUtilization, averageValue, type } = targetOf(spec);
  if (spec.object) return type === 'AverageValue' ? 'average' : 'value';
  if (averageValue !== undefined) return 'average';
  return averageUtilization === undefined ? 'value' : 'utilization';
}

export const fill = (text: string, parts: Readonly<Record<string, string | undefined>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');

export function textsOf(spec: MetricSpec, namespace: string | undefined) {
  const { containerResource, external, object, pods, resource } = spec;
  const identifier = (pods ?? object ?? external)?.metric;
  const parts = {
    metric: identifier?.name ?? (resource ?? containerResource)?.name,
    container: containerResource?.container,
    kind: object?.describedObject.kind,
    object: object?.describedObject.name,
    selector: selectorText(identifier?.selector),
    namespace,
  };
  const row = `${spec.type}/${targetKind(spec)}` as keyof typeof SOURCE_TEXTS;
  const { cause, summary, title, unread } = SOURCE_TEXTS[row];
  const [before, of] = [fill(cause, parts), fill(unread, parts)];
  return { cause: before, unread: of, summary: fill(summary, parts), title: fill(title, parts) };
}

/**
 * The size that a source asks for, and its entry in the status. Throws an Error when the reading
 * has too little. `shares` is the number of replicas that share a value.
 */
export function evaluate(
  spec: MetricSpec,
  reading: Reading,
  shares: number,
  situation: Situation,
): { replicas: number; status: MetricStatus } {
  const field = metricMember(spec);
  const { target: _target, ...identity } = spec[field]!;
  const { milli, replicas, utilization } = propose(spec, reading, shares, situation);
  const amount = new Quantity(BigInt(milli) * 1_000_000n, 'DecimalSI').toString();
  const current = {
    ...(utilization !== undefined && { averageUtilization: utilization }),
    ...(targetKind(spec) === 'value' ? { value: amount } : { averageValue: amount }),
  };
  return { replicas, status: { type: spec.type, [field]: { ...identity, current } } };
}

function propose(spec: MetricSpec, reading: Reading, shares: number, at: Situation): Proposal {
  const { averageUtilization, averageValue, value } = targetOf(spec);
  const kind = targetKind(spec);
  const amount = kind === 'value' ? value : averageValue;
  if (typeof reading !== 'number') {
    const { containerResource, resource } = spec;
    const isPercent = kind === 'utilization';
    const metric = {
      samples: reading,
      resource: (resource ?? containerResource)?.name ?? '',
      container: containerResource?.container,
      target: isPercent ? averageUtilization! : milliOf(averageValue!),
      isPercent,
    };
    return proposeByPods(metric, at);
  }
  if (amount === undefined)
    throw new Error(
      'invalid object metric source: neither a value target nor an average value target was set',
    );
  return kind === 'value'
    ? proposeByValue(reading, milliOf(amount), at)
    : proposeByShare(reading, milliOf(amount), shares, at);
}
