// The kubelet core. Pods come from sources (API, files); each pod has a worker; events of the
// runtime trigger the workers; pods that no source knows are terminated. Sockets, files and
// namespaces are the host's (host/pod-host.ts). No Node API, so that a simulated node runs the same
// code.
//
// Invariants: unknown pods are terminated only after every source is ready; a uid never has two
// workers; running containers survive the end of this process.
import type { Pod } from '../apis/core/v1/types.js';
import { RUNTIME_CLASSES } from '../apis/resource-types.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import type { Informer } from '../client/informer.js';
import {
  deletionGracePeriod,
  isTerminalPhase,
  terminationGracePeriod,
} from '../component-helpers/pods.js';
import type { Env } from '../util/env/env.js';
import { registered, type Registered } from '../util/metrics/registered.js';
import { every } from '../util/wait/every.js';
import { collectContainers } from './gc.js';
import type { PodHost } from './host/pod-host.js';
import { ImageManager } from './images/image-manager.js';
import { GC_PERIOD, RELIST_PERIOD } from './limits.js';
import { KUBELET_METRICS } from './metrics.generated.js';
import type { Shortage } from '../component-helpers/node-fit.js';
import { isCritical } from './eviction/rank.js';
import type { Refusal } from './pod/admission.js';
import { podsToPreempt } from './pod/preemption.js';
import { Observer } from './pod/observer.js';
import type { WorkerDeps } from './pod/worker-deps.js';
import { PodWorker } from './pod/worker.js';
import { ProberManager } from './prober/prober.js';
import type { Runtime, RuntimeEvent } from './runtime/runtime.js';
import { MirrorPods } from './sources/mirror.js';
import { StatusManager } from './status/manager.js';
import { asApiPod, isMirrorPod, isStaticPod } from './types/labels.js';
import { fieldPathOf, identityOf, type ObservedPod } from './types/observed.js';
import type { RecordPodEvent } from './types/record-pod-event.js';

export interface KubeletDeps {
  env: Env;
  runtime: Runtime;
  host: PodHost;
  /** Absent: standalone mode, with static pods only. */
  /** Bound to the end of the kubelet. */
  client?: Client;
  recorder: EventRecorder;
  nodeName: string;
  hostIPs(): string[];
  /**
   * The reason to reject a new pod; `others`: the node's pods that have not terminated. Absent:
   * every pod is admitted.
   */
  refusal?(pod: Pod, others: readonly Pod[]): Refusal | undefined;
  /** Why a pod must wait: the host lacks an isolation that the pod asks for. */
  block?(pod: Pod): { reason: string; message: string } | undefined;
  /** Reads the Node object anew, before a refusal that follows from its labels. */
  refreshNode?(): Promise<void>;
}

export class Kubelet {
  readonly observer: Observer;
  readonly probers: ProberManager;
  readonly status: StatusManager;
  private readonly workers = new Map<string, PodWorker>();
  private readonly workerDeps: WorkerDeps;
  readonly mirrors: MirrorPods;
  /** Pods of this node in the API by uid, mirror pods included. */
  private readonly apiPods = new Map<string, Pod>();
  private readonly staticPods = new Map<string, Pod>();
  private readonly sources = { api: false, file: false };
  private readonly metrics: Registered<typeof KUBELET_METRICS>;

  constructor(
    private readonly deps: KubeletDeps,
    private readonly signal: AbortSignal,
  ) {
    const { env, runtime, host } = deps;
    const { event } = this;
    this.metrics = registered(env.metrics, KUBELET_METRICS);
    this.observer = new Observer({
      runtime,
      log: env.log,
      hostIPs: () => deps.hostIPs(),
      terminationMessage: (status) => host.terminationMessage(status),
    });
    this.probers = new ProberManager({
      ...env,
      probe: (probe, target) => host.probe(probe, target),
      changed: (uid) => this.workers.get(uid)?.wake(),
      event,
    });
    this.mirrors = new MirrorPods(deps.client, env.clock, env.log, deps.nodeName, signal);
    this.status = new StatusManager(
      {
        ...env,
        client: deps.client,
        target: (pod) => this.target(pod),
        gone: (pod) => this.removeApiPod(pod),
      },
      signal,
    );
    this.workerDeps = {
      ...env,
      runtime,
      host,
      observer: this.observer,
      images: new ImageManager({
        clock: env.clock,
        runtime,
        event,
        credentials: (pod, image) => host.credentials(pod, image),
      }),
      probers: this.probers,
      status: this.status,
      hostIPs: () => deps.hostIPs(),
      runtimeHandler: (pod) => this.runtimeHandler(pod),
      block: (pod) => deps.block?.(pod),
      event,
      onStarted: (seconds) => this.metrics.startLatency.observe(seconds),
      onTerminated: (worker, removed) => this.terminated(worker, removed),
    };
  }

  /** Runs until abort. Sources deliver pods through the set and remove methods below. */
  async run(): Promise<void> {
    const { runtime, env } = this.deps;
    const events = runtime.watch((event) => this.runtimeEvent(event), this.signal);
    const periodically = (periodMs: number, failed: string, work: () => Promise<void>) =>
      every({ env, signal: this.signal, periodMs, firstMs: periodMs, failed }, work);
    await Promise.all([
      events,
      periodically(RELIST_PERIOD, 'relist failed', () => this.relist()),
      periodically(GC_PERIOD, 'garbage collection failed', () => this.collect()),
    ]);
    for (const worker of this.workers.values()) worker.close();
  }

  /** All pods of this node with their latest status. */
  pods(): Pod[] {
    return [...this.workers.values()].flatMap((w) => {
      if (!w.pod) return [];
      const status = this.status.get(w.identity.uid);
      return [status ? { ...w.pod, status } : w.pod];
    });
  }

  /** The latest observation of every pod. */
  observedPods(): ObservedPod[] {
    return [...this.workers.values()].map((w) => w.observed);
  }

  /** Pods with their latest observation; not those whose spec is unknown. */
  observedWithPods(): { pod: Pod; observed: ObservedPod }[] {
    return [...this.workers.values()].flatMap(({ pod, observed }) =>
      pod ? [{ pod, observed }] : [],
    );
  }

  worker(uid: string): PodWorker | undefined {
    return this.workers.get(uid);
  }

  /** Pods that are not terminating. */
  activePods(): Pod[] {
    return [...this.workers.values()].flatMap((w) =>
      w.mode === 'syncing' && w.pod ? [w.pod] : [],
    );
  }

  /** Terminates a pod to relieve the node. Its Failed status with the reason stays in the API. */
  evict(pod: Pod, graceSeconds: number, ended: { reason: string; message: string }): void {
    this.event(pod, undefined, 'Warning', ended.reason, ended.message);
    this.workers
      .get(pod.metadata.uid!)
      ?.terminate({ graceSeconds, ended: { ...ended, disruption: true } });
  }

  findPod(namespace: string, name: string, uid?: string): PodWorker | undefined {
    // A terminating pod of the same name comes first in the map; callers mean the newest pod.
    return [...this.workers.values()].findLast(
      (w) =>
        w.identity.namespace === namespace &&
        w.identity.name === name &&
        (uid === undefined || uid === w.identity.uid),
    );
  }

  // Sources.

  setApiPod(received: Pod): void {
    const pod = asApiPod(received);
    this.apiPods.set(pod.metadata.uid!, pod);
    if (isMirrorPod(pod)) {
      this.mirrors.observe(pod);
      const original = this.mirrors.originalOf(pod, this.staticPods.values());
      if (original) this.status.apiChanged(pod, original.metadata.uid!);
      if (this.sources.file) this.mirrors.reconcile(this.staticPods.values());
      return;
    }
    this.assign(pod);
    this.status.apiChanged(pod);
  }

  removeApiPod(pod: Pod): void {
    const uid = pod.metadata.uid!;
    this.apiPods.delete(uid);
    if (isMirrorPod(pod)) {
      this.mirrors.forget(pod);
      if (this.sources.file) this.mirrors.reconcile(this.staticPods.values());
      return;
    }
    const worker = this.workers.get(uid);
    if (!worker) return this.status.remove(uid);
    worker.orphan(deletionGracePeriod(pod));
  }

  /** Runs the API source, which is an informer of this node's pods, until abort. */
  async follow(pods: Informer<Pod>): Promise<void> {
    const added = (pod: Pod) => this.setApiPod(pod);
    pods.addHandler({ added, updated: added, deleted: (pod) => this.removeApiPod(pod) });
    const synced = pods.waitForSync(this.signal).then(
      () => this.apiSynced(),
      () => undefined,
    );
    await Promise.all([pods.run(this.signal), synced]);
  }

  /** The API source has delivered its initial list. */
  apiSynced(): void {
    this.sources.api = true;
    this.deps.env.log.info('pod source ready', { source: 'api', pods: this.apiPods.size });
    this.sourcesChanged();
  }

  /** Replaces the set of static pods. */
  setStaticPods(pods: readonly Pod[]): void {
    const uids = new Set(pods.map((p) => p.metadata.uid!));
    for (const [uid, pod] of this.staticPods) {
      if (uids.has(uid)) continue;
      this.staticPods.delete(uid);
      this.workers.get(uid)?.orphan(terminationGracePeriod(pod.spec));
    }
    for (const pod of pods) {
      this.staticPods.set(pod.metadata.uid!, pod);
      this.assign(pod);
    }
    this.sources.file = true;
    if (this.sources.api || !this.deps.client) this.mirrors.reconcile(this.staticPods.values());
    this.sourcesChanged();
  }

  private assign(pod: Pod, isNodeFresh = false): void {
    const uid = pod.metadata.uid!;
    const existing = this.workers.get(uid);
    if (existing) {
      const isNew = existing.pod?.metadata.resourceVersion !== pod.metadata.resourceVersion;
      if (isNew || isStaticPod(pod)) existing.update(pod);
      return;
    }
    // One pod of a name at a time: an edited manifest waits for the end of its predecessor.
    const { name, namespace } = identityOf(pod);
    if (isStaticPod(pod) && this.findPod(namespace, name)) return;
    const refusal = this.refusalOf(pod);
    if (refusal?.byLabels && !isNodeFresh && this.deps.refreshNode) return this.reassign(pod);
    const worker = new PodWorker(this.workerDeps, identityOf(pod), pod);
    this.workers.set(uid, worker);
    this.metrics.runningPods.set(this.workers.size);
    if (refusal) {
      this.event(pod, undefined, 'Warning', refusal.reason, refusal.message);
      const { reason, message } = refusal;
      worker.terminate({ graceSeconds: 0, ended: { reason, message, rejected: true } });
    }
    worker.update(pod);
  }

  /** A pod that a previous kubelet process started is not checked for admission again. */
  private refusalOf(pod: Pod): Refusal | undefined {
    if (pod.status?.startTime !== undefined) return undefined;
    const others = this.unendedPods();
    const refusal = this.deps.refusal?.(pod, others);
    return refusal?.short && isCritical(pod) ? this.preempt(pod, others, refusal.short) : refusal;
  }

  /** Evicts pods to make room for a critical one; the refusal if there are none to evict. */
  private preempt(
    pod: Pod,
    others: readonly Pod[],
    short: readonly Shortage[],
  ): Refusal | undefined {
    const victims = podsToPreempt(pod, others, short);
    if (!victims) {
      const needs = short.map(
        (s) => `(res: ${s.resource}, q: ${s.requested - s.capacity + s.used}), `,
      );
      const message = `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [${needs.join('')}]`;
      return { reason: 'UnexpectedAdmissionError', message };
    }
    const ended = { reason: 'Preempting', message: 'Preempted in order to admit critical pod' };
    for (const victim of victims) this.evict(victim, terminationGracePeriod(victim.spec), ended);
    return undefined;
  }

  /** The watch of nodes can lag behind the watch of pods. */
  private reassign({ metadata: { uid } }: Pod): void {
    const again = () => {
      const pod = this.staticPods.get(uid!) ?? this.apiPods.get(uid!);
      if (pod) this.assign(pod, true);
    };
    this.deps.refreshNode!().then(again, again);
  }

  private unendedPods(): Pod[] {
    return [...this.workers.values()].flatMap(({ mode, isRejected, orphaned, pod, identity }) => {
      const hasEnded = isTerminalPhase(this.status.get(identity.uid)?.phase);
      return pod && mode !== 'terminated' && !isRejected && !orphaned && !hasEnded ? [pod] : [];
    });
  }

  private get sourcesReady(): boolean {
    return this.sources.file && (this.sources.api || !this.deps.client);
  }

  private sourcesChanged(): void {
    if (!this.sourcesReady) return;
    this.mirrors.reconcile(this.staticPods.values());
    this.relistNow();
  }

  private async runtimeHandler({ spec }: Pod): Promise<string> {
    const name = spec.runtimeClassName;
    if (!name) return '';
    const { client } = this.deps;
    if (!client) throw new Error(`runtimeclass.node.k8s.io "${name}" not found`);
    return (await client.get(RUNTIME_CLASSES, { name })).handler;
  }

  /** The API object that carries this pod's status. */
  private target(pod: Pod): Pod | undefined {
    return isStaticPod(pod) ? this.mirrors.mirrorOf(pod) : this.apiPods.get(pod.metadata.uid!);
  }

  // Runtime.

  private runtimeEvent(event: RuntimeEvent): void {
    const uid = event.id ? this.observer.ownerOf(event.id) : undefined;
    const worker = uid ? this.workers.get(uid) : undefined;
    if (worker && event.id) {
      if (event.kind === 'exited') worker.expectExit(event.id);
      else worker.wake();
    } else if (event.kind === 'relist') this.relistNow();
  }

  private relistNow(): void {
    this.relist().catch((error: unknown) => this.deps.env.log.warn('relist failed', { error }));
  }

  /**
   * Compares all pods of the runtime with the workers, and terminates pods that no source knows.
   */
  async relist(): Promise<void> {
    const seen = await this.observer.observeAll();
    if (!this.sourcesReady) return;
    for (const pod of seen) {
      const worker = this.workers.get(pod.uid);
      if (!worker) this.adopt(pod);
      else if (worker.mode !== 'terminated' && differs(worker.observed, pod)) worker.wake();
    }
    for (const worker of this.workers.values()) if (worker.failing) worker.wake();
    const inRuntime = new Set(seen.map((p) => p.uid));
    for (const identity of await this.deps.host.podsWithDirectories()) {
      if (inRuntime.has(identity.uid) || this.workers.has(identity.uid)) continue;
      await this.deps.host.cleanUp(identity);
      await this.deps.host.removeDirectories(identity);
      this.deps.env.log.info('orphaned pod directories removed', { uid: identity.uid });
    }
  }

  /** Terminates a running pod that no source knows: it was deleted while the kubelet was down. */
  private adopt(pod: ObservedPod): void {
    const identity = { uid: pod.uid, name: pod.name, namespace: pod.namespace };
    this.deps.env.log.info('terminating orphaned pod', { ...identity });
    const worker = new PodWorker(this.workerDeps, identity, undefined);
    this.workers.set(pod.uid, worker);
    worker.orphan(Math.max(0, ...pod.containers.map((c) => c.graceSeconds)));
  }

  async collect(): Promise<void> {
    try {
      for (const worker of this.workers.values())
        await collectContainers(this.deps.runtime, worker.observed);
    } catch (error) {
      this.deps.env.log.warn('container garbage collection failed', { error });
    }
  }

  private terminated(worker: PodWorker, removed: boolean): void {
    const { uid } = worker.identity;
    // Until the API's DELETED event arrives, the worker stays, so that the pod is not started
    // again.
    if (!removed || (worker.pod && !worker.orphaned)) return;
    worker.close();
    this.workers.delete(uid);
    this.metrics.runningPods.set(this.workers.size);
    this.status.remove(uid);
    // A manifest may have been restored or edited while its pod was terminating.
    for (const [waiting, pod] of this.staticPods) if (!this.workers.has(waiting)) this.assign(pod);
  }

  private readonly event: RecordPodEvent = (pod, container, type, reason, message) => {
    const { resourceVersion } = pod.metadata;
    const mirror = isStaticPod(pod) ? this.mirrors.mirrorOf(pod) : undefined;
    const subject = {
      apiVersion: 'v1',
      kind: 'Pod',
      ...identityOf(pod),
      ...(mirror && { uid: mirror.metadata.uid! }),
      ...(resourceVersion && { resourceVersion }),
      ...(container && { fieldPath: fieldPathOf(pod, container) }),
    };
    this.deps.recorder.event(subject, type, reason, message);
  };
}

function differs(a: ObservedPod, b: ObservedPod): boolean {
  const shape = ({ sandboxes, containers }: ObservedPod) => [
    ...sandboxes.map((s) => `${s.id}${s.ready}`),
    ...containers.map((c) => `${c.id}${c.state}`),
  ];
  return shape(a).sort().join() !== shape(b).sort().join();
}
