// The contract with container runtimes. Two implementations: cri (containerd and others behind the
// Container Runtime Interface) and hollow (no processes). test/contract/runtime.test.ts holds both
// to the same behaviour. Names and meanings are those of CRI v1; times are nanoseconds since the
// epoch as numbers, exact to a microsecond.
//
// Invariants: calls are idempotent where the CRI says so (stop, remove); errors are RuntimeError;
// `watch` may report too many events, but with the relist none is missed.

import type { SELinuxOptions } from '../../apis/core/v1/types.js';
import type { PodIdentity } from '../types/observed.js';

export type RuntimeErrorCode =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Unavailable'
  | 'DeadlineExceeded'
  | 'Unknown';

export class RuntimeError extends Error {
  override name = 'RuntimeError';
  /** `detail` is the runtime's own text; the message may name its gRPC code too. */
  constructor(
    readonly code: RuntimeErrorCode,
    message: string,
    readonly detail = message,
  ) {
    super(message);
  }
}

export interface RuntimeVersion {
  runtimeName: string;
  runtimeVersion: string;
  runtimeApiVersion: string;
}

/** The types are 'RuntimeReady' and 'NetworkReady'. */
export interface RuntimeCondition {
  type: string;
  status: boolean;
  reason: string;
  message: string;
}

export interface SandboxMetadata extends PodIdentity {
  attempt: number;
}

export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE' | 'TARGET';

export interface NamespaceOption {
  network?: NamespaceMode;
  pid?: NamespaceMode;
  ipc?: NamespaceMode;
  targetId?: string;
}

export interface SecurityProfile {
  profileType: 'RuntimeDefault' | 'Unconfined' | 'Localhost';
  /** The absolute path of a seccomp profile, or the name of an AppArmor profile. */
  localhostRef?: string;
}

export interface SandboxSecurityContext {
  selinuxOptions?: SELinuxOptions;
  namespaceOptions?: NamespaceOption;
  runAsUser?: { value: number };
  runAsGroup?: { value: number };
  supplementalGroups?: number[];
  privileged?: boolean;
  seccomp?: SecurityProfile;
}

export interface PortMapping {
  protocol: 'TCP' | 'UDP' | 'SCTP';
  containerPort: number;
  hostPort: number;
  hostIp?: string;
}

export interface SandboxConfig {
  metadata: SandboxMetadata;
  hostname: string;
  logDirectory: string;
  dnsConfig?: { servers: string[]; searches: string[]; options: string[] };
  portMappings?: PortMapping[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
  linux?: {
    cgroupParent?: string;
    securityContext?: SandboxSecurityContext;
    sysctls?: Record<string, string>;
  };
}

export interface Sandbox {
  id: string;
  metadata: SandboxMetadata;
  state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
  createdAt: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface SandboxStatus extends Sandbox {
  /** '' on the host network. */
  ip: string;
  additionalIps: string[];
  networkMode: NamespaceMode;
}

export interface ContainerResources {
  cpuPeriod?: number;
  cpuQuota?: number;
  cpuShares?: number;
  memoryLimitInBytes?: number;
  oomScoreAdj?: number;
}

export interface ContainerSecurityContext extends SandboxSecurityContext {
  capabilities?: { addCapabilities: string[]; dropCapabilities: string[] };
  readonlyRootfs?: boolean;
  noNewPrivs?: boolean;
  maskedPaths?: readonly string[];
  readonlyPaths?: readonly string[];
  apparmor?: SecurityProfile;
  /** The older form of `apparmor`. */
  apparmorProfile?: string;
}

export interface Mount {
  containerPath: string;
  hostPath: string;
  readonly?: boolean;
  propagation?: 'PROPAGATION_HOST_TO_CONTAINER' | 'PROPAGATION_BIDIRECTIONAL';
}

export interface ContainerConfig {
  metadata: { name: string; attempt: number };
  /** The image id from `imageStatus`. */
  image: { image: string };
  command: string[];
  args: string[];
  workingDir: string;
  envs: { key: string; value: string }[];
  mounts: Mount[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Relative to the sandbox's log directory. */
  logPath: string;
  stdin: boolean;
  stdinOnce: boolean;
  tty: boolean;
  linux?: { resources?: ContainerResources; securityContext?: ContainerSecurityContext };
}

export type ContainerStateName =
  | 'CONTAINER_CREATED'
  | 'CONTAINER_RUNNING'
  | 'CONTAINER_EXITED'
  | 'CONTAINER_UNKNOWN';

export interface RuntimeContainer {
  id: string;
  podSandboxId: string;
  metadata: { name: string; attempt: number };
  /** First tag of the image. */
  image: string;
  /** Repository digest or id. */
  imageRef: string;
  state: ContainerStateName;
  createdAt: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuntimeContainerStatus extends Omit<RuntimeContainer, 'podSandboxId'> {
  startedAt: number;
  finishedAt: number;
  exitCode: number;
  reason: string;
  message: string;
  mounts: Mount[];
  /** Absolute path. */
  logPath: string;
}

export interface RuntimeImage {
  id: string;
  repoTags: string[];
  repoDigests: string[];
  sizeBytes: number;
  /** The image's user, if numeric. */
  uid?: number;
  username: string;
  pinned: boolean;
}

export interface ImageAuth {
  username: string;
  password: string;
  identityToken?: string;
}

export interface ContainerStats {
  id: string;
  name: string;
  labels: Record<string, string>;
  timestamp: number;
  cpuNanoSeconds: number;
  memoryWorkingSetBytes: number;
  memoryUsageBytes: number;
  writableLayerBytes: number;
}

export interface ExecResult {
  exitCode: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
}

export interface ExecRequest {
  containerId: string;
  cmd: string[];
  tty: boolean;
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
}

/** A container or sandbox changed. Without an id, all of them may have. */
export interface RuntimeEvent {
  id?: string;
  kind: 'started' | 'exited' | 'oom' | 'relist';
}

export interface Runtime {
  /** Prefix of container ids in the API: 'containerd'. */
  readonly name: string;
  version(): Promise<RuntimeVersion>;
  conditions(): Promise<RuntimeCondition[]>;

  /** `handler`: the runtime's configuration to use; '' is its default. */
  runSandbox(config: SandboxConfig, handler?: string): Promise<string>;
  stopSandbox(id: string): Promise<void>;
  removeSandbox(id: string): Promise<void>;
  sandboxes(filter?: { podUid?: string }): Promise<Sandbox[]>;
  sandboxStatus(id: string): Promise<SandboxStatus>;

  createContainer(
    sandboxId: string,
    config: ContainerConfig,
    sandbox: SandboxConfig,
  ): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Sends SIGTERM, then SIGKILL after `timeoutSeconds`. The stop continues after an abort. */
  stopContainer(id: string, timeoutSeconds: number, signal?: AbortSignal): Promise<void>;
  removeContainer(id: string): Promise<void>;
  containers(filter?: { podUid?: string }): Promise<RuntimeContainer[]>;
  containerStatus(id: string): Promise<RuntimeContainerStatus>;
  execSync(id: string, cmd: string[], timeoutSeconds: number): Promise<ExecResult>;
  reopenLog(id: string): Promise<void>;
  stats(): Promise<ContainerStats[]>;

  /** Single-use URLs of the runtime's streaming server. */
  execUrl(request: ExecRequest): Promise<string>;
  attachUrl(request: Omit<ExecRequest, 'cmd'>): Promise<string>;
  portForwardUrl(sandboxId: string, ports: number[]): Promise<string>;

  /** `undefined`: the image is not present. */
  imageStatus(image: string): Promise<RuntimeImage | undefined>;
  images(): Promise<RuntimeImage[]>;
  /** Returns the image reference for a ContainerConfig. */
  pullImage(image: string, auth?: ImageAuth, sandbox?: SandboxConfig): Promise<string>;
  removeImage(id: string): Promise<void>;
  imageFs(): Promise<{ mountpoint: string; usedBytes: number }[]>;

  /** Reports events until abort. Reconnects by itself and then reports 'relist'. */
  watch(onEvent: (event: RuntimeEvent) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof RuntimeError && error.code === 'NotFound';
