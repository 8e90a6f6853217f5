// Requests and limits as cgroup values (upstream: pkg/kubelet/cm/helpers_linux.go,
// kuberuntime_container_linux.go, pkg/kubelet/qos/policy.go). Pure.
import { parseQuantity } from '../../apimachinery/quantity/quantity.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { initContainers, isSidecar } from '../../component-helpers/pods.js';
import type { ContainerResources } from '../runtime/runtime.js';
import { qosClass } from '../status/qos.js';

const PERIOD = 100_000;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const MIN_QUOTA = 1000;

export function sharesOf(milliCpu: number): number {
  return milliCpu === 0
    ? MIN_SHARES
    : Math.min(MAX_SHARES, Math.max(MIN_SHARES, Math.floor((milliCpu * 1024) / 1000)));
}

/** Microseconds per period of 100 ms. */
export function quotaOf(milliCpu: number): number {
  return milliCpu === 0 ? 0 : Math.max(MIN_QUOTA, Math.floor((milliCpu * PERIOD) / 1000));
}

const milli = (text: string | undefined) =>
  text === undefined ? 0 : parseQuantity(text).milliValue();
const bytes = (text: string | undefined) => (text === undefined ? 0 : parseQuantity(text).value());

function oomScore(pod: Pod, container: Container, memoryCapacity: number): number {
  const qos = qosClass(pod);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const request = bytes(container.resources?.requests?.['memory']);
  const score = memoryCapacity > 0 ? Math.floor(1000 - (1000 * request) / memoryCapacity) : 1000;
  return Math.min(999, Math.max(3, score));
}

export function containerResources(
  pod: Pod,
  container: Container,
  memoryCapacity: number,
): ContainerResources {
  const { requests, limits } = container.resources ?? {};
  const cpuLimit = milli(limits?.['cpu']);
  const cpuRequest =
    requests?.['cpu'] === undefined && cpuLimit ? cpuLimit : milli(requests?.['cpu']);
  const memory = bytes(limits?.['memory']);
  return {
    cpuShares: sharesOf(cpuRequest),
    ...(cpuLimit ? { cpuPeriod: PERIOD, cpuQuota: quotaOf(cpuLimit) } : {}),
    ...(memory ? { memoryLimitInBytes: memory } : {}),
    oomScoreAdj: oomScore(pod, container, memoryCapacity),
  };
}

export interface PodResources {
  cpuShares: number;
  cpuQuota?: number;
  cpuPeriod: number;
  memoryLimit?: number;
}

/** What the pod's own cgroup gets: the sum; limits only when every container has one. */
export function podResources(pod: Pod): PodResources {
  const containers = [...pod.spec.containers, ...initContainers(pod.spec).filter(isSidecar)];
  const sum = (pick: (c: Container) => number) =>
    containers.reduce((total, c) => total + pick(c), 0);
  const all = (name: string) => containers.every((c) => c.resources?.limits?.[name] !== undefined);
  const request = sum((c) => milli(c.resources?.requests?.['cpu'] ?? c.resources?.limits?.['cpu']));
  const initPeak = (pick: (c: Container) => number) =>
    Math.max(
      0,
      ...initContainers(pod.spec)
        .filter((c) => !isSidecar(c))
        .map(pick),
    );
  const cpu = Math.max(
    sum((c) => milli(c.resources?.limits?.['cpu'])),
    initPeak((c) => milli(c.resources?.limits?.['cpu'])),
  );
  const memory = Math.max(
    sum((c) => bytes(c.resources?.limits?.['memory'])),
    initPeak((c) => bytes(c.resources?.limits?.['memory'])),
  );
  return {
    cpuShares: sharesOf(request),
    cpuPeriod: PERIOD,
    ...(all('cpu') && cpu ? { cpuQuota: quotaOf(cpu) } : {}),
    ...(all('memory') && memory ? { memoryLimit: memory } : {}),
  };
}
