// kube-scheduler: assigns each pending pod to the best node.
//
// Informers feed the cache and the queue. One loop takes a pod from the queue, decides
// synchronously (decide.ts), assumes the placement and binds in the background. An unschedulable
// pod may preempt pods of lower priority (preemption.ts) and is nominated for their node. Claims
// are bound before their pod (volumes/volume-binder.ts). A pod is bound at most once: the API
// refuses a second binding, and after a lost answer the informer shows whether it was made.
import type {
  Namespace,
  Node,
  Pod,
  ReplicationController,
  Service,
} from '../apis/core/v1/types.js';
import type { ReplicaSet, StatefulSet } from '../apis/apps/v1/types.js';
import type { PodDisruptionBudget } from '../apis/policy/v1/types.js';
import {
  NAMESPACES,
  NODES,
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  SERVICES,
  STATEFUL_SETS,
} from '../apis/resource-types.js';
import { isReason } from '../apimachinery/errors/status-error.js';
import { aborted } from '../util/wait/abortable.js';
import {
  parseSelector,
  selectorFromLabelSelector,
  selectorFromMap,
  type Selector,
} from '../apimachinery/labels/selector.js';
import { keyOf } from '../apimachinery/meta/object.js';
import { sameCondition, transitionTime } from '../component-helpers/conditions.js';
import { podCondition } from '../component-helpers/pods.js';
import { controllerOf } from '../component-helpers/owner-references.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import type { Informer, InformerFactory } from '../client/informer.js';
import { ignoreGone, patchStatus } from '../client/requests.js';
import { errorText } from '../util/errors/error-text.js';
import { sleep, type Env } from '../util/env/env.js';
import { Cache } from './cache.js';
import { decide, type Decision } from './decide.js';
import { registered } from '../util/metrics/registered.js';
import { evictVictims } from './evict-victims.js';
import { SCHEDULER_METRICS } from './metrics.generated.js';
import type { ClusterEvent, Plugin } from './framework/framework.js';
import { podInfo, type PodInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { DECISIONS_PER_TURN, MAX_BINDINGS_IN_FLIGHT } from './limits.js';
import { Nominations } from './nominations.js';
import { preempt, type Budget, type Preemption } from './preemption.js';
import { SchedulingQueue } from './queue/scheduling-queue.js';
import { VolumeBinder, type Reservation } from './volumes/volume-binder.js';

export interface SchedulerOptions {
  /** The end of the work; `client` is bound to it. */
  signal: AbortSignal;
  client: Client;
  informers: InformerFactory;
  events: EventRecorder;
  plugins: readonly Plugin[];
  /** Pods with another spec.schedulerName are ignored. */
  schedulerName: string;
}

export class Scheduler {
  private readonly cache = new Cache();
  private readonly queue: SchedulingQueue;
  private readonly snapshot: Snapshot;
  private readonly pods: Informer<Pod>;
  private readonly services: Informer<Service>;
  private readonly controllers: Informer<ReplicationController>;
  private readonly replicaSets: Informer<ReplicaSet>;
  private readonly statefulSets: Informer<StatefulSet>;
  private readonly budgets: Informer<PodDisruptionBudget>;
  private readonly namespaces = new Map<string, Record<string, string>>();
  private readonly nominations = new Nominations();
  private readonly volumes: VolumeBinder;
  /** Pods that wait for their claims, each with the end of its wait. */
  private readonly waiting = new Map<string, AbortController>();
  private readonly metrics;
  private notifyLoop: () => void = () => {};
  private bindings = 0;
  private start = 0;

  constructor(
    private readonly env: Env,
    private readonly options: SchedulerOptions,
  ) {
    const { informers } = options;
    this.queue = new SchedulingQueue(env.clock, () => this.notifyLoop());
    this.pods = informers.informer(PODS, {
      fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
    });
    this.services = informers.informer(SERVICES);
    this.controllers = informers.informer(REPLICATION_CONTROLLERS);
    this.replicaSets = informers.informer(REPLICA_SETS);
    this.statefulSets = informers.informer(STATEFUL_SETS);
    this.budgets = informers.informer(POD_DISRUPTION_BUDGETS);
    this.volumes = new VolumeBinder(options.client, informers, (event) =>
      this.queue.requeueOn(event),
    );
    const { cache, nominations, namespaces } = this;
    this.snapshot = {
      nodes: cache.nodes,
      topology: cache.topology,
      images: cache.images,
      namespaces,
      volumes: this.volumes.lister,
      claimUsers: cache.claimUsers,
      nominatedBefore: (pod, node) => nominations.nominatedBefore(pod, node),
      withPodsOn: (pods, node, body) =>
        cache.simulate((simulation) => {
          for (const pod of pods) simulation.add(pod, node);
          return body();
        }),
      defaultSelector: (pod) => this.defaultSelector(pod),
    };
    this.metrics = registered(env.metrics, SCHEDULER_METRICS);
    informers
      .informer(NAMESPACES)
      .addHandler({
        added: (namespace) => this.onNamespace(namespace),
        updated: (namespace) => this.onNamespace(namespace),
        deleted: (namespace) => void this.namespaces.delete(namespace.metadata.name),
      });
    informers.informer(NODES).addHandler({
      added: (node) => this.onNode(node),
      updated: (node) => this.onNode(node),
      deleted: (node) => {
        this.cache.removeNode(node.metadata.name);
        this.queue.requeueOn('NodeDelete');
        this.volumes.nodeDeleted();
      },
    });
    this.pods.addHandler({
      added: (pod) => this.onPod(pod),
      updated: (pod, old) => this.onPod(pod, old),
      deleted: (pod) => this.onPodDeleted(pod),
    });
  }

  /** Schedules until abort; the caller runs the informers' factory. */
  async run(): Promise<void> {
    const { informers, signal } = this.options;
    await informers.waitForSync(signal);
    this.env.log.info('scheduling', { nodes: this.cache.nodes.size });
    const stopped = aborted(signal);
    while (!signal.aborted) {
      const notified = new Promise<void>((resolve) => (this.notifyLoop = resolve));
      if (!this.scheduleBatch()) await Promise.race([notified, stopped]);
      else await sleep(this.env.clock, 0, signal).catch(() => {});
    }
  }

  /**
   * Schedules up to DECISIONS_PER_TURN pods; false when the queue is empty or too many bindings are
   * in flight.
   */
  private scheduleBatch(): boolean {
    let decided = 0;
    for (; decided < DECISIONS_PER_TURN && this.bindings < MAX_BINDINGS_IN_FLIGHT; decided++) {
      const pod = this.queue.pop();
      if (!pod) break;
      this.schedule(pod);
    }
    for (const [queue, size] of Object.entries(this.queue.sizes()))
      this.metrics.pending.set(size, { queue });
    return decided === DECISIONS_PER_TURN;
  }

  private schedule(pod: PodInfo): void {
    const started = this.env.clock.monotonic();
    const { plugins } = this.options;
    const blocked = plugins.map((plugin) => plugin.preEnqueue?.(pod)).find(Boolean);
    const decision: Decision = blocked
      ? {
          node: undefined,
          message: blocked,
          requeueEvents: new Set<ClusterEvent>(['PodUpdate']),
          rejections: new Map(),
        }
      : decide(pod, this.snapshot, { plugins, random: this.env.random, start: this.start++ });
    const result = decision.node === undefined ? 'unschedulable' : 'scheduled';
    const labels = { result, profile: this.options.schedulerName };
    this.metrics.attempts.inc(labels);
    this.metrics.duration.observe((this.env.clock.monotonic() - started) / 1000, labels);
    const action =
      decision.node !== undefined
        ? this.place(pod, decision.node)
        : blocked
          ? this.reject(pod, decision, true)
          : this.preemptOrReject(pod, decision);
    action.catch((error: unknown) => {
      if (!this.options.signal.aborted)
        this.env.log.error('scheduling failed', { pod: pod.key, error });
    });
  }

  /**
   * Deletes pods of lower priority when that makes a node fit, and records why the pod is not
   * scheduled yet.
   */
  private async preemptOrReject(
    pod: PodInfo,
    decision: Decision & { node: undefined },
  ): Promise<void> {
    const { cache, snapshot: cluster, start } = this;
    const answer = preempt(pod, {
      cache,
      cluster,
      plugins: this.options.plugins,
      rejections: decision.rejections,
      budgets: this.currentBudgets(),
      start,
    });
    const { candidate } = answer;
    if (!candidate) {
      const more = this.cache.nodes.size ? ` ${answer.message}` : '';
      const pending = { ...decision, message: decision.message + more };
      return this.reject(pod, pending, false, answer);
    }
    this.metrics.preemptions.inc();
    this.metrics.victims.observe(candidate.victims.length);
    const displaced = this.nominations.nominatedAfter(pod, candidate.node);
    this.nominations.set(pod, candidate.node);
    this.env.log.info('preempting', {
      pod: pod.key,
      node: candidate.node,
      victims: candidate.victims.map(({ key }) => key),
    });
    const requeueEvents = new Set<ClusterEvent>([...decision.requeueEvents, 'AssignedPodDelete']);
    await this.reject(pod, { ...decision, requeueEvents }, false, answer);
    await Promise.all(displaced.map((other) => this.clearNomination(other)));
    await evictVictims({ ...this.options, clock: this.env.clock }, pod, candidate);
  }

  /** Clears the nomination of a pod because a pod of higher priority is nominated for its node. */
  private clearNomination({ key, pod }: PodInfo): Promise<void> {
    this.nominations.delete(key);
    return this.patchStatus(pod, { nominatedNodeName: null });
  }

  /** A pod that is gone needs no status. */
  private async patchStatus(pod: Pod, status: object): Promise<void> {
    await patchStatus(this.options.client, PODS, pod, status).catch(ignoreGone);
  }

  private currentBudgets(): Budget[] {
    return this.budgets.store
      .list()
      .map(({ metadata, spec, status }) => ({
        namespace: metadata.namespace ?? '',
        selector: selectorFromLabelSelector(spec.selector),
        allowed: status?.disruptionsAllowed ?? 0,
        disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
      }));
  }

  private async place(pod: PodInfo, node: string): Promise<void> {
    this.cache.assume(pod, node);
    this.nominations.delete(pod.key);
    if (pod.claims.length && !(await this.bindVolumes(pod, node))) return;
    await this.bind(pod, node);
  }

  /** False when the pod is gone or goes back to the queue. */
  private async bindVolumes(pod: PodInfo, node: string): Promise<boolean> {
    const { volumes, waiting } = this;
    const { signal } = this.options;
    const end = new AbortController();
    waiting.set(pod.key, end);
    const either = AbortSignal.any([signal, end.signal]);
    let reserved: Reservation | undefined;
    try {
      reserved = volumes.reserve(pod, this.cache.nodes.get(node)!);
      this.bindings++;
      await volumes.write(reserved, either).finally(() => this.requestDone());
      const there = () => this.cache.nodes.get(node);
      await volumes.wait(pod, reserved, there, this.env.clock, either);
      return true;
    } catch (error) {
      if (end.signal.aborted) this.queue.done(pod.key);
      else if (!signal.aborted) {
        this.cache.forget(pod.key);
        this.queue.retry(pod.key);
        this.queue.requeueOn('AssignedPodDelete');
        const why = `running PreBind plugin "VolumeBinding": binding volumes: ${errorText(error)}`;
        this.options.events.event(pod.pod, 'Warning', 'FailedScheduling', why);
      }
      return false;
    } finally {
      if (reserved) volumes.release(reserved);
      if (waiting.get(pod.key) === end) waiting.delete(pod.key);
    }
  }

  /** Only requests count: a provisioner that never answers must not hold up other pods. */
  private requestDone(): void {
    this.bindings--;
    this.notifyLoop();
  }

  private async bind(pod: PodInfo, node: string): Promise<void> {
    const { client, events, signal } = this.options;
    this.bindings++;
    const { name, namespace = '', uid } = pod.pod.metadata;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, ...(uid && { uid }) },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    try {
      await client.createSubresource(PODS, { namespace, name }, 'binding', binding);
      this.queue.done(pod.key);
      const message = `Successfully assigned ${pod.key} to ${node}`;
      events.event(pod.pod, 'Normal', 'Scheduled', message);
    } catch (error) {
      this.cache.forget(pod.key);
      const current = this.pods.store.get(pod.key);
      const isNews = current?.metadata.uid !== uid || current?.spec.nodeName;
      if (isNews && (isReason(error, 'NotFound') || isReason(error, 'Conflict'))) {
        // The pod is deleted, replaced or bound.
        this.queue.done(pod.key);
        if (current) this.onPod(current);
      } else {
        // Perhaps it is so, and the watch is late.
        this.queue.retry(pod.key);
      }
      if (!signal.aborted) this.env.log.warn('binding failed', { pod: pod.key, node, error });
    } finally {
      this.requestDone();
    }
  }

  private async reject(
    pod: PodInfo,
    decision: Decision & { node: undefined },
    gated: boolean,
    preemption?: Preemption,
  ): Promise<void> {
    this.queue.addUnschedulable(pod.key, decision.requeueEvents);
    const reason =
      gated && pod.pod.spec.schedulingGates?.length ? 'SchedulingGated' : 'Unschedulable';
    if (reason === 'Unschedulable')
      this.options.events.event(pod.pod, 'Warning', 'FailedScheduling', decision.message);
    const old = podCondition(pod.pod, 'PodScheduled');
    const nomination = this.nominationPatch(pod, preemption);
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message: decision.message,
      lastTransitionTime: transitionTime(old, 'False', this.env.clock.now()),
    };
    if (!nomination && sameCondition(old, condition)) return;
    await this.patchStatus(pod.pod, { conditions: [condition], ...nomination });
  }

  /** The change of status.nominatedNodeName; undefined when the status has the right value. */
  private nominationPatch(
    pod: PodInfo,
    preemption: Preemption | undefined,
  ): { nominatedNodeName: string | null } | undefined {
    const before = pod.pod.status?.nominatedNodeName;
    if (preemption?.candidate)
      return preemption.candidate.node === before
        ? undefined
        : { nominatedNodeName: preemption.candidate.node };
    if (!preemption || preemption.keepsNomination || !before) return undefined;
    this.nominations.delete(pod.key);
    return { nominatedNodeName: null };
  }

  private onNamespace({ metadata }: Namespace): void {
    const before = this.namespaces.get(metadata.name);
    const labels = metadata.labels ?? {};
    this.namespaces.set(metadata.name, labels);
    if (JSON.stringify(before) !== JSON.stringify(labels))
      this.queue.requeueOn('NamespaceLabelsChanged');
  }

  private onNode(node: Node): void {
    for (const event of this.cache.setNode(node)) this.queue.requeueOn(event);
  }

  private onPod(pod: Pod, old?: Pod): void {
    // A list after a gap shows a pod that was replaced by another of its name as changed.
    if (old && old.metadata.uid !== pod.metadata.uid) this.onPodDeleted(old);
    const key = keyOf(pod);
    if (pod.spec.nodeName) {
      const isNew = !old?.spec.nodeName;
      this.endWait(key);
      this.nominations.delete(key);
      this.queue.delete(key);
      this.cache.setPod(pod);
      if (isNew) this.queue.requeueOn('AssignedPodAdd');
    } else if (
      pod.spec.schedulerName === this.options.schedulerName &&
      !pod.metadata.deletionTimestamp
    ) {
      if (this.cache.isAssumed(key)) return;
      const info = podInfo(pod);
      const node = pod.status?.nominatedNodeName;
      if (node) this.nominations.set(info, node);
      else if (old?.status?.nominatedNodeName) this.nominations.delete(key);
      this.queue.set(info);
    } else {
      this.endWait(key);
      this.queue.delete(key);
      this.dropNomination(key);
    }
  }

  /** The pod has no need of its claims any more, or another process has bound it. */
  private endWait(key: string): void {
    const wait = this.waiting.get(key);
    if (!wait) return;
    wait.abort();
    this.cache.forget(key);
  }

  /** Drops the nomination of a pod that is no longer pending; its node has free resources again. */
  private dropNomination(key: string): void {
    if (this.nominations.delete(key)) this.queue.requeueOn('AssignedPodDelete');
  }

  private onPodDeleted(pod: Pod): void {
    this.endWait(keyOf(pod));
    this.queue.delete(keyOf(pod));
    this.dropNomination(keyOf(pod));
    if (!pod.spec.nodeName) return this.cache.forget(keyOf(pod));
    this.cache.removePod(pod);
    this.queue.requeueOn('AssignedPodDelete');
  }

  /**
   * The conjunction of the selectors of the pod's services and its controller (upstream:
   * helper.DefaultSelector).
   */
  private defaultSelector(pod: PodInfo): Selector | undefined {
    const labels: Record<string, string> = {};
    for (const service of this.services.store.byIndex('namespace', pod.namespace)) {
      const { selector = {} } = service.spec;
      if (Object.keys(selector).length && selectorFromMap(selector).matches(pod.labels))
        Object.assign(labels, selector);
    }
    const parts = Object.keys(labels).length ? [selectorFromMap(labels).toString()] : [];
    const owner = controllerOf(pod.pod);
    const key = `${pod.namespace}/${owner?.name}`;
    if (owner?.kind === 'ReplicationController') {
      const selector = this.controllers.store.get(key)?.spec.selector;
      if (selector) parts.push(selectorFromMap(selector).toString());
    }
    const set =
      (owner?.kind === 'ReplicaSet' && this.replicaSets.store.get(key)) ||
      (owner?.kind === 'StatefulSet' && this.statefulSets.store.get(key));
    if (set) parts.push(selectorFromLabelSelector(set.spec.selector).toString());
    return parts.length ? parseSelector(parts.join(',')) : undefined;
  }
}
