// A Runtime on the Container Runtime Interface v1. The CRI of containerd 1.6 has no event stream,
// so `watch` reads containerd's own (events.ts); for other runtimes there are relists only.
import type { Clock, Log, Metrics } from '../../../util/env/env.js';
import { registered } from '../../../util/metrics/registered.js';
import { PULL_TIMEOUT, STOP_CALL_SLACK } from '../../limits.js';
import { RUNTIME_METRICS } from '../../metrics.generated.js';
import { POD_UID_LABEL } from '../../types/labels.js';
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
import { GrpcConnection, type CallOptions } from './grpc.js';

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
interface WireImage extends Omit<RuntimeImage, 'sizeBytes' | 'uid'> {
  size: number;
  uid: WireValue | null;
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

/** The answers of the calls that tell something. */
interface Answers {
  Version: RuntimeVersion;
  Status: { status: { conditions: RuntimeCondition[] } | null };
  RunPodSandbox: { podSandboxId: string };
  ListPodSandbox: { items: Sandbox[] };
  PodSandboxStatus: { status: WireSandboxStatus | null };
  CreateContainer: { containerId: string };
  ListContainers: { containers: WireContainer[] };
  ContainerStatus: { status: WireStatus | null };
  ExecSync: ExecResult;
  ListContainerStats: { stats: WireStats[] };
  Exec: { url: string };
  Attach: { url: string };
  PortForward: { url: string };
  ImageStatus: { image: WireImage | null };
  ListImages: { images: WireImage[] };
  PullImage: { imageRef: string };
  ImageFsInfo: {
    imageFilesystems: { fsId: { mountpoint: string } | null; usedBytes: WireValue | null }[];
  };
}

/** The calls of the image service. */
const IMAGE_CALLS = /Image/;

function imageOf({ size, uid, ...image }: WireImage): RuntimeImage {
  return { ...image, sizeBytes: size, ...(uid && { uid: uid.value }) };
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

const filterOf = (filter: { podUid?: string } | undefined): object =>
  filter?.podUid ? { filter: { labelSelector: { [POD_UID_LABEL]: filter.podUid } } } : {};

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
    const { total, errors, duration } = registered(env.metrics, RUNTIME_METRICS);
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

  private call<M extends string>(
    method: M,
    request: object,
    options?: CallOptions,
  ): Promise<M extends keyof Answers ? Answers[M] : unknown> {
    const service = IMAGE_CALLS.test(method) ? 'ImageService' : 'RuntimeService';
    return this.connection.unary(`runtime.v1.${service}/${method}`, request, options);
  }

  version(): Promise<RuntimeVersion> {
    return this.call('Version', { version: 'v1' }, { timeout: 5000 });
  }

  async conditions(): Promise<RuntimeCondition[]> {
    const { status } = await this.call('Status', {}, { timeout: 10_000 });
    return present(status, 'status').conditions;
  }

  async runSandbox(config: SandboxConfig, handler = ''): Promise<string> {
    const request = { config, runtimeHandler: handler };
    const { podSandboxId } = await this.call('RunPodSandbox', request, { timeout: 240_000 });
    return present(podSandboxId, 'PodSandboxId');
  }

  stopSandbox(id: string): Promise<void> {
    return ignoreNotFound(this.call('StopPodSandbox', { podSandboxId: id }));
  }

  removeSandbox(id: string): Promise<void> {
    return ignoreNotFound(this.call('RemovePodSandbox', { podSandboxId: id }));
  }

  async sandboxes(filter?: { podUid?: string }): Promise<Sandbox[]> {
    return (await this.call('ListPodSandbox', filterOf(filter))).items.map(identified);
  }

  async sandboxStatus(id: string): Promise<SandboxStatus> {
    const answer = await this.call('PodSandboxStatus', { podSandboxId: id });
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
    return present((await this.call('CreateContainer', request)).containerId, 'ContainerId');
  }

  async startContainer(id: string): Promise<void> {
    await this.call('StartContainer', { containerId: id });
  }

  stopContainer(id: string, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    const request = { containerId: id, timeout: timeoutSeconds };
    const timeout = timeoutSeconds * 1000 + STOP_CALL_SLACK;
    const options = { timeout, ...(signal && { signal }) };
    return ignoreNotFound(this.call('StopContainer', request, options));
  }

  removeContainer(id: string): Promise<void> {
    return ignoreNotFound(this.call('RemoveContainer', { containerId: id }));
  }

  async containers(filter?: { podUid?: string }): Promise<RuntimeContainer[]> {
    const { containers } = await this.call('ListContainers', filterOf(filter));
    return containers.map((c) => ({ ...identified(c), image: c.image?.image ?? '' }));
  }

  async containerStatus(id: string): Promise<RuntimeContainerStatus> {
    const answer = await this.call('ContainerStatus', { containerId: id });
    const status = identified(present(answer.status, 'status'));
    return { ...status, image: present(status.image, 'status.Image').image };
  }

  execSync(id: string, cmd: string[], timeoutSeconds: number): Promise<ExecResult> {
    const timeout = timeoutSeconds > 0 ? timeoutSeconds * 1000 + 5000 : 3_600_000;
    return this.call('ExecSync', { containerId: id, cmd, timeout: timeoutSeconds }, { timeout });
  }

  async reopenLog(id: string): Promise<void> {
    await this.call('ReopenContainerLog', { containerId: id });
  }

  async stats(): Promise<ContainerStats[]> {
    const { stats } = await this.call('ListContainerStats', {});
    const known = stats.filter(({ attributes }) => attributes?.metadata);
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
    return (await this.call('Exec', request)).url;
  }

  async attachUrl(request: Omit<ExecRequest, 'cmd'>): Promise<string> {
    return (await this.call('Attach', request)).url;
  }

  async portForwardUrl(sandboxId: string, ports: number[]): Promise<string> {
    return (await this.call('PortForward', { podSandboxId: sandboxId, port: ports })).url;
  }

  async imageStatus(image: string): Promise<RuntimeImage | undefined> {
    const answer = await this.call('ImageStatus', { image: { image } });
    return answer.image ? imageOf(answer.image) : undefined;
  }

  async images(): Promise<RuntimeImage[]> {
    return (await this.call('ListImages', {})).images.map(imageOf);
  }

  async pullImage(image: string, auth?: ImageAuth, sandbox?: SandboxConfig): Promise<string> {
    const request = {
      image: { image },
      ...(auth && { auth }),
      ...(sandbox && { sandboxConfig: sandbox }),
    };
    return (await this.call('PullImage', request, { timeout: PULL_TIMEOUT })).imageRef;
  }

  removeImage(id: string): Promise<void> {
    return ignoreNotFound(this.call('RemoveImage', { image: { image: id } }));
  }

  async imageFs(): Promise<{ mountpoint: string; usedBytes: number }[]> {
    const { imageFilesystems } = await this.call('ImageFsInfo', {});
    return imageFilesystems.map((f) => ({
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
