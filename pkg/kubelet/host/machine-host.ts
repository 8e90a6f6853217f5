// The PodHost of a real machine: directories, cgroups, volumes, probes and hooks of pods.
//
// Invariants: writes go to --root-dir, the log directory and the cgroup root only (apart from
// hostPath volumes of type *OrCreate); every step can be repeated after a crash.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Container, LifecycleHandler, Pod, Probe, Service } from '../../apis/core/v1/types.js';
import { podReferences } from '../../component-helpers/pod-references.js';
import { writeBeneath } from '../../system/files/beneath.js';
import { removeTrees } from '../../system/files/remove-trees.js';
import type { Clock, Log } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { within } from '../../util/wait/abortable.js';
import { containerConfig } from '../container/container-config.js';
import { parseResolvConf, podDns, type ClusterDns, type Warn } from '../container/dns.js';
import { environment, type EnvSources } from '../container/env.js';
import { expandedSubPath } from '../container/expansion.js';
import type { DownwardContext } from '../container/field-ref.js';
import { hostsFile } from '../container/names.js';
import { sandboxConfig } from '../container/sandbox-config.js';
import {
  containerDirectory,
  hostsPath,
  logDirectory,
  memoryDirectory,
  podDirectory,
  podsDirectory,
  seccompDirectory,
  type Layout,
} from '../layout.js';
import { VOLUME_TIMEOUT } from '../limits.js';
import type {
  ContainerConfig,
  Mount,
  Runtime,
  RuntimeContainerStatus,
  SandboxConfig,
} from '../runtime/runtime.js';
import type { ReferencedObjects } from '../sources/objects.js';
import type { TokenManager } from '../sources/tokens.js';
import { identityOf, type PodIdentity } from '../types/observed.js';
import { configError, SyncError } from '../types/sync-error.js';
import {
  setUpVolumes,
  tearDownVolumes,
  type ClaimResolver,
  type VolumeDeps,
} from '../volumes/volumes.js';
import { bindSubPath } from '../volumes/sub-path.js';
import { createPodCgroup, podCgroup, removePodCgroup, type CgroupOptions } from './cgroups.js';
import { credentialsFor } from './credentials.js';
import { runHook, runProbe } from './probe-actions.js';
import type { PullCredentials } from '../images/image-manager.js';
import type { PodHost, ProbeOutcome, ProbeTarget, StartContext } from './pod-host.js';
import { terminationMessage } from './termination-message.js';

export interface MachineHostDeps {
  clock: Clock;
  log: Log;
  runtime: Runtime;
  layout: Layout;
  cgroups: CgroupOptions;
  clusterDns: ClusterDns;
  /** Path of the resolv.conf that pods inherit. */
  resolvConf: string;
  nodeName: string;
  hostIPs(): string[];
  allocatable(): Record<string, string>;
  memoryCapacity: number;
  /** --seccomp-default. */
  seccompDefault?: boolean;
  objects: ReferencedObjects;
  tokens: TokenManager;
  services(): Promise<readonly Service[]>;
  claim: ClaimResolver;
}

const PROPAGATION: Readonly<Record<string, Mount['propagation']>> = {
  HostToContainer: 'PROPAGATION_HOST_TO_CONTAINER',
  Bidirectional: 'PROPAGATION_BIDIRECTIONAL',
};

export class MachineHost implements PodHost {
  private readonly volumes: VolumeDeps;
  /** Host paths by volume name, by pod uid. */
  private readonly paths = new Map<string, Map<string, string>>();

  constructor(private readonly deps: MachineHostDeps) {
    this.volumes = {
      layout: deps.layout,
      sources: (pod) => ({
        ...this.downward(this.podIPs.get(pod.metadata.uid!) ?? []),
        ...this.lookups(pod),
        token: (p, projection) => deps.tokens.get(p, projection),
      }),
      claim: deps.claim,
      users: new Map(),
    };
  }

  private readonly podIPs = new Map<string, string[]>();
  private readonly cgroups = new Map<string, string>();

  private downward(podIPs: readonly string[]): DownwardContext {
    return {
      podIPs,
      hostIPs: this.deps.hostIPs(),
      nodeName: this.deps.nodeName,
      allocatable: this.deps.allocatable(),
    };
  }

  private lookups(pod: Pod): Pick<EnvSources, 'configMap' | 'secret'> {
    const { uid, namespace = 'default' } = pod.metadata;
    return {
      configMap: (name) => this.deps.objects.configMap(uid!, namespace, name),
      secret: (name) => this.deps.objects.secret(uid!, namespace, name),
    };
  }

  async prepare(pod: Pod, signal: AbortSignal): Promise<void> {
    const { layout } = this.deps;
    const uid = pod.metadata.uid!;
    this.deps.objects.expect(uid, pod.metadata.namespace ?? 'default', podReferences(pod));
    await mkdir(podDirectory(layout, uid), { recursive: true, mode: 0o750 });
    this.cgroups.set(uid, podCgroup(this.deps.cgroups, pod));
    await Promise.all([
      mkdir(logDirectory(layout, identityOf(pod)), { recursive: true }),
      createPodCgroup(this.deps.cgroups, pod),
    ]);
    try {
      const late = 'unable to mount volumes: timed out waiting for the condition';
      const done = setUpVolumes(this.volumes, pod);
      this.paths.set(uid, await within(this.deps.clock, VOLUME_TIMEOUT, late, done, signal));
    } catch (error) {
      if (signal.aborted) throw error;
      throw new SyncError('FailedMount', errorText(error));
    }
  }

  async sandboxConfig(pod: Pod, attempt: number, warn?: Warn): Promise<SandboxConfig> {
    const { deps } = this;
    const hostDns = parseResolvConf(await readFile(deps.resolvConf, 'utf8').catch(() => ''));
    return sandboxConfig(pod, {
      attempt,
      logDirectory: logDirectory(deps.layout, identityOf(pod)),
      cgroupParent: podCgroup(deps.cgroups, pod),
      dns: podDns(pod, hostDns, deps.clusterDns, warn),
      clusterDomain: deps.clusterDns.domain,
      hasIPv6: existsSync('/proc/sys/net/ipv6/conf'),
    });
  }

  async containerConfig(
    pod: Pod,
    container: Container,
    context: StartContext,
    signal: AbortSignal,
  ): Promise<ContainerConfig> {
    this.podIPs.set(pod.metadata.uid!, context.podIPs);
    let env: Map<string, string>;
    try {
      const found = this.deps
        .services()
        .then((services) =>
          environment(pod, container, {
            ...this.downward(context.podIPs),
            ...this.lookups(pod),
            services,
          }),
        );
      const late = 'timed out waiting for the API server';
      env = await within(this.deps.clock, VOLUME_TIMEOUT, late, found, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw error instanceof SyncError ? error : configError(errorText(error));
    }
    const mounts = [
      ...(await this.volumeMounts(pod, container, env)),
      ...(await this.managedMounts(pod, container, context)),
    ];
    const { restartCount, image, targetId } = context;
    return containerConfig(pod, container, {
      restartCount,
      image,
      env,
      mounts,
      memoryCapacity: this.deps.memoryCapacity,
      ...(targetId && { targetId }),
      seccomp: {
        root: seccompDirectory(this.deps.layout),
        isDefault: this.deps.seccompDefault === true,
      },
    });
  }

  private async volumeMounts(
    pod: Pod,
    container: Container,
    env: ReadonlyMap<string, string>,
  ): Promise<Mount[]> {
    const uid = pod.metadata.uid!;
    const paths = this.paths.get(uid);
    const mounts: Mount[] = [];
    for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
      const volumePath = paths?.get(mount.name);
      if (volumePath === undefined)
        throw configError(
          `cannot find volume "${mount.name}" to mount into container "${container.name}"`,
        );
      if (mount.recursiveReadOnly === 'Enabled')
        throw configError(
          `failed to resolve recursive read-only mode: volume "${mount.name}" requested recursive read-only mode, but it is not supported by the runtime`,
        );
      const relative = mount.subPath || expandedSubPath(mount.subPathExpr, env);
      const place = { uid, volume: mount.name, container: container.name, index };
      const hostPath = relative
        ? await bindSubPath(this.deps, volumePath, place, relative)
        : volumePath;
      const volume = pod.spec.volumes?.find((v) => v.name === mount.name);
      const filesOnly =
        volume?.configMap ?? volume?.secret ?? volume?.projected ?? volume?.downwardAPI;
      const propagation = PROPAGATION[mount.mountPropagation ?? ''];
      mounts.push({
        containerPath: path.isAbsolute(mount.mountPath)
          ? mount.mountPath
          : path.join('/', mount.mountPath),
        hostPath,
        readonly:
          mount.readOnly === true ||
          filesOnly !== undefined ||
          volume?.persistentVolumeClaim?.readOnly === true,
        ...(propagation && { propagation }),
      });
    }
    return mounts;
  }

  /** Mounts of /etc/hosts and the termination log, unless the container mounts a volume there. */
  private async managedMounts(
    pod: Pod,
    container: Container,
    context: StartContext,
  ): Promise<Mount[]> {
    const { layout } = this.deps;
    const uid = pod.metadata.uid!;
    const mounts: Mount[] = [];
    const taken = new Set((container.volumeMounts ?? []).map((m) => m.mountPath));
    if (!taken.has('/etc/hosts')) {
      const file = hostsPath(layout, uid);
      const own = pod.spec.hostNetwork ? await readFile('/etc/hosts', 'utf8').catch(() => '') : '';
      const text = hostsFile(pod, context.podIPs, this.deps.clusterDns.domain, own);
      await this.writeOwn(file, text, 0o644);
      mounts.push({ containerPath: '/etc/hosts', hostPath: file, readonly: false });
    }
    const terminationPath = container.terminationMessagePath ?? '/dev/termination-log';
    if (terminationPath) {
      const directory = containerDirectory(layout, uid, container.name);
      const file = path.join(directory, `${context.restartCount}-${context.sandboxId.slice(0, 8)}`);
      await this.writeOwn(file, '', 0o666);
      mounts.push({ containerPath: terminationPath, hostPath: file });
    }
    return mounts;
  }

  /** Writes a file that containers have mounted. */
  private writeOwn(file: string, text: string, mode: number): Promise<void> {
    const root = podsDirectory(this.deps.layout);
    return writeBeneath(root, path.relative(root, file), text, mode, { makeFolders: 0o755 });
  }

  terminationMessage(status: RuntimeContainerStatus): Promise<string> {
    return terminationMessage(this.deps.layout, status);
  }

  probe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
    return runProbe(this.deps.runtime, probe, target);
  }

  hook(handler: LifecycleHandler, target: ProbeTarget, signal: AbortSignal): Promise<void> {
    return runHook(this.deps.clock, this.deps.runtime, handler, target, signal);
  }

  async cleanUp(pod: PodIdentity): Promise<void> {
    await tearDownVolumes(this.deps.layout, pod.uid);
    await removePodCgroup(this.deps.cgroups, pod.uid, this.cgroups.get(pod.uid));
    this.cgroups.delete(pod.uid);
    this.paths.delete(pod.uid);
    this.podIPs.delete(pod.uid);
    this.deps.objects.release(pod.uid);
    this.deps.tokens.forget(pod.uid);
  }

  async removeDirectories(pod: PodIdentity): Promise<void> {
    const { layout } = this.deps;
    const logs = (await readdir(layout.podLogs).catch(() => [])).filter((name) =>
      name.endsWith(`_${pod.uid}`),
    );
    await removeTrees([
      podDirectory(layout, pod.uid),
      ...logs.map((name) => path.join(layout.podLogs, name)),
    ]);
  }

  async podsWithDirectories(): Promise<PodIdentity[]> {
    const { layout } = this.deps;
    const lists = await Promise.all(
      [podsDirectory(layout), memoryDirectory(layout)].map((d) => readdir(d).catch(() => [])),
    );
    return [...new Set(lists.flat())].map((uid) => ({ uid, name: '', namespace: '' }));
  }

  async credentials(pod: Pod, image: string): Promise<PullCredentials> {
    const names = (pod.spec.imagePullSecrets ?? []).flatMap(({ name }) => (name ? [name] : []));
    const secrets = await Promise.all(names.map((name) => this.lookups(pod).secret(name)));
    const found = secrets.filter((secret) => secret !== undefined);
    return { auths: credentialsFor(image, found), missing: names.filter((_, at) => !secrets[at]) };
  }
}
