// Invariants that hold at every moment, under any faults; checked at each change of the store, in
// the order of the store.
import type { Pod, ReplicationController, Service } from '../../pkg/apis/core/v1/types.js';
import type {
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
} from '../../pkg/apis/apps/v1/types.js';
import type { Job } from '../../pkg/apis/batch/v1/types.js';
import { Autoscalers } from './autoscalers.js';
import { Budgets } from './budgets.js';
import { judgeCustom } from './custom-objects.js';
import type { Metrics } from './metrics.js';
import { resolveSurge } from './numbers.js';
import {
  controllerOf,
  isActive,
  isFinished,
  isReady,
  nameOf,
  type AnyObject,
  type Change,
  type Model,
} from './model.js';
import { judgeVolumes } from './volumes.js';

export class Violation extends Error {
  override name = 'Violation';
}

const fail = (what: string): never => {
  throw new Violation(what);
};

export class Invariants {
  /** Pods whose creator got the response. A creator that did not get it may create one pod more. */
  private readonly acknowledged = new Set<string>();
  /** The maximum of allowed pods of a controller since it last settled, by its uid. */
  private readonly bounds = new Map<string, number>();
  /** Succeeded pods, by the uid of their job. */
  private readonly succeeded = new Map<string, Set<string>>();
  private readonly failed = new Map<string, Set<string>>();
  /** Ordinals of a stateful set that have been ready, by its uid. */
  private readonly wereReady = new Map<string, Set<number>>();

  private readonly budgets: Budgets;
  private readonly autoscalers: Autoscalers;

  constructor(
    private readonly model: Model,
    metrics: Metrics,
    private readonly now: () => number,
  ) {
    this.budgets = new Budgets(model, now);
    this.autoscalers = new Autoscalers(model, metrics, now);
  }

  acknowledge(uid: string): void {
    this.acknowledged.add(uid);
    const pod = this.model.uid(uid);
    if (pod) this.checkNumbers(pod as Pod);
  }

  /** The cluster has settled: the current specs are the bounds from now on. */
  calm(): void {
    this.bounds.clear();
    for (const kind of ['ReplicationController', 'ReplicaSet', 'Deployment', 'Job'])
      for (const one of this.model.all(kind)) this.learnBound(one);
  }

  /** Throws a Violation. */
  check(change: Change): void {
    const { object, previous } = change;
    if (object && previous && object.metadata.uid === previous.metadata.uid)
      this.checkUpdate(object, previous);
    if (object) this.checkObject(object);
    const broken =
      this.budgets.check(change) ??
      this.autoscalers.check(change) ??
      judgeCustom(this.model, change, this.now()) ??
      judgeVolumes(this.model, change);
    if (broken) fail(broken);
    if (object) this.learnBound(object);
    if (object?.kind === 'Pod') this.checkPod(object as Pod, previous as Pod | undefined);
    if (object?.kind === 'ReplicaSet') this.checkSurge(object as ReplicaSet);
    if (object?.kind === 'Service') this.checkService(object as Service);
    if (object?.kind === 'Job') this.checkJob(object as Job, previous as Job | undefined);
    if (!object && previous?.kind === 'Namespace') this.checkEmpty(previous.metadata.name);
    if (previous?.kind === 'Pod' && !object) this.countEnd(previous as Pod, true);
  }

  private checkUpdate(object: AnyObject, previous: AnyObject): void {
    const [now, before] = [object.metadata, previous.metadata];
    if (now.creationTimestamp !== before.creationTimestamp)
      fail(`${nameOf(object)}: its creation moved`);
    if ((now.generation ?? 0) < (before.generation ?? 0))
      fail(`${nameOf(object)}: its generation fell`);
    if (before.deletionTimestamp && !now.deletionTimestamp)
      fail(`${nameOf(object)}: its deletion was taken back`);
    // A second deletion may choose another propagation policy (upstream: store.go
    // updateForGracefulDeletionAndFinalizers).
    const left = new Set(['orphan', 'foregroundDeletion', ...(before.finalizers ?? [])]);
    if (before.deletionTimestamp && now.finalizers?.some((one) => !left.has(one)))
      fail(`${nameOf(object)}: a finalizer was added to a deletion`);
  }

  private checkObject({ metadata, kind, ...rest }: AnyObject): void {
    if (!metadata.uid || !metadata.creationTimestamp)
      fail(`${kind} ${metadata.name} has no uid or creation`);
    if (!metadata.deletionTimestamp || metadata.finalizers?.length) return;
    const { finalizers } = (rest as { spec?: { finalizers?: string[] } }).spec ?? {};
    if (kind === 'Namespace' && finalizers?.length) return;
    if (kind === 'Pod' && (metadata.deletionGracePeriodSeconds ?? 0) > 0) return;
    fail(`${nameOf({ kind, metadata })} is deleted, has no finalizers, and is still there`);
  }

  private learnBound(object: AnyObject): void {
    const bound = boundOf(object);
    const { uid } = object.metadata;
    if (bound !== undefined) this.bounds.set(uid!, Math.max(bound, this.bounds.get(uid!) ?? 0));
  }

  private checkPod(pod: Pod, previous: Pod | undefined): void {
    const isSame = previous !== undefined && previous.metadata.uid === pod.metadata.uid;
    if (isSame) {
      const [now, before] = [pod.spec.nodeName, previous.spec.nodeName];
      if (before && now !== before)
        fail(`${nameOf(pod)} moved from ${before} to ${now ?? 'nowhere'}`);
      if (isFinished(previous) && pod.status?.phase !== previous.status?.phase)
        fail(`${nameOf(pod)} came back from ${previous.status?.phase} to ${pod.status?.phase}`);
    } else this.checkNumbers(pod);
    this.countEnd(pod, false);
    const owner = controllerOf(pod);
    if (owner?.kind !== 'StatefulSet') return;
    if (!isSame) this.checkOrdinal(pod, owner.uid);
    if (isReady(pod)) setOf(this.wereReady, owner.uid).add(ordinalOf(pod));
  }

  /**
   * No controller creates more pods than allowed, counting the creations that it knows of.
   */
  private checkNumbers(pod: Pod): void {
    const owner = controllerOf(pod);
    if (!owner || !isActive(pod)) return;
    const known = (one: Pod) => isActive(one) && this.acknowledged.has(one.metadata.uid!);
    const pods = this.model.podsOf(owner.uid).filter(known);
    const of = this.model.uid(owner.uid);
    const bound = this.bounds.get(owner.uid);
    if (bound !== undefined && pods.length > bound)
      fail(
        `${owner.kind} ${owner.name} has ${pods.length} pods and may have ${bound}: ${pods.map((one) => one.metadata.name).join(' ')}`,
      );
    if (owner.kind === 'DaemonSet') this.checkDaemon(pods, of as unknown as DaemonSet | undefined);
  }

  /** The bounds of a deployment for its replica sets; the pods follow later. */
  private checkSurge(set: ReplicaSet): void {
    const owner = controllerOf(set);
    const bound = owner && this.bounds.get(owner.uid);
    if (bound === undefined) return;
    const sets = this.model
      .all<ReplicaSet>('ReplicaSet')
      .filter((one) => controllerOf(one)?.uid === owner!.uid && !one.metadata.deletionTimestamp);
    const count = sets.reduce((sum, one) => sum + (one.spec.replicas ?? 1), 0);
    if (count > bound)
      fail(
        `Deployment ${owner!.name} asks for ${count} pods and may have ${bound}: ${sets.map((one) => `${one.metadata.name}=${one.spec.replicas}`).join(' ')}`,
      );
  }

  private checkDaemon(pods: Pod[], set: DaemonSet | undefined): void {
    if (!set) return;
    const nodes = new Set<string>();
    for (const pod of pods) {
      const node =
        pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
          ?.nodeSelectorTerms?.[0]?.matchFields?.[0]?.values?.[0];
      if (!node) fail(`${nameOf(pod)} of a daemon set is bound to no node`);
      if (nodes.has(node!))
        fail(
          `${nameOf(set)} has two pods for node ${node}: ${pods.map((one) => one.metadata.name).join(' ')}`,
        );
      nodes.add(node!);
    }
  }

  private checkOrdinal(pod: Pod, uid: string): void {
    const set = this.model.uid(uid) as StatefulSet | undefined;
    if (!set || set.spec.podManagementPolicy === 'Parallel') return;
    const ready = setOf(this.wereReady, uid);
    for (let before = 0; before < ordinalOf(pod); before++)
      if (!ready.has(before)) fail(`${nameOf(pod)} was made before ordinal ${before} was ready`);
  }

  private checkService(service: Service): void {
    for (const other of this.model.all<Service>('Service')) {
      if (other.metadata.uid === service.metadata.uid) continue;
      const shared = service.spec.clusterIPs?.find(
        (ip) => ip !== 'None' && other.spec.clusterIPs?.includes(ip),
      );
      if (shared) fail(`${nameOf(service)} and ${nameOf(other)} share ${shared}`);
      const port = service.spec.ports?.find(
        ({ nodePort }) => nodePort && other.spec.ports?.some((one) => one.nodePort === nodePort),
      );
      if (port) fail(`${nameOf(service)} and ${nameOf(other)} share node port ${port.nodePort}`);
    }
  }

  private countEnd(pod: Pod, isGone: boolean): void {
    const owner = controllerOf(pod);
    if (owner?.kind !== 'Job') return;
    if (pod.status?.phase === 'Succeeded') setOf(this.succeeded, owner.uid).add(pod.metadata.uid!);
    // A pod that is being deleted counts as failed at once.
    if (pod.status?.phase === 'Failed' || pod.metadata.deletionTimestamp || isGone)
      setOf(this.failed, owner.uid).add(pod.metadata.uid!);
  }

  private checkJob(job: Job, previous: Job | undefined): void {
    const uid = job.metadata.uid!;
    const succeeded = job.status?.succeeded ?? 0;
    const pods = setOf(this.succeeded, uid).size;
    if (succeeded > pods) fail(`${nameOf(job)} counts ${succeeded} successes of ${pods} pods`);
    const failed = job.status?.failed ?? 0;
    const failures = setOf(this.failed, uid).size;
    if (failed > failures) fail(`${nameOf(job)} counts ${failed} failures of ${failures} pods`);
    const ended = new Set([...setOf(this.succeeded, uid), ...setOf(this.failed, uid)]).size;
    if (succeeded + failed > ended)
      fail(`${nameOf(job)} counts ${succeeded} successes and ${failed} failures of ${ended} pods`);
    if (previous?.metadata.uid !== uid) return;
    if (succeeded < (previous.status?.succeeded ?? 0)) fail(`${nameOf(job)} forgot a success`);
    if (failed < (previous.status?.failed ?? 0)) fail(`${nameOf(job)} forgot a failure`);
    const ends = (of: Job) =>
      (of.status?.conditions ?? [])
        .filter(
          ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
        )
        .map(({ type }) => type);
    if (ends(job).length > 1) fail(`${nameOf(job)} is complete and failed`);
    if (ends(previous).length && ends(previous)[0] !== ends(job)[0])
      fail(`${nameOf(job)} ended twice`);
    if (ends(job)[0] !== 'Complete') return;
    const { completions = succeeded } = job.spec;
    // Pods of creations without an answer may run, too (upstream: TooManySucceededPods).
    const surplus = [...setOf(this.succeeded, uid)].filter((pod) => !this.acknowledged.has(pod));
    if (succeeded < completions || succeeded > completions + surplus.length)
      fail(`${nameOf(job)} is complete with ${succeeded} of ${completions}`);
  }

  private checkEmpty(namespace: string): void {
    for (const object of this.model.objects.values()) {
      if (object.metadata.namespace === namespace && object.kind !== 'Event')
        fail(`namespace ${namespace} is gone and ${nameOf(object)} is still there`);
    }
  }
}

function boundOf(object: AnyObject): number | undefined {
  if (object.kind === 'ReplicationController')
    return (object as ReplicationController).spec.replicas ?? 1;
  if (object.kind === 'ReplicaSet') return (object as ReplicaSet).spec.replicas ?? 1;
  if (object.kind === 'Job') return (object as Job).spec.parallelism ?? 1;
  if (object.kind !== 'Deployment') return undefined;
  const { replicas = 1, strategy } = (object as Deployment).spec;
  return strategy?.type === 'Recreate'
    ? replicas
    : replicas + resolveSurge(strategy?.rollingUpdate?.maxSurge ?? '25%', replicas);
}

export const ordinalOf = (pod: { metadata: { name: string } }): number =>
  Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));

function setOf<T>(sets: Map<string, Set<T>>, key: string): Set<T> {
  let set = sets.get(key);
  if (!set) sets.set(key, (set = new Set()));
  return set;
}
