// The status of the Node object from the state of the machine and the runtime. Pure. (Upstream:
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

/** Capacity and identity of a machine, collected for each status report. */
export interface MachineInfo {
  cpus: number;
  memoryBytes: number;
  /** Size of the file system of --root-dir. */
  diskBytes: number;
  info: NodeSystemInfo;
  images: { names: string[]; sizeBytes: number }[];
}

export interface NodeStatusInput {
  machine: MachineInfo;
  addresses: NodeAddress[];
  port: number;
  maxPods: number;
  pressure: Pressure;
  /** `undefined`: the runtime does not answer. */
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
  const words = bad.map(({ type, reason, message }) => {
    const what = type === 'NetworkReady' ? 'container runtime network' : 'container runtime';
    return `${what} not ready: ${type}=false reason:${reason} message:${message}`;
  });
  return { ok: false, message: words.join(', ') };
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
  machine: MachineInfo,
  maxPods: number,
): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const kilobytes = `${Math.floor(machine.memoryBytes / 1024)}Ki`;
  const common = {
    cpu: String(machine.cpus),
    memory: kilobytes,
    pods: String(maxPods),
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
  };
  // Hard eviction thresholds are reserved, as upstream: 100 MiB of memory and a tenth of the disk.
  const allocatableMemory = `${Math.floor(Math.max(0, machine.memoryBytes - MEMORY_LOW_BYTES) / 1024)}Ki`;
  return {
    capacity: { ...common, 'ephemeral-storage': `${Math.floor(machine.diskBytes / 1024)}Ki` },
    allocatable: {
      ...common,
      memory: allocatableMemory,
      'ephemeral-storage': String(Math.floor(machine.diskBytes * (1 - DISK_LOW_FRACTION))),
    },
  };
}

export const nodeStatus = (input: NodeStatusInput): NodeStatus => ({
  ...resources(input.machine, input.maxPods),
  addresses: input.addresses,
  conditions: nodeConditions(input),
  daemonEndpoints: { kubeletEndpoint: { Port: input.port } },
  nodeInfo: input.machine.info,
  images: [...input.machine.images].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_IMAGES),
});

/** Whether two statuses are equal, heartbeat times aside. */
export function sameStatus(a: NodeStatus, b: NodeStatus): boolean {
  const strip = (s: NodeStatus) =>
    JSON.stringify({
      ...s,
      conditions: s.conditions?.map((c) => ({ ...c, lastHeartbeatTime: '' })),
    });
  return strip(a) === strip(b);
}

/** Whether each of our conditions has the same status in `actual`. */
export function holdsConditions(actual: NodeStatus | undefined, ours: NodeStatus): boolean {
  return (ours.conditions ?? []).every(
    ({ type, status }) => findCondition(actual?.conditions, type)?.status === status,
  );
}
