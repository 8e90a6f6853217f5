// How many replicas one metric asks for (upstream: pkg/controller/podautoscaler/
// replica_calculator.go and metrics/utilization.go). Amounts are in thousandths, as upstream counts
// them. Errors have upstream's texts. Pure.
import { tryParseQuantity } from '../../apimachinery/quantity/quantity.js';
import type { Pod } from '../../apis/core/v1/types.js';
import {
  isPodReady,
  podCondition,
  servingContainers,
  terminalPhase,
} from '../../component-helpers/pods.js';

const MAX_REPLICAS = 2 ** 31 - 1;

/** Flags of kube-controller-manager. Times are in milliseconds. */
export interface HorizontalOptions {
  /** Time between looks at a target. */
  horizontalPodAutoscalerSyncPeriod: number;
  /** Time for which the highest proposal holds a target up. */
  horizontalPodAutoscalerDownscaleStabilization: number;
  /** The part of the target by which usage may differ before replicas change. */
  horizontalPodAutoscalerTolerance: number;
  /** Time after the start of a pod in which samples of its CPU count only while it is ready. */
  horizontalPodAutoscalerCpuInitializationPeriod: number;
  /** Time after the start of a pod in which a change to unready is the first status. */
  horizontalPodAutoscalerInitialReadinessDelay: number;
}

/** The usage of a pod, or of one of its containers. Times are in milliseconds. */
export interface Sample {
  milli: number;
  at: number;
  window: number;
}

export interface Situation {
  /** Pods that the target selects. */
  pods: readonly Pod[];
  /** spec.replicas of the target's scale. */
  current: number;
  options: HorizontalOptions;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface PodMetric {
  samples: ReadonlyMap<string, Sample>;
  /** 'cpu', 'memory'; '' for a custom metric. */
  resource: string;
  /** Absent: all containers. */
  container?: string | undefined;
  /** Thousandths for each pod, or percent of the requests. */
  target: number;
  isPercent: boolean;
}

export interface Proposal {
  replicas: number;
  /** The average of the pods, or the value of the object. */
  milli: number;
  /** Percent of the requests. */
  utilization?: number;
}

const upwards = (replicas: number): number => Math.min(Math.ceil(replicas), MAX_REPLICAS);

const isClose = (ratio: number, { options }: Pick<Situation, 'options'>): boolean =>
  Math.abs(1 - ratio) <= options.horizontalPodAutoscalerTolerance;

function requirePods(pods: readonly Pod[], context = ''): void {
  if (!pods.length)
    throw new Error(`${context}no pods returned by selector while calculating replica count`);
}

/** Proposes a size by the usage of the target's pods. Throws an Error without usable samples. */
export function proposeByPods(metric: PodMetric, situation: Situation): Proposal {
  const { current, pods } = situation;
  const { samples, target } = metric;
  requirePods(pods);
  const { missing, ready, unready, unused } = groupPods(metric, situation);
  const counted = [...samples].filter(([name]) => !unused.has(name));
  const values = new Map(counted.map(([name, { milli }]) => [name, milli]));
  if (!values.size)
    throw new Error('did not receive metrics for targeted pods (pods might be unready)');
  const requests = metric.isPercent ? requestsOf(metric, pods) : undefined;
  const { ratio, ...usage } = measure(values, target, requests);
  const stay = { ...usage, replicas: current };
  const isRaising = unready.length > 0 && ratio > 1;
  if (!isRaising && !missing.length)
    return isClose(ratio, situation) ? stay : { ...usage, replicas: upwards(ratio * ready) };

  // Pods without usage count against the change: as busy on the way down, as idle on the way up.
  const busy = (name: string): number =>
    requests ? Math.trunc((requests.get(name)! * Math.max(100, target)) / 100) : target;
  if (ratio !== 1) for (const name of missing) values.set(name, ratio < 1 ? busy(name) : 0);
  if (isRaising) for (const name of unready) values.set(name, 0);
  const second = measure(values, target, requests).ratio;
  const replicas = upwards(second * values.size);
  const turns = (ratio < 1 && second > 1) || (ratio > 1 && second < 1);
  const opposes = second < 1 ? replicas > current : second > 1 && replicas < current;
  return isClose(second, situation) || turns || opposes ? stay : { ...usage, replicas };
}

/** The ratio of usage to target; with requests, of the usage in percent of the requests. */
function measure(
  values: ReadonlyMap<string, number>,
  target: number,
  requests: ReadonlyMap<string, number> | undefined,
): { ratio: number; milli: number; utilization?: number } {
  const known = [...values].filter(([name]) => !requests || requests.has(name));
  const used = known.reduce((sum, [, milli]) => sum + milli, 0);
  const milli = Math.trunc(used / known.length);
  if (!requests) return { ratio: milli / target, milli };
  const requested = known.reduce((sum, [name]) => sum + requests.get(name)!, 0);
  if (!requested) throw new Error('no metrics returned matched known pods');
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / target, milli, utilization };
}

/** Thousandths by the pod's name. Throws an Error when a container has no request. */
function requestsOf(
  { container, resource }: Pick<PodMetric, 'container' | 'resource'>,
  pods: readonly Pod[],
): ReadonlyMap<string, number> {
  const requestOf = ({ metadata, spec }: Pod): number =>
    servingContainers(spec)
      .filter(({ name }) => container === undefined || container === name)
      .reduce((sum, { name, resources }) => {
        const request = tryParseQuantity(resources?.requests?.[resource]);
        if (request) return sum + request.milliValue();
        throw new Error(
          `missing request for ${resource} in container ${name} of Pod ${metadata.name}`,
        );
      }, 0);
  return new Map(pods.map((pod) => [pod.metadata.name, requestOf(pod)]));
}

/** `unused` has the pods with a sample that does not count. */
export function groupPods(
  { resource, samples }: Pick<PodMetric, 'resource' | 'samples'>,
  situation: Pick<Situation, 'pods' | 'options' | 'now'>,
): { ready: number; unready: string[]; missing: string[]; unused: Set<string> } {
  const unready: string[] = [];
  const missing: string[] = [];
  const unused = new Set<string>();
  let ready = 0;
  for (const pod of situation.pods) {
    const { deletionTimestamp, name } = pod.metadata;
    const sample = samples.get(name);
    if (deletionTimestamp !== undefined || terminalPhase(pod) === 'Failed') unused.add(name);
    else if (
      pod.status?.phase === 'Pending' ||
      (sample && resource === 'cpu' && !isSettled(pod, sample, situation))
    ) {
      unready.push(name);
      unused.add(name);
    } else if (sample) ready++;
    else missing.push(name);
  }
  return { ready, unready, missing, unused };
}

/** False while the CPU usage of a pod says little: the pod starts, or was never ready. */
function isSettled(
  pod: Pod,
  sample: Sample,
  { now, options }: Pick<Situation, 'options' | 'now'>,
): boolean {
  const condition = podCondition(pod, 'Ready');
  const startTime = pod.status?.startTime;
  if (!condition || !startTime) return false;
  const started = Date.parse(startTime);
  const changed = Date.parse(condition.lastTransitionTime ?? '') || 0;
  const isUnready = condition.status === 'False';
  if (started + options.horizontalPodAutoscalerCpuInitializationPeriod > now)
    return !isUnready && sample.at >= changed + sample.window;
  return !isUnready || started + options.horizontalPodAutoscalerInitialReadinessDelay <= changed;
}

/** Proposes a size by the value of one object, which the ready pods cause. */
export function proposeByValue(milli: number, target: number, situation: Situation): Proposal {
  const { current, pods } = situation;
  const ratio = milli / target;
  if (current === 0) return { replicas: upwards(ratio), milli };
  if (isClose(ratio, situation)) return { replicas: current, milli };
  requirePods(pods, 'unable to calculate ready pods: ');
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isPodReady(pod)).length;
  return { replicas: upwards(ratio * ready), milli };
}

/** Proposes a size by a value that is divided among the replicas; `shares` is their number. */
export function proposeByShare(
  milli: number,
  target: number,
  shares: number,
  situation: Pick<Situation, 'options'>,
): Proposal {
  const isNear = isClose(milli / (target * shares), situation);
  // Without replicas nothing divides the value.
  const each = Math.ceil(milli / Math.max(1, shares));
  return { replicas: isNear ? shares : upwards(milli / target), milli: each };
}
