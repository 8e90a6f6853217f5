// A runtime without processes, for thousands of nodes, the simulation, and tests of everything
// above the runtime. It is a product (`kubelet --runtime=hollow`), not a test double, and passes
// the same contract suite as the CRI runtime. No Node API; clock and random numbers come from the
// Env.
//
// A container runs until it is stopped. The pod annotations `hollow.wheelhouse/exit-after: 5s` and
// `hollow.wheelhouse/exit-code: "1"` make its containers exit by themselves. Each container uses as
// much as `hollow.wheelhouse/cpu: 100m` and `hollow.wheelhouse/memory: 64Mi` say.
import { tryParseQuantity } from '../../../apimachinery/quantity/quantity.js';
import type { Clock, Random } from '../../../util/env/env.js';
import { aborted } from '../../../util/wait/abortable.js';
import { POD_UID_LABEL } from '../../types/labels.js';
import {
  RuntimeError,
  type ContainerConfig,
  type ContainerStats,
  type ExecRequest,
  type ExecResult,
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

export interface HollowOptions {
  /** Milliseconds to create a sandbox, start a container and stop a container. */
  sandboxDelay: number;
  startDelay: number;
  stopDelay: number;
  /** First two octets of pod addresses: '10.244'. */
  network: string;
  /** First two groups of the IPv6 address of each pod: 'fd00:244'. Absent: no IPv6 address. */
  network6?: string;
  /** Third octet, distinct per node. */
  subnet: number;
  /**
   * Milliseconds that a container without annotation runs; undefined: until it is stopped. Absent:
   * all run until they are stopped.
   */
  lifetime?: (pod: SandboxConfig['metadata'], container: string) => number | undefined;
}

export const HOLLOW_DEFAULTS: HollowOptions = {
  sandboxDelay: 50,
  startDelay: 50,
  stopDelay: 20,
  network: '10.244',
  subnet: 0,
};

export const EXIT_AFTER = 'hollow.wheelhouse/exit-after';
export const EXIT_CODE = 'hollow.wheelhouse/exit-code';
export const USED = { cpu: 'hollow.wheelhouse/cpu', memory: 'hollow.wheelhouse/memory' } as const;

const amount = (text: string | undefined): number => tryParseQuantity(text)?.approximate() ?? 0;

interface HollowContainer {
  status: RuntimeContainerStatus;
  sandboxId: string;
  annotations: Record<string, string>;
}

const isOf =
  (filter: { podUid?: string } | undefined) =>
  ({ labels }: { labels: Record<string, string> }): boolean =>
    !filter?.podUid || labels[POD_UID_LABEL] === filter.podUid;

const noStreams = () => new RuntimeError('Unknown', 'a hollow container has no streams');

const notFound = (what: string, id: string) =>
  new RuntimeError('NotFound', `rpc error: code = NotFound desc = ${what} "${id}": not found`);

function seconds(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  return match
    ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[(match[2] ?? 's') as 'ms' | 's' | 'm']
    : undefined;
}

export class HollowRuntime implements Runtime {
  readonly name = 'hollow';
  private readonly sandboxMap = new Map<string, SandboxStatus>();
  private readonly configs = new Map<string, SandboxConfig>();
  private readonly containerMap = new Map<string, HollowContainer>();
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();
  private readonly options: HollowOptions;
  private next = 2;

  constructor(
    private readonly env: { clock: Clock; random: Random },
    options: Partial<HollowOptions> = {},
  ) {
    this.options = { ...HOLLOW_DEFAULTS, ...options };
  }

  async version(): Promise<RuntimeVersion> {
    return { runtimeName: 'hollow', runtimeVersion: '1.0.0', runtimeApiVersion: 'v1' };
  }

  async conditions(): Promise<RuntimeCondition[]> {
    const good = { status: true, reason: '', message: '' };
    return ['RuntimeReady', 'NetworkReady'].map((type) => ({ type, ...good }));
  }

  private delay(ms: number): Promise<void> {
    return new Promise((resolve) => void this.env.clock.after(ms, resolve));
  }

  private id(): string {
    return `${this.env.random.uuid()}${this.env.random.uuid()}`.replaceAll('-', '');
  }

  private now(): number {
    return this.env.clock.now() * 1e6;
  }

  private emit(kind: RuntimeEvent['kind'], id: string): void {
    for (const listener of this.listeners) listener({ kind, id });
  }

  async runSandbox(config: SandboxConfig, handler = ''): Promise<string> {
    if (handler)
      throw new RuntimeError(
        'Unknown',
        `failed to get sandbox runtime: no runtime for "${handler}" is configured`,
      );
    const { name, namespace, uid, attempt } = config.metadata;
    const taken = [...this.sandboxMap.values()].some(
      (s) => s.metadata.uid === uid && s.metadata.attempt === attempt,
    );
    if (taken)
      throw new RuntimeError(
        'AlreadyExists',
        `failed to reserve sandbox name "${name}_${namespace}_${uid}_${attempt}"`,
      );
    const id = this.id();
    const host = config.linux?.securityContext?.namespaceOptions?.network === 'NODE';
    const status: SandboxStatus = {
      id,
      metadata: { ...config.metadata },
      state: 'SANDBOX_NOTREADY',
      createdAt: this.now(),
      labels: { ...config.labels },
      annotations: { ...config.annotations },
      ip: '',
      additionalIps: [],
      networkMode: host ? 'NODE' : 'POD',
    };
    this.sandboxMap.set(id, status);
    this.configs.set(id, config);
    await this.delay(this.options.sandboxDelay);
    status.state = 'SANDBOX_READY';
    if (!host) this.giveAddresses(status);
    this.emit('started', id);
    return id;
  }

  private giveAddresses(status: SandboxStatus): void {
    const number = this.next++;
    const { network, network6, subnet } = this.options;
    status.ip = `${network}.${(subnet + Math.floor(number / 254)) % 256}.${(number % 254) + 1}`;
    status.additionalIps = network6
      ? [`${network6}:0:${subnet.toString(16)}::${number.toString(16)}`]
      : [];
  }

  async stopSandbox(id: string): Promise<void> {
    const sandbox = this.sandboxMap.get(id);
    if (!sandbox || sandbox.state === 'SANDBOX_NOTREADY') return;
    sandbox.state = 'SANDBOX_NOTREADY';
    sandbox.ip = '';
    for (const container of this.containerMap.values())
      if (container.sandboxId === id) this.exit(container, 137);
    await this.delay(this.options.stopDelay);
    this.emit('exited', id);
  }

  async removeSandbox(id: string): Promise<void> {
    await this.stopSandbox(id);
    for (const [container, { sandboxId }] of this.containerMap)
      if (sandboxId === id) this.containerMap.delete(container);
    this.sandboxMap.delete(id);
    this.configs.delete(id);
  }

  async sandboxes(filter?: { podUid?: string }): Promise<Sandbox[]> {
    return [...this.sandboxMap.values()].filter(isOf(filter)).map((s) => ({ ...s }));
  }

  async sandboxStatus(id: string): Promise<SandboxStatus> {
    const sandbox = this.sandboxMap.get(id);
    if (!sandbox) throw notFound('an error occurred when try to find sandbox', id);
    return { ...sandbox };
  }

  async createContainer(
    sandboxId: string,
    config: ContainerConfig,
    sandbox: SandboxConfig,
  ): Promise<string> {
    if (this.sandboxMap.get(sandboxId)?.state !== 'SANDBOX_READY')
      throw notFound('failed to find sandbox id', sandboxId);
    const { name, attempt } = config.metadata;
    const taken = [...this.containerMap.values()].some(
      ({ sandboxId: of, status: { metadata } }) =>
        this.configs.get(of)?.metadata.uid === sandbox.metadata.uid &&
        metadata.name === name &&
        metadata.attempt === attempt,
    );
    if (taken)
      throw new RuntimeError('AlreadyExists', `failed to reserve container name "${name}"`);
    const id = this.id();
    this.containerMap.set(id, {
      sandboxId,
      annotations: sandbox.annotations,
      status: {
        id,
        metadata: { ...config.metadata },
        state: 'CONTAINER_CREATED',
        createdAt: this.now(),
        startedAt: 0,
        finishedAt: 0,
        exitCode: 0,
        image: config.image.image,
        imageRef: config.image.image,
        reason: '',
        message: '',
        labels: { ...config.labels },
        annotations: { ...config.annotations },
        mounts: config.mounts,
        logPath: `${sandbox.logDirectory}/${config.logPath}`,
      },
    });
    return id;
  }

  private container(id: string): HollowContainer {
    const found = this.containerMap.get(id);
    if (!found) throw notFound('an error occurred when try to find container', id);
    return found;
  }

  async startContainer(id: string): Promise<void> {
    const container = this.container(id);
    if (container.status.state !== 'CONTAINER_CREATED')
      throw new RuntimeError('Unknown', `container "${id}" is not in created state`);
    await this.delay(this.options.startDelay);
    container.status.state = 'CONTAINER_RUNNING';
    container.status.startedAt = this.now();
    this.emit('started', id);
    const pod = this.sandboxMap.get(container.sandboxId)?.metadata;
    const after =
      seconds(container.annotations[EXIT_AFTER]) ??
      (pod && this.options.lifetime?.(pod, container.status.metadata.name));
    if (after !== undefined)
      this.env.clock.after(after, () =>
        this.exit(container, Number(container.annotations[EXIT_CODE] ?? 0)),
      );
  }

  private exit(container: HollowContainer, code: number): void {
    const { status } = container;
    if (status.state !== 'CONTAINER_RUNNING') return;
    status.state = 'CONTAINER_EXITED';
    status.finishedAt = this.now();
    status.exitCode = code;
    status.reason = code === 0 ? 'Completed' : 'Error';
    this.emit('exited', status.id);
  }

  async stopContainer(id: string, timeoutSeconds: number): Promise<void> {
    const container = this.containerMap.get(id);
    if (container?.status.state !== 'CONTAINER_RUNNING') return;
    await this.delay(Math.min(this.options.stopDelay, timeoutSeconds * 1000));
    this.exit(container, timeoutSeconds === 0 ? 137 : 143);
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.containerMap.get(id);
    if (container) this.exit(container, 137);
    this.containerMap.delete(id);
  }

  async containers(filter?: { podUid?: string }): Promise<RuntimeContainer[]> {
    const isOurs = isOf(filter);
    return [...this.containerMap.values()]
      .filter(({ status }) => isOurs(status))
      .map(({ status, sandboxId }) => ({ ...status, podSandboxId: sandboxId }));
  }

  async containerStatus(id: string): Promise<RuntimeContainerStatus> {
    return { ...this.container(id).status };
  }

  async execSync(id: string, _cmd: string[], _timeoutSeconds: number): Promise<ExecResult> {
    const container = this.containerMap.get(id);
    if (container?.status.state !== 'CONTAINER_RUNNING') throw notFound('running container', id);
    return { exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array() };
  }

  async reopenLog(id: string): Promise<void> {
    this.container(id);
  }

  async stats(): Promise<ContainerStats[]> {
    return [...this.containerMap.values()]
      .filter((c) => c.status.state === 'CONTAINER_RUNNING')
      .map(({ status, annotations }) => {
        const memory = amount(annotations[USED.memory]);
        const nanoseconds = this.now() - status.startedAt;
        return {
          id: status.id,
          name: status.metadata.name,
          labels: status.labels,
          timestamp: this.now(),
          cpuNanoSeconds: Math.round(amount(annotations[USED.cpu]) * nanoseconds),
          memoryWorkingSetBytes: memory,
          memoryUsageBytes: memory,
          writableLayerBytes: 0,
        };
      });
  }

  async execUrl(_request: ExecRequest): Promise<string> {
    throw noStreams();
  }

  async attachUrl(_request: Omit<ExecRequest, 'cmd'>): Promise<string> {
    throw noStreams();
  }

  async portForwardUrl(_sandboxId: string, _ports: number[]): Promise<string> {
    throw noStreams();
  }

  /** Every image is present. */
  async imageStatus(image: string): Promise<RuntimeImage | undefined> {
    const common = { repoDigests: [], sizeBytes: 0, username: '', pinned: false };
    return { id: image, repoTags: [image], ...common };
  }

  async images(): Promise<RuntimeImage[]> {
    return [];
  }

  async pullImage(image: string): Promise<string> {
    return image;
  }

  async removeImage(_id: string): Promise<void> {}

  async imageFs(): Promise<{ mountpoint: string; usedBytes: number }[]> {
    return [];
  }

  async watch(onEvent: (event: RuntimeEvent) => void, signal: AbortSignal): Promise<void> {
    this.listeners.add(onEvent);
    onEvent({ kind: 'relist' });
    await aborted(signal);
    this.listeners.delete(onEvent);
  }

  close(): void {}
}
