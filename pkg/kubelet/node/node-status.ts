// The Node object's status from what the machine and the runtime say. Pure. (Upstream:
// pkg/kubelet/nodestatus/setters.go.)
import type {
  NodeAddress,
  NodeCondition,
  NodeStatus,
  NodeSystemInfo,
} from '../../apis/core/v1/types.js';
import { findCondition, transitionTime } from '../../component-helpers/conditions.js';
import { timestamp } from '../../util/env/env.js';
import type { Pressure } from '../eviction/thresholds.js';
import type { RuntimeCondition } from '../runtime/runtime.js';

/** What a node is made of; collected once per look by the host. */
export interface NodeFacts {
  cpus: number;
  memoryBytes: number;
  /** Of the file system under --root-dir. */
  diskBytes: number;
  info: NodeSystemInfo;
  images: { names: string[]; sizeBytes: number }[];
}

export interface NodeStatusInput {
  facts: NodeFacts;
  addresses: NodeAddress[];
  port: number;
  maxPods: number;
  pressure: Pressure;
  /** Undefined when the runtime does not answer. */
  runtime: RuntimeCondition[] | undefined;
  old: NodeCondition[];
  now: number;
}

const MEMORY_LOW_BYTES = 100 * 1024 * 1024;
const DISK_LOW_FRACTION = 0.1;
const MAX_IMAGES = 50;

function ready(runtime: RuntimeCondition[] | undefined): { ok: boolean; message: string } {
  if (!runtime) return { ok: false, message: 'container runtime is down' };
  const bad = runtime.filter(
    (c) => !c.status && (c.type === 'RuntimeReady' || c.type === 'NetworkReady'),
  );
  if (!bad.length) return { ok: true, message: 'kubelet is posting ready status' };
  const words = {
    RuntimeReady: 'container runtime not ready',
    NetworkReady: 'container runtime network not ready',
  } as const;
  return {
    ok: false,
    message: bad
      .map(
        (c) =>
          `${words[c.type as keyof typeof words]}: ${c.type}=false reason:${c.reason} message:${c.message}`,
      )
      .join(', '),
  };
}

export function nodeConditions(
  input: Pick<NodeStatusInput, 'pressure' | 'runtime' | 'old' | 'now'>,
): NodeCondition[] {
  const { now } = input;
  const beat = timestamp(now);
  const make = (type: string, on: boolean, reason: string, message: string): NodeCondition => {
    const status = on ? 'True' : 'False';
    const lastTransitionTime = transitionTime(findCondition(input.old, type), status, now);
    return { type, status, lastHeartbeatTime: beat, lastTransitionTime, reason, message };
  };
  const { memory: memoryLow, disk: diskLow } = input.pressure;
  const node = ready(input.runtime);
  return [
    make(
      'MemoryPressure',
      memoryLow,
      memoryLow ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory',
      memoryLow
        ? 'kubelet has insufficient memory available'
        : 'kubelet has sufficient memory available',
    ),
    make(
      'DiskPressure',
      diskLow,
      diskLow ? 'KubeletHasDiskPressure' : 'KubeletHasNoDiskPressure',
      diskLow ? 'kubelet has disk pressure' : 'kubelet has no disk pressure',
    ),
    make('PIDPressure', false, 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    make('Ready', node.ok, node.ok ? 'KubeletReady' : 'KubeletNotReady', node.message),
  ];
}

export function resources(
  facts: NodeFacts,
  maxPods: number,
): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const kilobytes = `${Math.floor(facts.memoryBytes / 1024)}Ki`;
  const common = {
    cpu: String(facts.cpus),
    memory: kilobytes,
    pods: String(maxPods),
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
  };
  // Upstream keeps back what eviction needs: 100 MiB of memory and a tenth of the disk.
  const allocatableMemory = `${Math.floor(Math.max(0, facts.memoryBytes - MEMORY_LOW_BYTES) / 1024)}Ki`;
  return {
    capacity: { ...common, 'ephemeral-storage': `${Math.floor(facts.diskBytes / 1024)}Ki` },
    allocatable: {
      ...common,
      memory: allocatableMemory,
      'ephemeral-storage': String(Math.floor(facts.diskBytes * (1 - DISK_LOW_FRACTION))),
    },
  };
}

export function nodeStatus(input: NodeStatusInput): NodeStatus {
  return {
    ...resources(input.facts, input.maxPods),
    addresses: input.addresses,
    conditions: nodeConditions(input),
    daemonEndpoints: { kubeletEndpoint: { Port: input.port } },
    nodeInfo: input.facts.info,
    images: [...input.facts.images].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_IMAGES),
  };
}

/** Equal but for heartbeats. */
export function sameStatus(a: NodeStatus, b: NodeStatus): boolean {
  const strip = (s: NodeStatus) =>
    JSON.stringify({
      ...s,
      conditions: s.conditions?.map((c) => ({ ...c, lastHeartbeatTime: '' })),
    });
  return strip(a) === strip(b);
}

/** True when `actual` says of each of our conditions what we say. */
export function holdsConditions(actual: NodeStatus | undefined, ours: NodeStatus): boolean {
  return (ours.conditions ?? []).every(
    ({ type, status }) => findCondition(actual?.conditions, type)?.status === status,
  );
}
