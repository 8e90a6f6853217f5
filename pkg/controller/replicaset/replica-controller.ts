// The loop that keeps as many pods as an owner asks for; ReplicaSet and ReplicationController differ
// only in what `ReplicaKind` says (upstream runs the one through adapters to the other).
// Invariant: pods are counted only when all creations and deletions of the last sync were seen.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { ReplicaSetStatus } from '../../apis/apps/v1/types.js';
import type { Pod, PodTemplateSpec } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import {
  controllerOf,
  controllerReference,
  refersTo,
} from '../../component-helpers/owner-references.js';
import type { NewObject } from '../../client/client.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import type { Informer } from '../../client/informer.js';
import { runAll, slowStart } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type ReconcileResult,
} from '../runtime/controller.js';
import { Expectations } from '../runtime/expectations.js';
import {
  carryOutClaims,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  planClaims,
} from '../runtime/ownership.js';
import { isPodActive } from '../../component-helpers/pods.js';
import { planReplicas, planStatus, type ReplicaPlan } from './plan.js';

export interface ReplicaKind<T extends ApiObject> {
  /** The controller's name, and the component its events name as their source. */
  name: string;
  component: string;
  type: ResourceType<T>;
  workers: number;
  selector(owner: T): Selector;
  replicas(owner: T): number;
  minReadySeconds(owner: T): number;
  template(owner: T): PodTemplateSpec | undefined;
  status(owner: T): ReplicaSetStatus | undefined;
  /** Pods that should not pile up on a node together with the owner's. */
  related(owner: T, pods: Informer<Pod>, owners: Informer<T>): Pod[];
}

interface Parts<T extends ApiObject> {
  context: ControllerContext;
  kind: ReplicaKind<T>;
  owners: Informer<T>;
  pods: Informer<Pod>;
  events: EventRecorder;
  expectations: Expectations;
}

type Failure = { reason: 'FailedCreate' | 'FailedDelete'; message: string };

export function createReplicaController<T extends ApiObject>(
  context: ControllerContext,
  kind: ReplicaKind<T>,
): Controller {
  const owners = context.informers.informer(kind.type);
  owners.addIndexers(ownershipIndexers());
  const pods = context.informers.informer(PODS);
  pods.addIndexers(ownershipIndexers());
  const expectations = new Expectations(context.env.clock);
  const parts: Parts<T> = {
    context,
    kind,
    owners,
    pods,
    expectations,
    events: context.events(kind.component),
  };
  return {
    name: kind.name,
    workers: kind.workers,
    watches: [
      watch(owners, (owner, _old, change) => {
        if (change === 'deleted') expectations.forget(keyOf(owner));
        return [keyOf(owner)];
      }),
      watch(pods, (pod, old, change) => keysOfPod(parts, pod, old, change)),
    ],
    reconcile: (key, signal) => reconcile(parts, key, signal),
  };
}

/** Owners a pod's change concerns; also where expectations are met. */
function keysOfPod<T extends ApiObject>(
  parts: Parts<T>,
  pod: Pod,
  old: Pod | undefined,
  change: ChangeType,
): string[] {
  const { expectations, kind, owners } = parts;
  const reference = controllerOf(pod);
  const keys: string[] = [];
  const previous = old && controllerOf(old);
  if (previous && previous.uid !== reference?.uid && refersTo(previous, kind.type))
    keys.push(`${pod.metadata.namespace}/${previous.name}`);
  if (reference) {
    if (!refersTo(reference, kind.type)) return keys;
    const key = `${pod.metadata.namespace}/${reference.name}`;
    if (owners.synced && owners.store.get(key)?.metadata.uid !== reference.uid) return keys;
    const { deletionTimestamp, uid = '' } = pod.metadata;
    if (change !== 'updated') expectations.seen(key, uid);
    if (change === 'deleted' || deletionTimestamp) expectations.deleted(key, uid);
    return [...keys, key];
  }
  if (change === 'deleted' || pod.metadata.deletionTimestamp) return keys;
  for (const owner of owners.store.byIndex('namespace', pod.metadata.namespace ?? '')) {
    if (kind.selector(owner).matches(pod.metadata.labels)) keys.push(keyOf(owner));
  }
  return keys;
}

async function reconcile<T extends ApiObject>(
  parts: Parts<T>,
  key: string,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { context, expectations, kind, owners, pods } = parts;
  const owner = owners.store.get(key);
  if (!owner) return expectations.forget(key);
  const settled = expectations.satisfied(key);
  const candidates = [
    ...pods.store.byIndex(OWNERSHIP_INDEX, owner.metadata.uid ?? ''),
    ...pods.store.byIndex(OWNERSHIP_INDEX, `orphan:${owner.metadata.namespace}`),
  ].filter((pod) => isPodActive(pod));
  const claims = planClaims(owner, kind.selector(owner), candidates);
  const ownerRef = { type: kind.type as ResourceType<ApiObject>, object: owner };
  const owned = await carryOutClaims(context.client, ownerRef, PODS, claims, signal);

  let outcome: { failure: Failure | undefined; error: unknown } = {
    failure: undefined,
    error: undefined,
  };
  if (settled && !owner.metadata.deletionTimestamp) {
    const plan = planReplicas(
      kind.replicas(owner),
      owned,
      kind.related(owner, pods, owners),
      context.env.clock.now(),
    );
    outcome = await act(parts, key, owner, plan, signal);
  }
  const checkAgainInMs = await updateStatus(parts, owner, owned, outcome.failure, signal);
  if (outcome.error) throw outcome.error;
  const open = expectations.openFor(key);
  const waits = [checkAgainInMs ?? Infinity, open || Infinity];
  const requeueAfterMs = Math.min(...waits);
  if (requeueAfterMs !== Infinity) return { requeueAfterMs: Math.max(1, requeueAfterMs) };
}

async function act<T extends ApiObject>(
  parts: Parts<T>,
  key: string,
  owner: T,
  plan: ReplicaPlan,
  signal: AbortSignal,
): Promise<{ failure: Failure | undefined; error: unknown }> {
  if (plan.create) {
    parts.expectations.expect(key);
    const { errors } = await slowStart(plan.create, () => createPod(parts, key, owner, signal));
    const error = errors.find((e) => !isNamespaceTerminating(e));
    return {
      error,
      failure: error ? { reason: 'FailedCreate', message: (error as Error).message } : undefined,
    };
  }
  if (plan.remove.length) {
    parts.expectations.expect(
      key,
      plan.remove.map((pod) => pod.metadata.uid ?? ''),
    );
    const [error] = await runAll(plan.remove, (pod) => deletePod(parts, key, owner, pod, signal));
    return {
      error,
      failure: error ? { reason: 'FailedDelete', message: (error as Error).message } : undefined,
    };
  }
  return { failure: undefined, error: undefined };
}

/** A pod from the owner's template (GetPodFromTemplate). */
function podFor<T extends ApiObject>(kind: ReplicaKind<T>, owner: T): NewObject<Pod> {
  const template = kind.template(owner);
  const { labels, annotations, finalizers } =
    template?.metadata ?? ({} as Partial<Pod['metadata']>);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerReference(kind.type, owner)],
    },
    spec: template?.spec ?? { containers: [] },
  };
}

async function createPod<T extends ApiObject>(
  { context, events, expectations, kind }: Parts<T>,
  key: string,
  owner: T,
  signal: AbortSignal,
): Promise<void> {
  try {
    const pod = await context.client.create(PODS, podFor(kind, owner), { signal });
    expectations.created(key, pod.metadata.uid ?? '');
    events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  } catch (error) {
    if (!signal.aborted && !isNamespaceTerminating(error)) {
      events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`);
    }
    throw error;
  }
}

async function deletePod<T extends ApiObject>(
  parts: Parts<T>,
  key: string,
  owner: T,
  pod: Pod,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const { context, events, expectations } = parts;
  try {
    const preconditions = uid ? { uid } : {};
    await context.client.delete(
      PODS,
      { name, ...(namespace ? { namespace } : {}) },
      { preconditions, signal },
    );
    events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    expectations.deleted(key, uid ?? '');
    if (isReason(error, 'NotFound')) return; // what was wanted
    if (!signal.aborted)
      events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${(error as Error).message}`);
    throw error;
  }
}

/** Returns when to look again because a ready pod is not available yet. */
async function updateStatus<T extends ApiObject>(
  { context, kind }: Parts<T>,
  owner: T,
  pods: readonly Pod[],
  failure: Failure | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const plan = planStatus({
    generation: owner.metadata.generation ?? 0,
    replicas: kind.replicas(owner),
    minReadySeconds: kind.minReadySeconds(owner),
    templateLabels: kind.template(owner)?.metadata?.labels ?? {},
    pods,
    failure,
    old: kind.status(owner),
    now: context.env.clock.now(),
  });
  if (plan.changed) {
    await context.client
      .update(kind.type, { ...owner, status: plan.status }, { subresource: 'status', signal })
      .catch((error: unknown) => {
        if (!isReason(error, 'NotFound')) throw error;
      });
  }
  return plan.checkAgainInMs;
}
