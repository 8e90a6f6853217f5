// Assembles the kubelet: runtime, host, core, pod sources, node agent, servers, housekeeping.
import { mkdir, statfs } from 'node:fs/promises';
import { parseQuantity } from '../../pkg/apimachinery/quantity/quantity.js';
import type { Pod, Service } from '../../pkg/apis/core/v1/types.js';
import { PODS, SERVICES } from '../../pkg/apis/resource-types.js';
import { reviewAccess } from '../../pkg/client/access-review.js';
import { boundTo } from '../../pkg/client/bound-client.js';
import type { Client } from '../../pkg/client/client.js';
import type { EventRecorder } from '../../pkg/client/event-recorder.js';
import { createInformer } from '../../pkg/client/informer-factory.js';
import type { Informer } from '../../pkg/client/informer.js';
import type { ClientConfig } from '../../pkg/client/kubeconfig.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { createClient } from '../../pkg/client/rest-client.js';
import type { EvictionManager } from '../../pkg/kubelet/eviction/eviction-manager.js';
import type { CgroupOptions } from '../../pkg/kubelet/host/cgroups.js';
import { HOLLOW_HOST } from '../../pkg/kubelet/host/hollow-host.js';
import { MachineHost } from '../../pkg/kubelet/host/machine-host.js';
import type { PodHost } from '../../pkg/kubelet/host/pod-host.js';
import { imageCollector, type CollectImages } from '../../pkg/kubelet/images/image-gc.js';
import { Kubelet } from '../../pkg/kubelet/kubelet.js';
import type { Layout } from '../../pkg/kubelet/layout.js';
import { IMAGE_GC_PERIOD, LOG_ROTATE_PERIOD, RUNTIME_RETRY } from '../../pkg/kubelet/limits.js';
import { rotateIfLarge } from '../../pkg/kubelet/logs/rotate-logs.js';
import { isAppArmorEnabled, machineInfo } from '../../pkg/kubelet/node/machine-info.js';
import { NodeAgent } from '../../pkg/kubelet/node/node-agent.js';
import { resources, type MachineInfo } from '../../pkg/kubelet/node/node-status.js';
import { appArmorBlock } from '../../pkg/kubelet/container/apparmor.js';
import { admissionRefusal } from '../../pkg/kubelet/pod/admission.js';
import { unknownSysctl } from '../../pkg/kubelet/pod/sysctls.js';
import { CriRuntime } from '../../pkg/kubelet/runtime/cri/cri-runtime.js';
import { HollowRuntime } from '../../pkg/kubelet/runtime/hollow/hollow-runtime.js';
import type { Runtime } from '../../pkg/kubelet/runtime/runtime.js';
import { KubeletServer } from '../../pkg/kubelet/server/server.js';
import { ReferencedObjects } from '../../pkg/kubelet/sources/objects.js';
import { watchManifests } from '../../pkg/kubelet/sources/static-pods.js';
import { TokenManager } from '../../pkg/kubelet/sources/tokens.js';
import { hollowStats } from '../../pkg/kubelet/stats/hollow-stats.js';
import { machineStats } from '../../pkg/kubelet/stats/machine-stats.js';
import { statsCollector } from '../../pkg/kubelet/stats/snapshot.js';
import { claimResolver } from '../../pkg/kubelet/volumes/claims.js';
import { prepareMemory } from '../../pkg/kubelet/volumes/volumes.js';
import { serveHealth, type HealthServerOptions } from '../../pkg/system/health-server.js';
import type { Env } from '../../pkg/util/env/env.js';
import { abortable } from '../../pkg/util/wait/abortable.js';
import { every } from '../../pkg/util/wait/every.js';
import { FlagError } from '../flags.js';
import { retry, warnOnce } from '../../pkg/util/wait/retry.js';
import { makeEviction } from './eviction.js';
import { tlsOf } from '../tls-flags.js';
import type { Watchdog } from '../watchdog.js';
import { clientConfigOf, firstServing, keepCertificates, type Kept } from './certificates.js';
import { nodeIdentity, parseTaint, type NodeIdentity } from './node-setup.js';
import type { Run } from '../run.js';
import type { KubeletConfig } from './options.js';
export { parseOptions } from './options.js';

interface Parts extends Kept {
  layout: Layout;
  runtime: Runtime;
  clientConfig: ClientConfig | undefined;
  machine: MachineInfo;
  services: Informer<Service> | undefined;
  watchdog: Watchdog | undefined;
}

/** Logs events, for a kubelet without an API server. */
const logRecorder = (env: Env): EventRecorder => ({
  event(subject, type, reason, message) {
    const about = 'name' in subject ? subject.name : subject.metadata.name;
    env.log.info('event', { about, type, reason, message });
  },
  flush: () => Promise.resolve(),
});

/** First groups of the IPv6 addresses of hollow pods on a dual-stack node. */
const HOLLOW_NETWORK6 = 'fd00:244';

function makeRuntime(config: KubeletConfig, env: Env, node: NodeIdentity): Runtime {
  if (config.runtime === 'cri') return new CriRuntime(config['container-runtime-endpoint'], env);
  return new HollowRuntime(env, {
    startDelay: config['hollow-start-delay'],
    network: config['hollow-network'],
    ...(node.ips.length > 1 && { network6: HOLLOW_NETWORK6 }),
    subnet: Math.floor(env.random.next() * 256),
  });
}

/** Waits for a runtime that is still starting. */
async function waitForRuntime(runtime: Runtime, env: Env, signal: AbortSignal): Promise<void> {
  const { clock, log } = env;
  const again = warnOnce(log, 'container runtime not ready yet');
  const version = await retry({ clock, signal, wait: RUNTIME_RETRY, again }, () =>
    runtime.version(),
  );
  log.info('container runtime connected', { ...version });
}

function makeHost(
  parts: Parts,
  kubelet: () => Kubelet,
  signal: AbortSignal,
): { host: PodHost; tokens: TokenManager | undefined } {
  const { config, env, node, layout, runtime, client, machine } = parts;
  if (config.runtime === 'hollow') return { host: HOLLOW_HOST, tokens: undefined };
  const refresh = (uid: string) => kubelet().worker(uid)?.refreshVolumes();
  const objects = new ReferencedObjects(env, client, refresh, signal);
  const tokens = new TokenManager(env.clock, client);
  const { allocatable } = resources(machine, config['max-pods']);
  const host = new MachineHost({
    clock: env.clock,
    log: env.log,
    runtime,
    layout,
    cgroups: cgroupsOf(config),
    clusterDns: { servers: config['cluster-dns'], domain: config['cluster-domain'] },
    resolvConf: config['resolv-conf'],
    nodeName: node.name,
    hostIPs: () => node.ips,
    allocatable: () => allocatable,
    memoryCapacity: machine.memoryBytes,
    seccompDefault: config['seccomp-default'],
    objects,
    tokens,
    services: async () => {
      if (!parts.services) return [];
      if (!parts.services.synced) await parts.services.waitForSync(signal);
      return parts.services.store.list();
    },
    claim: claimResolver(client, node.name),
  });
  return { host, tokens };
}

/** Delivers static pods from this node's manifest files to the kubelet. */
async function runManifestSource(
  { config, env, node }: Parts,
  kubelet: Kubelet,
  signal: AbortSignal,
): Promise<void> {
  const path = config['pod-manifest-path'];
  if (!path) return kubelet.setStaticPods([]);
  const options = { path, nodeName: node.name };
  const deliver = (pods: Pod[]) => kubelet.setStaticPods(pods);
  await watchManifests(options, env.clock, env.log, deliver, signal);
}

function makeAgent(
  parts: Parts,
  client: Client,
  kubelet: Kubelet,
  eviction: EvictionManager,
  port: number,
  known: () => void,
  signal: AbortSignal,
): NodeAgent {
  const { config, env, node, runtime, recorder, layout } = parts;
  return new NodeAgent(
    {
      env,
      client,
      runtime,
      recorder,
      name: node.name,
      hostname: node.hostname,
      addresses: node.addresses,
      labels: config['node-labels'],
      taints: config['register-with-taints'].map(parseTaint),
      register: config['register-node'],
      port,
      maxPods: config['max-pods'],
      statusFrequency: config['node-status-update-frequency'],
      machine: () => machineInfo(runtime, layout.root),
      pressure: () => eviction.pressure,
      keepLease: parts.watchdog?.keepLease?.(parts.clientConfig!),
      registered: (object) => {
        kubelet.mirrors.nodeUid = object.metadata.uid;
        known();
      },
    },
    signal,
  );
}

const makeCollector = ({ config, env, runtime }: Parts): CollectImages =>
  imageCollector(runtime, env.log, {
    highPercent: config['image-gc-high-threshold'],
    lowPercent: config['image-gc-low-threshold'],
    minimumAge: config['minimum-image-ttl-duration'],
    keep: new Set([config['pod-infra-container-image']]),
  });

function housekeeping(
  parts: Parts,
  kubelet: Kubelet,
  collectImages: CollectImages,
  tokens: TokenManager | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const { config, env, runtime, layout } = parts;
  const limits = {
    maxBytes: parseQuantity(config['container-log-max-size']).value(),
    maxFiles: Math.max(2, config['container-log-max-files']),
  };
  const rotate = async () => {
    for (const { id, logPath, state } of kubelet.observedPods().flatMap((pod) => pod.containers))
      if (state === 'running') await rotateIfLarge(runtime, id, logPath, limits, env.clock.now());
  };
  const collect = async () => {
    const { blocks, bavail, bsize } = await statfs(layout.root);
    const disk = { totalBytes: blocks * bsize, usedBytes: (blocks - bavail) * bsize };
    await collectImages(disk, env.clock.now());
  };
  const refresh = async () => {
    for (const pod of kubelet.observedPods()) {
      const at = tokens?.nextRefresh(pod.uid);
      if (at !== undefined && at <= env.clock.now()) kubelet.worker(pod.uid)?.refreshVolumes();
    }
  };
  const periodically = (periodMs: number, failed: string, work: () => Promise<void>) =>
    every({ env, signal, periodMs, firstMs: periodMs, failed }, work);
  return Promise.all([
    periodically(LOG_ROTATE_PERIOD, 'log rotation failed', rotate),
    periodically(IMAGE_GC_PERIOD, 'image garbage collection failed', collect),
    periodically(LOG_ROTATE_PERIOD, 'token refresh failed', refresh),
  ]);
}

const cgroupsOf = (config: KubeletConfig): CgroupOptions => ({
  root: config['cgroup-root'],
  driver: config['cgroup-driver'] as 'cgroupfs' | 'systemd',
  ...(config['pod-max-pids'] > 0 && { podPids: config['pod-max-pids'] }),
});

function usageOf({ config, env, layout, machine, runtime }: Parts, kubelet: Kubelet) {
  const { clock } = env;
  const host =
    config.runtime === 'cri'
      ? machineStats({ clock, runtime, layout, cgroups: cgroupsOf(config) })
      : hollowStats(clock, runtime, machine);
  return statsCollector({ clock, host, pods: () => kubelet.observedWithPods() });
}

/** Resolves to the bound port, and the task that keeps the certificates. */
async function serve(
  parts: Parts,
  kubelet: Kubelet,
  signal: AbortSignal,
): Promise<{ port: number; keeping: Promise<unknown> }> {
  const { config, env, node, runtime, client } = parts;
  const access =
    client && config['authentication-token-webhook']
      ? { reviewer: reviewAccess(client, env.clock, signal) }
      : {};
  const server = new KubeletServer(
    { env, kubelet, runtime, nodeName: node.name, usage: usageOf(parts, kubelet), ...access },
    signal,
  );
  const health: HealthServerOptions = {
    address: config['healthz-bind-address'],
    port: config['healthz-port'],
    paths: { '/healthz/ping': () => 'ok', '/healthz/syncloop': () => 'ok' },
    listen: parts.watchdog?.listen,
    metrics: 'nobody',
  };
  if (health.port > 0) await serveHealth(env, health, signal);
  if (config['read-only-port'] > 0)
    await server.listenReadOnly(config.address, config['read-only-port']);
  if (config.port === 0 && !config.kubeconfig) return { port: 0, keeping: Promise.resolve() };
  const serving = await firstServing(config, node, env);
  const tls = { ...serving, ...tlsOf('kubelet', config) };
  const port = await server.listen({ address: config.address, port: config.port, tls });
  return { port, keeping: keepCertificates(parts, serving, server, signal) };
}

async function gatherParts(
  known: Omit<Parts, 'recorder' | 'services' | 'machine'>,
  signal: AbortSignal,
): Promise<Parts> {
  const { config, env, node, layout, runtime, client } = known;
  return {
    ...known,
    recorder: client
      ? createEventRecorder(client, env, { component: 'kubelet', host: node.name }, signal)
      : logRecorder(env),
    services:
      client && config.runtime === 'cri' ? createInformer(env, client, SERVICES) : undefined,
    machine: await machineInfo(runtime, layout.root),
  };
}

/** Runs until abort. The node's containers keep running afterwards. */
export const runKubelet: Run<KubeletConfig> = async (config, env, signal, watchdog) => {
  watchdog?.export(env);
  const sysctl = unknownSysctl(config['allowed-unsafe-sysctls']);
  if (sysctl !== undefined)
    throw new FlagError(`kubelet: the sysctl "${sysctl}" are not known to be namespaced`, 1);
  const node = nodeIdentity(config);
  const layout: Layout = { root: config['root-dir'], podLogs: config['pod-log-dir'] };
  await mkdir(layout.root, { recursive: true });
  const runtime = makeRuntime(config, env, node);
  const clientConfig = await clientConfigOf(config, node, env, signal);
  const client = clientConfig && boundTo(createClient(clientConfig, env), signal);
  try {
    await waitForRuntime(runtime, env, signal);
    if (config.runtime === 'cri') await prepareMemory(layout);
    const given = { config, env, node, layout, runtime, client, clientConfig, watchdog };
    const parts = await gatherParts(given, signal);
    const { recorder, services } = parts;
    const { allocatable } = resources(parts.machine, config['max-pods']);
    const hasAppArmor = config.runtime !== 'cri' || (await isAppArmorEnabled());
    let kubelet: Kubelet | undefined;
    let agent: NodeAgent | undefined;
    const { host, tokens } = makeHost(parts, () => kubelet!, signal);
    const collectImages = makeCollector(parts);
    const eviction = makeEviction(parts, collectImages, () => kubelet!);
    kubelet = new Kubelet(
      {
        env,
        runtime,
        host,
        recorder,
        nodeName: node.name,
        hostIPs: () => node.ips,
        refusal: (pod, others) =>
          eviction.refusal(pod) ??
          admissionRefusal({
            pod,
            others,
            nodeName: node.name,
            allocatable,
            node: agent?.current,
            unsafeSysctls: config['allowed-unsafe-sysctls'],
          }),
        refreshNode: async () => agent?.refresh(),
        block: (pod) => (hasAppArmor ? undefined : appArmorBlock(pod)),
        ...(client && { client }),
      },
      signal,
    );
    const { port, keeping } = await serve(parts, kubelet, signal);
    let known = () => {};
    const nodeKnown = new Promise<void>((resolve) => (known = resolve));
    agent = client && makeAgent(parts, client, kubelet, eviction, port, known, signal);
    env.log.info('kubelet started', { node: node.name, port, runtime: config.runtime });
    const tasks: Promise<unknown>[] = [
      kubelet.run(),
      keeping,
      eviction.run(signal),
      housekeeping(parts, kubelet, collectImages, tokens, signal),
      runManifestSource(parts, kubelet, signal),
    ];
    if (client) {
      const ours = { fieldSelector: `spec.nodeName=${node.name}` };
      const pods = createInformer(env, client, PODS, ours);
      // Admission reads the node's labels and taints.
      const follow = abortable(nodeKnown, signal).then(
        () => kubelet!.follow(pods),
        () => undefined,
      );
      tasks.push(follow, agent!.run());
    }
    if (services) tasks.push(services.run(signal));
    await Promise.all(tasks);
  } finally {
    runtime.close();
    await client?.close();
  }
};
