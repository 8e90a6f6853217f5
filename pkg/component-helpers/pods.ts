// Questions about pods (upstream pkg/api/v1/pod/util.go, pkg/api/pod/util.go). Pure.
import { durationSeconds } from '../apimachinery/codec/time.js';
import { DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS } from '../apis/core/v1/pod-defaults.js';
import type { Container, Pod, PodCondition, PodSpec, ServicePort } from '../apis/core/v1/types.js';
import { findCondition, isConditionTrue } from './conditions.js';

export type TerminalPhase = 'Succeeded' | 'Failed';

/** The phase is final: no container of the pod runs again. */
export function isTerminalPhase(phase: string | undefined): phase is TerminalPhase {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** The pod's terminal phase; undefined while the pod may still run. */
export function terminalPhase(pod: Pod): TerminalPhase | undefined {
  const phase = pod.status?.phase;
  return isTerminalPhase(phase) ? phase : undefined;
}

export const isPodTerminal = (pod: Pod): boolean => isTerminalPhase(pod.status?.phase);

/** Neither terminal nor being deleted (IsPodActive of pkg/controller/controller_utils.go). */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return findCondition(pod.status?.conditions, type);
}

export const isPodReady = (pod: Pod): boolean => isConditionTrue(pod.status?.conditions, 'Ready');

/**
 * Milliseconds until the pod is available (IsPodAvailable): 0 when the pod is available, Infinity
 * when it is not ready. `now` is in milliseconds since the epoch.
 */
export function availableInMs(pod: Pod, minReadySeconds: number, now: number): number {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return Infinity;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? '');
  return Number.isNaN(since) ? Infinity : Math.max(0, since + minReadySeconds * 1000 - now);
}

/** True for an init container that keeps running beside the regular containers. */
export function isSidecar(container: Pick<Container, 'restartPolicy'>): boolean {
  return container.restartPolicy === 'Always';
}

export const initContainers = (spec: PodSpec): readonly Container[] => spec.initContainers ?? [];

/** Ephemeral containers as regular ones; the types differ by `targetContainerName` only. */
export function ephemeralContainers(spec: PodSpec): readonly Container[] {
  return (spec.ephemeralContainers ?? []) as Container[];
}

/** Init and regular containers in the order of their start. Templates have no other containers. */
export function templateContainers(spec: PodSpec): Container[] {
  return [...initContainers(spec), ...(spec.containers ?? [])];
}

/** Init, regular and ephemeral containers (VisitContainers with AllContainers). */
export function allContainers(spec: PodSpec): Container[] {
  return [...templateContainers(spec), ...ephemeralContainers(spec)];
}

export const sidecars = (spec: PodSpec): Container[] => initContainers(spec).filter(isSidecar);

/** Containers that run as long as the pod does: the regular ones, then the sidecars. */
export function servingContainers(spec: PodSpec): Container[] {
  return [...(spec.containers ?? []), ...sidecars(spec)];
}

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

export function restartPolicy(spec: Pick<PodSpec, 'restartPolicy'>): RestartPolicy {
  const policy = spec.restartPolicy;
  return policy === 'Never' || policy === 'OnFailure' ? policy : 'Always';
}

/** The pod's own grace period: seconds between TERM and KILL. */
export function terminationGracePeriod(
  spec: Pick<PodSpec, 'terminationGracePeriodSeconds'>,
): number {
  return durationSeconds(
    spec.terminationGracePeriodSeconds ?? DEFAULT_TERMINATION_GRACE_PERIOD_SECONDS,
  );
}

/**
 * Seconds of grace of a pod that is being deleted: those of the deletion, or else the pod's own.
 */
export function deletionGracePeriod(pod: Pod): number {
  const { deletionGracePeriodSeconds: seconds } = pod.metadata;
  return seconds === undefined ? terminationGracePeriod(pod.spec) : durationSeconds(seconds);
}

export const protocolOf = ({ protocol }: { protocol?: string }): string => protocol || 'TCP';

/**
 * The number that a service's target port has on this pod; undefined when no container names the
 * port with the service port's protocol (FindPort). Sidecars count, after the regular containers.
 */
export function targetPortOn(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort || port.port;
  if (typeof target === 'number') return target;
  for (const { ports = [] } of servingContainers(pod.spec)) {
    const found = ports.find((p) => p.name === target && protocolOf(p) === protocolOf(port));
    if (found) return found.containerPort;
  }
  return undefined;
}

/**
 * The number of a container's own port by number, name or decimal text, as probes and hooks give it
 * (ResolveContainerPort of upstream's pkg/kubelet/util). Undefined when it is none of these or
 * outside 1-65535.
 */
export function containerPortOf(container: Container, port: number | string): number | undefined {
  const named = container.ports?.find(({ name }) => name !== undefined && name === port);
  const number = named?.containerPort ?? (/^\d+$/.test(String(port)) ? Number(port) : NaN);
  return number >= 1 && number <= 65_535 ? number : undefined;
}
