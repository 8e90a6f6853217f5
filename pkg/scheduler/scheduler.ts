// kube-scheduler: gives every pod without a node the best one.
//
// Informers feed the cache and the queue; one loop takes a pod, decides (decide.ts, synchronous),
// assumes the placement and binds in the background. A pod that fits nowhere may push out pods of lower
// priority (preemption.ts) and is nominated for their node. Not here: volumes. A pod is bound at most once: the API refuses a second binding, and a
// lost answer is settled by what the informer shows.
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
import { sleep, type Env } from '../util/env/env.js';
import { Cache } from './cache.js';
import { decide, type Decision } from './decide.js';
import { evictVictims } from './evict-victims.js';
import type { ClusterEvent, Plugin } from './framework/framework.js';
import { podInfo, type PodInfo } from './framework/pod-info.js';
import type { Snapshot } from './framework/snapshot.js';
import { DECISIONS_PER_TURN, MAX_BINDINGS_IN_FLIGHT } from './limits.js';
import { Nominations } from './nominations.js';
import { preempt, type Budget, type Preemption } from './preemption.js';
import { SchedulingQueue } from './queue/scheduling-queue.js';

export interface SchedulerOptions {
  client: Client;
  informers: InformerFactory;
  events: EventRecorder;
  plugins: readonly Plugin[];
  /** Pods that ask for another scheduler are left alone. */
  schedulerName: string;
}

const BUCKETS = [
  0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192,
  16.384,
];

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
  private readonly attempts;
  private readonly duration;
  private readonly pending;
  private readonly preemptions;
  private readonly victims;
  private wakeLoop: () => void = () => {};
  private bindings = 0;
  private start = 0;

  constructor(
    private readonly env: Env,
    private readonly options: SchedulerOptions,
  ) {
    const { informers } = options;
    this.queue = new SchedulingQueue(env.clock, () => this.wakeLoop());
    this.pods = informers.informer(PODS, {
      fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
    });
    this.services = informers.informer(SERVICES);
    this.controllers = informers.informer(REPLICATION_CONTROLLERS);
    this.replicaSets = informers.informer(REPLICA_SETS);
    this.statefulSets = informers.informer(STATEFUL_SETS);
    this.budgets = informers.informer(POD_DISRUPTION_BUDGETS);
    const { cache, nominations, namespaces } = this;
    this.snapshot = {
      nodes: cache.nodes,
      topology: cache.topology,
      namespaces,
      ahead: (pod, node) => nominations.ahead(pod, node),
      asIf: (pods, node, body) =>
        cache.tentatively((world) => {
          for (const pod of pods) world.add(pod, node);
          return body();
        }),
      defaultSelector: (pod) => this.defaultSelector(pod),
    };
    this.attempts = env.metrics.counter(
      'scheduler_schedule_attempts_total',
      'Number of attempts to schedule pods, by the result.',
      ['result', 'profile'],
    );
    this.duration = env.metrics.histogram(
      'scheduler_scheduling_attempt_duration_seconds',
      'Scheduling attempt latency in seconds.',
      BUCKETS,
      ['result', 'profile'],
    );
    this.pending = env.metrics.gauge(
      'scheduler_pending_pods',
      'Number of pending pods, by the queue.',
      ['queue'],
    );
    this.preemptions = env.metrics.counter(
      'scheduler_preemption_attempts_total',
      'Total preemption attempts in the cluster till now.',
    );
    this.victims = env.metrics.histogram(
      'scheduler_preemption_victims',
      'Number of selected preemption victims.',
      [1, 2, 4, 8, 16, 32, 64],
    );
    informers.informer(NAMESPACES).addHandler({
      added: (namespace) => this.namespaceSet(namespace),
      updated: (namespace) => this.namespaceSet(namespace),
      deleted: (namespace) => void this.namespaces.delete(namespace.metadata.name),
    });
    informers.informer(NODES).addHandler({
      added: (node) => this.nodeSet(node),
      updated: (node) => this.nodeSet(node),
      deleted: (node) => this.cache.removeNode(node.metadata.name),
    });
    this.pods.addHandler({
      added: (pod) => this.podSet(pod),
      updated: (pod, old) => this.podSet(pod, old),
      deleted: (pod) => this.podGone(pod),
    });
  }

  /** Schedules until abort; informers are run by their factory. */
  async run(signal: AbortSignal): Promise<void> {
    await this.options.informers.waitForSync(signal);
    this.env.log.info('scheduling', { nodes: this.cache.nodes.size });
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wakeLoop = resolve));
      if (!this.turn(signal)) await Promise.race([woken, stopped]);
      else await sleep(this.env.clock, 0, signal).catch(() => {});
    }
  }

  /** Decides on a bounded number of pods; false when nothing is left to do for now. */
  private turn(signal: AbortSignal): boolean {
    for (let n = 0; n < DECISIONS_PER_TURN; n++) {
      if (this.bindings >= MAX_BINDINGS_IN_FLIGHT) return false;
      const pod = this.queue.pop();
      if (!pod) {
        this.reportQueue();
        return false;
      }
      this.schedule(pod, signal);
    }
    this.reportQueue();
    return true;
  }

  private reportQueue(): void {
    for (const [queue, size] of Object.entries(this.queue.sizes()))
      this.pending.set(size, { queue });
  }

  private schedule(pod: PodInfo, signal: AbortSignal): void {
    const started = this.env.clock.monotonic();
    const blocked = this.blockedBy(pod);
    const decision: Decision = blocked
      ? {
          node: undefined,
          message: blocked,
          wakes: new Set<ClusterEvent>(['PodUpdate']),
          rejections: new Map(),
        }
      : decide(pod, this.snapshot, {
          plugins: this.options.plugins,
          random: this.env.random,
          start: this.start++,
        });
    const result = decision.node === undefined ? 'unschedulable' : 'scheduled';
    const labels = { result, profile: this.options.schedulerName };
    this.attempts.inc(labels);
    this.duration.observe((this.env.clock.monotonic() - started) / 1000, labels);
    const action =
      decision.node !== undefined
        ? this.bind(pod, decision.node, signal)
        : blocked
          ? this.reject(pod, decision, true, undefined, signal)
          : this.makeRoom(pod, decision, signal);
    action.catch((error: unknown) => {
      if (!signal.aborted) this.env.log.error('scheduling failed', { pod: pod.key, error });
    });
  }

  private blockedBy(pod: PodInfo): string | undefined {
    for (const plugin of this.options.plugins) {
      const reason = plugin.preEnqueue?.(pod);
      if (reason) return reason;
    }
    return undefined;
  }

  /** Nothing fits: pods of lower priority may have to go. */
  private async makeRoom(
    pod: PodInfo,
    decision: Decision & { node: undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const { cache, snapshot: cluster, start } = this;
    const answer = preempt(pod, {
      cache,
      cluster,
      plugins: this.options.plugins,
      rejections: decision.rejections,
      budgets: this.budgetsNow(),
      start,
    });
    const { candidate } = answer;
    if (!candidate) {
      const known = this.cache.nodes.size > 0;
      return this.reject(
        pod,
        {
          ...decision,
          message: known ? `${decision.message} ${answer.message}` : decision.message,
        },
        false,
        answer,
        signal,
      );
    }
    this.preemptions.inc();
    this.victims.observe(candidate.victims.length);
    const displaced = this.nominations.behind(pod, candidate.node);
    this.nominations.set(pod, candidate.node);
    this.env.log.info('preempting', {
      pod: pod.key,
      node: candidate.node,
      victims: candidate.victims.map(({ key }) => key),
    });
    const wakes = new Set<ClusterEvent>([...decision.wakes, 'AssignedPodDelete']);
    await this.reject(pod, { ...decision, wakes }, false, answer, signal);
    await Promise.all(displaced.map((other) => this.withdraw(other, signal)));
    await evictVictims(
      {
        client: this.options.client,
        events: this.options.events,
        clock: this.env.clock,
        schedulerName: this.options.schedulerName,
      },
      pod,
      candidate,
      signal,
    );
  }

  /** Takes back another pod's nomination: a more important one has its node. */
  private async withdraw({ key, pod }: PodInfo, signal: AbortSignal): Promise<void> {
    this.nominations.delete(key);
    const { name, namespace = '' } = pod.metadata;
    try {
      await this.options.client.patch(
        PODS,
        { namespace, name },
        { status: { nominatedNodeName: null } },
        { type: 'strategic', subresource: 'status', signal },
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  private budgetsNow(): Budget[] {
    return this.budgets.store.list().map(({ metadata, spec, status }) => ({
      namespace: metadata.namespace ?? '',
      selector: selectorFromLabelSelector(spec.selector),
      allowed: status?.disruptionsAllowed ?? 0,
      disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
    }));
  }

  private async bind(pod: PodInfo, node: string, signal: AbortSignal): Promise<void> {
    this.cache.assume(pod, node);
    this.nominations.delete(pod.key);
    this.bindings++;
    const { name, namespace = '', uid } = pod.pod.metadata;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, ...(uid ? { uid } : {}) },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    };
    try {
      await this.options.client.createSubresource(PODS, { namespace, name }, 'binding', binding, {
        signal,
      });
      this.queue.done(pod.key);
      this.options.events.event(
        pod.pod,
        'Normal',
        'Scheduled',
        `Successfully assigned ${pod.key} to ${node}`,
      );
    } catch (error) {
      this.cache.forget(pod.key);
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) {
        this.queue.done(pod.key); // gone, replaced or bound already: the informer tells what is
        const current = this.pods.store.get(pod.key);
        if (current) this.podSet(current);
      } else {
        this.queue.retry(pod.key);
      }
      if (!signal.aborted) this.env.log.warn('binding failed', { pod: pod.key, node, error });
    } finally {
      this.bindings--;
      this.wakeLoop();
    }
  }

  private async reject(
    pod: PodInfo,
    decision: Decision & { node: undefined },
    gated: boolean,
    preemption: Preemption | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    this.queue.park(pod.key, decision.wakes);
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
    const { name, namespace = '' } = pod.pod.metadata;
    try {
      await this.options.client.patch(
        PODS,
        { namespace, name },
        { status: { conditions: [condition], ...nomination } },
        { type: 'strategic', subresource: 'status', signal },
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }

  /** What the pod's status is to say of its node-to-be; undefined when that is what it says. */
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

  private namespaceSet({ metadata }: Namespace): void {
    const before = this.namespaces.get(metadata.name);
    const labels = metadata.labels ?? {};
    this.namespaces.set(metadata.name, labels);
    if (JSON.stringify(before) !== JSON.stringify(labels))
      this.queue.wake('NamespaceLabelsChanged');
  }

  private nodeSet(node: Node): void {
    for (const event of this.cache.setNode(node)) this.queue.wake(event);
  }

  private podSet(pod: Pod, old?: Pod): void {
    const key = keyOf(pod);
    if (pod.spec.nodeName) {
      const isNew = !old?.spec.nodeName;
      this.nominations.delete(key);
      this.queue.delete(key);
      this.cache.setPod(pod);
      if (isNew) this.queue.wake('AssignedPodAdd');
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
      this.queue.delete(key);
      this.freed(key);
    }
  }

  /** A pod that had a node cleared for it wants it no more. */
  private freed(key: string): void {
    if (this.nominations.delete(key)) this.queue.wake('AssignedPodDelete');
  }

  private podGone(pod: Pod): void {
    this.queue.delete(keyOf(pod));
    this.freed(keyOf(pod));
    if (!pod.spec.nodeName) return this.cache.forget(keyOf(pod));
    this.cache.removePod(pod);
    this.queue.wake('AssignedPodDelete');
  }

  /** Services and the controller that select the pod, as one selector (upstream: helper.DefaultSelector). */
  private defaultSelector(pod: PodInfo): Selector | undefined {
    const labels: Record<string, string> = {};
    for (const service of this.services.store.byIndex('namespace', pod.namespace)) {
      const { selector = {} } = service.spec;
      if (Object.keys(selector).length && selectorFromMap(selector).matches(pod.labels))
        Object.assign(labels, selector);
    }
    const parts = Object.keys(labels).length ? [selectorFromMap(labels).toString()] : [];
    const owner = controllerOf(pod.pod);
    if (owner) {
      const key = `${pod.namespace}/${owner.name}`;
      const rc =
        owner.kind === 'ReplicationController' ? this.controllers.store.get(key) : undefined;
      if (rc?.spec.selector) parts.push(selectorFromMap(rc.spec.selector).toString());
      const set =
        owner.kind === 'ReplicaSet'
          ? this.replicaSets.store.get(key)
          : owner.kind === 'StatefulSet'
            ? this.statefulSets.store.get(key)
            : undefined;
      if (set) parts.push(selectorFromLabelSelector(set.spec.selector).toString());
    }
    return parts.length ? parseSelector(parts.join(',')) : undefined;
  }
}
