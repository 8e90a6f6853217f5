// How controllers own pods: adoption and release, creation and deletion with their events, the
// expectations that keep a stale cache from being counted, and the owners that a pod's change
// concerns (upstream: RealPodControl, PodControllerRefManager and ControllerExpectations of
// pkg/controller). ReplicaSet, ReplicationController, DaemonSet, StatefulSet and Job use it.
//
// A controller that calls `expect` before it changes pods may count pods only while `settled`
// holds.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import type { Selector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Pod, PodTemplateSpec } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import type { Informer } from '../../client/informer.js';
import {
  controllerOf,
  controllerReference,
  refersTo,
} from '../../component-helpers/owner-references.js';
import { runAll, slowStart } from './batches.js';
import type { ChangeType, ControllerContext } from './controller.js';
import { Expectations } from './expectations.js';
import { adoptAndRelease, ownershipIndexers, selectingOwners } from './ownership.js';
import { deleteObject } from './requests.js';

export interface PodControlOptions<T extends ApiObject> {
  type: ResourceType<T>;
  /** The source that events name. */
  component: string;
  selector(owner: T): Selector;
  /** False for pods that the owner leaves alone; all pods by default. */
  eligible?(owner: T, pod: Pod): boolean;
  /** Added to adopted pods, and taken from released ones. */
  finalizers?: readonly string[];
  messages?: PodMessages<T>;
}

/** Messages of SuccessfulCreate, FailedCreate, SuccessfulDelete and FailedDelete. */
export interface PodMessages<T> {
  created(owner: T, pod: string): string;
  createFailed(owner: T, pod: string, error: string): string;
  deleted(owner: T, pod: string): string;
  deleteFailed(owner: T, pod: string, error: string): string;
}

export interface PodControl<T extends ApiObject> {
  readonly owners: Informer<T>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
  /** Keys of the owners that a change of a pod concerns; expectations are met here. */
  keysOfPod(pod: Pod, old: Pod | undefined, change: ChangeType): string[];
  /** Adopts, releases, and returns the pods that the owner controls then. */
  ownedPods(owner: T): Promise<Pod[]>;
  /** True when the cache shows all that was asked for, or when the wait was too long. */
  settled(key: string): boolean;
  /** Milliseconds until open expectations are given up; Infinity when none are open. */
  expiresInMs(key: string): number;
  /** Call once before a round of creations and deletions. */
  expect(owner: T, deletions: readonly Pod[]): void;
  /**
   * Creates pods in growing batches; stops after the first batch with a failure and returns its
   * error. A namespace that is being deleted is no error: nothing can be created there any more.
   */
  create(
    owner: T,
    pods: readonly NewObject<Pod>[],
    prepare?: (pod: NewObject<Pod>) => Promise<void>,
  ): Promise<Error | undefined>;
  /** Tries to delete all and returns the first error. Pods that are gone already are no error. */
  remove(
    owner: T,
    pods: readonly Pod[],
    prepare?: (pod: Pod) => Promise<void>,
  ): Promise<Error | undefined>;
  /** The owner is gone. */
  forget(key: string): void;
}

const DEFAULT_MESSAGES: PodMessages<unknown> = {
  created: (_owner, pod) => `Created pod: ${pod}`,
  createFailed: (_owner, _pod, error) => `Error creating: ${error}`,
  deleted: (_owner, pod) => `Deleted pod: ${pod}`,
  deleteFailed: (_owner, _pod, error) => `Error deleting: ${error}`,
};

interface Parts<T extends ApiObject> {
  context: ControllerContext;
  options: PodControlOptions<T>;
  messages: PodMessages<T>;
  owners: Informer<T>;
  pods: Informer<Pod>;
  events: EventRecorder;
  expectations: Expectations;
}

export function createPodControl<T extends ApiObject>(
  context: ControllerContext,
  options: PodControlOptions<T>,
): PodControl<T> {
  const { env, informers } = context;
  const owners = informers.informer(options.type);
  const pods = informers.informer(PODS);
  pods.addIndexers(ownershipIndexers());
  const events = context.events(options.component);
  const expectations = new Expectations(env.clock);
  const messages = options.messages ?? DEFAULT_MESSAGES;
  const parts: Parts<T> = { context, options, messages, owners, pods, events, expectations };
  return {
    owners,
    pods,
    events,
    keysOfPod: (pod, old, change) => keysOfPod(parts, pod, old, change),
    ownedPods: (owner) => ownedPods(parts, owner),
    settled: (key) => expectations.satisfied(key),
    expiresInMs: (key) => expectations.openFor(key) || Infinity,
    expect: (owner, deletions) =>
      expectations.expect(
        keyOf(owner),
        deletions.map(({ metadata }) => metadata.uid ?? ''),
      ),
    create(owner, wanted, prepare) {
      return createPods(parts, owner, wanted, prepare);
    },
    async remove(owner, unwanted, prepare) {
      const [error] = await runAll(unwanted, (pod) => deletePod(parts, owner, pod, prepare));
      return error as Error | undefined;
    },
    forget: (key) => expectations.forget(key),
  };
}

/** A pod from a template, with the owner as its controller (upstream: GetPodFromTemplate). */
export function podFromTemplate<T extends ApiObject>(
  type: ResourceType<T>,
  owner: T,
  template: PodTemplateSpec | undefined,
): NewObject<Pod> {
  const { annotations, finalizers, labels } =
    template?.metadata ?? ({} as Partial<Pod['metadata']>);
  const { name, namespace } = owner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerReference(type, owner)],
    },
    spec: template?.spec ?? { containers: [] },
  };
}

function keysOfPod<T extends ApiObject>(
  { expectations, options, owners }: Parts<T>,
  pod: Pod,
  old: Pod | undefined,
  change: ChangeType,
): string[] {
  const { deletionTimestamp, namespace, uid = '' } = pod.metadata;
  const reference = controllerOf(pod);
  const previous = old && controllerOf(old);
  const keys: string[] = [];
  if (previous && previous.uid !== reference?.uid && refersTo(previous, options.type))
    keys.push(`${namespace}/${previous.name}`);
  const going = change === 'deleted' || deletionTimestamp !== undefined;
  if (!reference)
    return going
      ? keys
      : [...keys, ...selectingOwners(owners.store, (owner) => options.selector(owner), pod)];
  if (!refersTo(reference, options.type)) return keys;
  const key = `${namespace}/${reference.name}`;
  // A pod of an owner of the same name that is gone does not concern the present one.
  if (owners.synced && owners.store.get(key)?.metadata.uid !== reference.uid) return keys;
  if (change !== 'updated') expectations.seen(key, uid);
  if (going) expectations.deleted(key, uid);
  return [...keys, key];
}

function ownedPods<T extends ApiObject>(
  { context, options, pods }: Parts<T>,
  object: T,
): Promise<Pod[]> {
  const { finalizers = [], type } = options;
  const owner = { type, object, selector: options.selector(object) };
  return adoptAndRelease(context.client, owner, PODS, pods.store, {
    finalizers,
    eligible: (pod) => options.eligible?.(object, pod) ?? true,
  });
}

async function createPods<T extends ApiObject>(
  parts: Parts<T>,
  owner: T,
  wanted: readonly NewObject<Pod>[],
  prepare?: (pod: NewObject<Pod>) => Promise<void>,
): Promise<Error | undefined> {
  const waiting = [...wanted];
  const { errors } = await slowStart(wanted.length, () =>
    createPod(parts, owner, waiting.shift()!, prepare),
  );
  return errors.find((error) => !isNamespaceTerminating(error)) as Error | undefined;
}

async function createPod<T extends ApiObject>(
  { context, events, expectations, messages }: Parts<T>,
  owner: T,
  pod: NewObject<Pod>,
  prepare?: (pod: NewObject<Pod>) => Promise<void>,
): Promise<void> {
  try {
    await prepare?.(pod);
    const { metadata } = await context.client.create(PODS, pod);
    expectations.created(keyOf(owner), metadata.uid ?? '');
    events.event(owner, 'Normal', 'SuccessfulCreate', messages.created(owner, metadata.name));
  } catch (error) {
    // A pod with a stable name: ours, not in the cache yet, or a foreign one that has to go first.
    const { name } = pod.metadata;
    if (name !== undefined && isReason(error, 'AlreadyExists')) return;
    if (!isNamespaceTerminating(error)) {
      const message = messages.createFailed(owner, name ?? '', (error as Error).message);
      events.event(owner, 'Warning', 'FailedCreate', message);
    }
    throw error;
  }
}

async function deletePod<T extends ApiObject>(
  { context, events, expectations, messages }: Parts<T>,
  owner: T,
  pod: Pod,
  prepare?: (pod: Pod) => Promise<void>,
): Promise<void> {
  const { name, uid = '' } = pod.metadata;
  try {
    await prepare?.(pod);
    if (await deleteObject(context.client, PODS, pod))
      events.event(owner, 'Normal', 'SuccessfulDelete', messages.deleted(owner, name));
    else expectations.deleted(keyOf(owner), uid);
  } catch (error) {
    expectations.deleted(keyOf(owner), uid);
    const message = messages.deleteFailed(owner, name, (error as Error).message);
    events.event(owner, 'Warning', 'FailedDelete', message);
    throw error;
  }
}
