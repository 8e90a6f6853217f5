// Requests and limits as cgroup values (upstream: pkg/kubelet/cm/helpers_linux.go,
// kuberuntime_container_linux.go, pkg/kubelet/qos/policy.go). Pure.
import { type Quantity, ZERO_QUANTITY } from '../../apimachinery/quantity/quantity.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { isSidecar, templateContainers } from '../../component-helpers/pods.js';
import type { ContainerResources } from '../runtime/runtime.js';
import { podQos } from '../../component-helpers/qos.js';
import {
  containerResource,
  milliCpuOf,
  podLimits,
  podRequests,
} from '../../component-helpers/resources.js';

const PERIOD = 100_000;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const MIN_QUOTA = 1000;

export function sharesOf(milliCpu: number): number {
  return milliCpu === 0
    ? MIN_SHARES
    : Math.min(MAX_SHARES, Math.max(MIN_SHARES, Math.floor((milliCpu * 1024) / 1000)));
}

/** CPU quota in microseconds per CFS period of 100 ms. */
export const quotaOf = (milliCpu: number): number =>
  milliCpu === 0 ? 0 : Math.max(MIN_QUOTA, Math.floor((milliCpu * PERIOD) / 1000));

const SYSTEM_NODE_CRITICAL = 'system-node-critical';

/**
 * oom_score_adj as upstream's GetContainerOOMScoreAdjust; `memoryCapacity`: of the node, in bytes.
 */
function oomScore(pod: Pod, container: Container, memoryCapacity: number): number {
  if (pod.spec.priorityClassName === SYSTEM_NODE_CRITICAL) return -997;
  const qos = podQos(pod);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort' || memoryCapacity <= 0) return qos === 'BestEffort' ? 1000 : 999;
  const requestOf = (c: Container) => containerResource(c, 'requests', 'memory').value();
  // The OOM killer must not choose a sidecar before the containers that the sidecar serves.
  const request = isSidecar(container)
    ? Math.max(requestOf(container), Math.min(...pod.spec.containers.map(requestOf)))
    : requestOf(container);
  const score = 1000 - Math.trunc((1000 * request) / memoryCapacity);
  return Math.min(999, Math.max(3, score));
}

export function containerResources(
  pod: Pod,
  container: Container,
  memoryCapacity: number,
): ContainerResources {
  const cpuLimit = containerResource(container, 'limits', 'cpu').milliValue();
  const memory = containerResource(container, 'limits', 'memory').value();
  return {
    cpuShares: sharesOf(containerResource(container, 'requests', 'cpu').milliValue()),
    ...(cpuLimit && { cpuPeriod: PERIOD, cpuQuota: quotaOf(cpuLimit) }),
    ...(memory && { memoryLimitInBytes: memory }),
    oomScoreAdj: oomScore(pod, container, memoryCapacity),
  };
}

export interface PodResources {
  cpuShares: number;
  /** Microseconds of each `cpuPeriod`. */
  cpuQuota?: number;
  cpuPeriod: number;
  /** Bytes. */
  memoryLimit?: number;
}

/**
 * The values of the pod's cgroup (upstream: ResourceConfigForPod): requests and limits, overhead
 * included. A resource stays unlimited if any container or init container does not limit it.
 */
export function podResources(pod: Pod): PodResources {
  const limits = podLimits(pod);
  const containers = templateContainers(pod.spec);
  const limitOf = (name: string): Quantity =>
    containers.every((c) => !containerResource(c, 'limits', name).isZero)
      ? (limits[name] ?? ZERO_QUANTITY)
      : ZERO_QUANTITY;
  const cpu = limitOf('cpu').milliValue();
  const memory = limitOf('memory').value();
  const isBestEffort = podQos(pod) === 'BestEffort';
  return {
    cpuShares: isBestEffort ? MIN_SHARES : sharesOf(milliCpuOf(podRequests(pod))),
    cpuPeriod: PERIOD,
    ...(cpu && { cpuQuota: quotaOf(cpu) }),
    ...(memory && { memoryLimit: memory }),
  };
}
