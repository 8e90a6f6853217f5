// A Runtime on the Container Runtime Interface v1. The CRI of containerd 1.6 has no event stream,
// so `watch` reads containerd's own (events.ts); for other runtimes there are relists only.
import type { Clock, Log, Metrics } from '../../../util/env/env.js';
import { PULL_TIMEOUT, STOP_CALL_SLACK } from '../../limits.js';
import {
  isNotFound,
  RuntimeError,
  type ContainerConfig,
  type ContainerStats,
  type ExecRequest,
  type ExecResult,
  type ImageAuth,
  type NamespaceMode,
  type Runtime,
  type RuntimeCondition,
  type RuntimeContainer,
  type RuntimeContainerStatus,
  type RuntimeEvent,
  type RuntimeImage,
  type RuntimeVersion,
  type Sandbox,
  type SandboxConfig,
  type SandboxStatus,
} from '../runtime.js';
import { watchContainerd } from './events.js';
import { GrpcConnection } from './grpc.js';

const RUNTIME = 'runtime.v1.RuntimeService';
const IMAGE = 'runtime.v1.ImageService';
export const POD_UID_LABEL = 'io.kubernetes.pod.uid';

interface WireImageSpec {
  image: string;
}
interface WireValue {
  value: number;
}
type WireContainer = Omit<RuntimeContainer, 'image'> & { image: WireImageSpec | null };
type WireStatus = Omit<RuntimeContainerStatus, 'image'> & { image: WireImageSpec | null };
interface WireSandboxStatus extends Sandbox {
  network: { ip: string; additionalIps: { ip: string }[] } | null;
  linux: { namespaces: { options: { network: NamespaceMode } | null } | null } | null;
}
interface WireImage {
  id: string;
  repoTags: string[];
  repoDigests: string[];
  size: number;
  uid: WireValue | null;
  username: string;
  pinned: boolean;
}
interface WireStats {
  attributes: {
    id: string;
    metadata: { name: string } | null;
    labels: Record<string, string>;
  } | null;
  cpu: { timestamp: number; usageCoreNanoSeconds: WireValue | null } | null;
  memory: { workingSetBytes: WireValue | null; usageBytes: WireValue | null } | null;
  writableLayer: { usedBytes: WireValue | null } | null;
}

function imageOf(wire: WireImage): RuntimeImage {
  return {
    id: wire.id,
    repoTags: wire.repoTags,
    repoDigests: wire.repoDigests,
    sizeBytes: wire.size,
    ...(wire.uid ? { uid: wire.uid.value } : {}),
    username: wire.username,
    pinned: wire.pinned,
  };
}

/** A part of an answer without which the answer means nothing (upstream cri-client's verify*). */
function present<T>(part: T | null | undefined, name: string): T {
  if (part === null || part === undefined || part === '')
    throw new RuntimeError('Unknown', `${name} is not set`);
  return part;
}

/** Throws RuntimeError unless the runtime says which container or sandbox this is. */
function identified<T extends { id: string; metadata: { name: string } }>(one: T): T {
  present(one.id, 'status.Id');
  present(present(one.metadata, 'status.Metadata').name, 'metadata.Name');
  return one;
}

function filterOf(filter: { podUid?: string } | undefined): object {
  return filter?.podUid ? { filter: { labelSelector: { [POD_UID_LABEL]: filter.podUid } } } : {};
}

/** Stopping or removing a container or sandbox that does not exist succeeds. */
async function ignoreNotFound(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

export class CriRuntime implements Runtime {
  readonly name = 'containerd';
  private readonly connection: GrpcConnection;

  constructor(
    endpoint: string,
    private readonly env: { clock: Clock; log: Log; metrics: Metrics },
  ) {
    const labels = ['operation_type'];
    const total = env.metrics.counter(
      'kubelet_runtime_operations_total',
      'Cumulative number of runtime operations by operation type.',
      labels,
    );
    const errors = env.metrics.counter(
      'kubelet_runtime_operations_errors_total',
      'Cumulative number of runtime operation errors by operation type.',
      labels,
    );
    const duration = env.metrics.histogram(
      'kubelet_runtime_operations_duration_seconds',
      'Duration in seconds of runtime operations. Broken down by operation type.',
      [0.005, 0.0125, 0.03125, 0.078, 0.195, 0.49, 1.22, 3.05, 7.63, 19],
      labels,
    );
    this.connection = new GrpcConnection(endpoint, (operation, ms, failed) => {
      // Upstream's label values: list_containers, run_podsandbox, ...
      const operation_type = operation
        .replace(/(?<=[a-z])([A-Z])/g, '_$1')
        .toLowerCase()
        .replace('pod_sandbox', 'podsandbox');
      total.inc({ operation_type });
      if (failed) errors.inc({ operation_type });
      duration.observe(ms / 1000, { operation_type });
    });
  }

  version(): Promise<RuntimeVersion> {
    return this.connection.unary(`${RUNTIME}/Version`, { version: 'v1' }, { timeout: 5000 });
  }

  async conditions(): Promise<RuntimeCondition[]> {
    const answer = await this.connection.unary<{
      status: { conditions: RuntimeCondition[] } | null;
    }>(`${RUNTIME}/Status`, {}, { timeout: 10_000 });
    return present(answer.status, 'status').conditions;
  }

  async runSandbox(config: SandboxConfig, handler = ''): Promise<string> {
    const answer = await this.connection.unary<{ podSandboxId: string }>(
      `${RUNTIME}/RunPodSandbox`,
      { config, runtimeHandler: handler },
      { timeout: 240_000 },
    );
    return present(answer.podSandboxId, 'PodSandboxId');
  }

  stopSandbox(id: string): Promise<void> {
    return ignoreNotFound(this.connection.unary(`${RUNTIME}/StopPodSandbox`, { podSandboxId: id }));
  }

  removeSandbox(id: string): Promise<void> {
    return ignoreNotFound(
      this.connection.unary(`${RUNTIME}/RemovePodSandbox`, { podSandboxId: id }),
    );
  }

  async sandboxes(filter?: { podUid?: string }): Promise<Sandbox[]> {
    const answer = await this.connection.unary<{ items: Sandbox[] }>(
      `${RUNTIME}/ListPodSandbox`,
      filterOf(filter),
    );
    return answer.items.map(identified);
  }

  async sandboxStatus(id: string): Promise<SandboxStatus> {
    const answer = await this.connection.unary<{ status: WireSandboxStatus | null }>(
      `${RUNTIME}/PodSandboxStatus`,
      { podSandboxId: id },
    );
    const status = identified(present(answer.status, 'status'));
    return {
      ...status,
      ip: status.network?.ip ?? '',
      additionalIps: status.network?.additionalIps.map((i) => i.ip) ?? [],
      networkMode: status.linux?.namespaces?.options?.network ?? 'POD',
    };
  }

  async createContainer(
    sandboxId: string,
    config: ContainerConfig,
    sandbox: SandboxConfig,
  ): Promise<string> {
    const request = { podSandboxId: sandboxId, config, sandboxConfig: sandbox };
    const answer = await this.connection.unary<{ containerId: string }>(
      `${RUNTIME}/CreateContainer`,
      request,
    );
    return present(answer.containerId, 'ContainerId');
  }

  async startContainer(id: string): Promise<void> {
    await this.connection.unary(`${RUNTIME}/StartContainer`, { containerId: id });
  }

  stopContainer(id: string, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    const timeout = timeoutSeconds * 1000 + STOP_CALL_SLACK;
    return ignoreNotFound(
      this.connection.unary(
        `${RUNTIME}/StopContainer`,
        { containerId: id, timeout: timeoutSeconds },
        { timeout, ...(signal ? { signal } : {}) },
      ),
    );
  }

  removeContainer(id: string): Promise<void> {
    return ignoreNotFound(this.connection.unary(`${RUNTIME}/RemoveContainer`, { containerId: id }));
  }

  async containers(filter?: { podUid?: string }): Promise<RuntimeContainer[]> {
    const answer = await this.connection.unary<{ containers: WireContainer[] }>(
      `${RUNTIME}/ListContainers`,
      filterOf(filter),
    );
    return answer.containers.map((c) => ({ ...identified(c), image: c.image?.image ?? '' }));
  }

  async containerStatus(id: string): Promise<RuntimeContainerStatus> {
    const answer = await this.connection.unary<{ status: WireStatus | null }>(
      `${RUNTIME}/ContainerStatus`,
      { containerId: id },
    );
    const status = identified(present(answer.status, 'status'));
    return { ...status, image: present(status.image, 'status.Image').image };
  }

  execSync(id: string, cmd: string[], timeoutSeconds: number): Promise<ExecResult> {
    const timeout = timeoutSeconds > 0 ? timeoutSeconds * 1000 + 5000 : 3_600_000;
    return this.connection.unary(
      `${RUNTIME}/ExecSync`,
      { containerId: id, cmd, timeout: timeoutSeconds },
      { timeout },
    );
  }

  async reopenLog(id: string): Promise<void> {
    await this.connection.unary(`${RUNTIME}/ReopenContainerLog`, { containerId: id });
  }

  async stats(): Promise<ContainerStats[]> {
    const answer = await this.connection.unary<{ stats: WireStats[] }>(
      `${RUNTIME}/ListContainerStats`,
      {},
    );
    const known = answer.stats.filter(({ attributes }) => attributes?.metadata);
    return known.map(({ attributes, ...s }) => ({
      id: attributes!.id,
      name: attributes!.metadata!.name,
      labels: attributes!.labels,
      timestamp: s.cpu?.timestamp ?? 0,
      cpuNanoSeconds: s.cpu?.usageCoreNanoSeconds?.value ?? 0,
      memoryWorkingSetBytes: s.memory?.workingSetBytes?.value ?? 0,
      memoryUsageBytes: s.memory?.usageBytes?.value ?? 0,
      writableLayerBytes: s.writableLayer?.usedBytes?.value ?? 0,
    }));
  }

  async execUrl(request: ExecRequest): Promise<string> {
    return (await this.connection.unary<{ url: string }>(`${RUNTIME}/Exec`, request)).url;
  }

  async attachUrl(request: Omit<ExecRequest, 'cmd'>): Promise<string> {
    return (await this.connection.unary<{ url: string }>(`${RUNTIME}/Attach`, request)).url;
  }

  async portForwardUrl(sandboxId: string, ports: number[]): Promise<string> {
    return (
      await this.connection.unary<{ url: string }>(`${RUNTIME}/PortForward`, {
        podSandboxId: sandboxId,
        port: ports,
      })
    ).url;
  }

  async imageStatus(image: string): Promise<RuntimeImage | undefined> {
    const answer = await this.connection.unary<{ image: WireImage | null }>(
      `${IMAGE}/ImageStatus`,
      { image: { image } },
    );
    return answer.image ? imageOf(answer.image) : undefined;
  }

  async images(): Promise<RuntimeImage[]> {
    return (
      await this.connection.unary<{ images: WireImage[] }>(`${IMAGE}/ListImages`, {})
    ).images.map(imageOf);
  }

  async pullImage(
    image: string,
    auth?: ImageAuth,
    sandbox?: SandboxConfig,
    signal?: AbortSignal,
  ): Promise<string> {
    const request = {
      image: { image },
      ...(auth ? { auth } : {}),
      ...(sandbox ? { sandboxConfig: sandbox } : {}),
    };
    const options = { timeout: PULL_TIMEOUT, ...(signal ? { signal } : {}) };
    return (
      await this.connection.unary<{ imageRef: string }>(`${IMAGE}/PullImage`, request, options)
    ).imageRef;
  }

  removeImage(id: string): Promise<void> {
    return ignoreNotFound(this.connection.unary(`${IMAGE}/RemoveImage`, { image: { image: id } }));
  }

  async imageFs(): Promise<{ mountpoint: string; usedBytes: number }[]> {
    interface Answer {
      imageFilesystems: { fsId: { mountpoint: string } | null; usedBytes: WireValue | null }[];
    }
    const answer = await this.connection.unary<Answer>(`${IMAGE}/ImageFsInfo`, {});
    return answer.imageFilesystems.map((f) => ({
      mountpoint: f.fsId?.mountpoint ?? '',
      usedBytes: f.usedBytes?.value ?? 0,
    }));
  }

  watch(onEvent: (event: RuntimeEvent) => void, signal: AbortSignal): Promise<void> {
    return watchContainerd(this.connection, this.env, onEvent, signal);
  }

  close(): void {
    this.connection.close();
  }
}
