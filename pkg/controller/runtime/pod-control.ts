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
import { deleteObject } from '../../client/requests.js';

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

const DEFAULT_MESSAGES: PodMessages<unknown> = {
  created: (_owner, pod) => `Created pod: ${pod}`,
  createFailed: (_owner, _pod, error) => `Error creating: ${error}`,
  deleted: (_owner, pod) => `Deleted pod: ${pod}`,
  deleteFailed: (_owner, _pod, error) => `Error deleting: ${error}`,
};

/** The pods of all owners of one type. */
export class PodControl<T extends ApiObject> {
  readonly owners: Informer<T>;
  readonly pods: Informer<Pod>;
  readonly events: EventRecorder;
  private readonly expectations: Expectations;
  private readonly messages: PodMessages<T>;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: PodControlOptions<T>,
  ) {
    this.owners = context.informers.informer(options.type);
    this.pods = context.informers.informer(PODS);
    this.pods.addIndexers(ownershipIndexers());
    this.events = context.events(options.component);
    this.expectations = new Expectations(context.env.clock);
    this.messages = options.messages ?? DEFAULT_MESSAGES;
  }

  /** Keys of the owners that a change of a pod concerns; expectations are met here. */
  keysOfPod(pod: Pod, old: Pod | undefined, change: ChangeType): string[] {
    const { expectations, options, owners } = this;
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

  /** Adopts, releases, and returns the pods that the owner controls then. */
  ownedPods(object: T): Promise<Pod[]> {
    const { finalizers = [], type } = this.options;
    const owner = { type, object, selector: this.options.selector(object) };
    return adoptAndRelease(this.context.client, owner, PODS, this.pods.store, {
      finalizers,
      eligible: (pod) => this.options.eligible?.(object, pod) ?? true,
    });
  }

  /** True when the cache shows all that was asked for, or when the wait was too long. */
  settled(key: string): boolean {
    return this.expectations.openFor(key) === 0;
  }

  /** Milliseconds until open expectations are given up; Infinity when none are open. */
  expiresInMs(key: string): number {
    return this.expectations.openFor(key) || Infinity;
  }

  /** Call once before a round of creations and deletions. */
  expect(owner: T, deletions: readonly Pod[]): void {
    const uids = deletions.map(({ metadata }) => metadata.uid ?? '');
    this.expectations.expect(keyOf(owner), uids);
  }

  /** The owner is gone. */
  forget(key: string): void {
    this.expectations.forget(key);
  }

  /**
   * Creates pods in growing batches; stops after the first batch with a failure and returns its
   * error. A namespace that is being deleted is no error: nothing can be created there any more.
   */
  async create(
    owner: T,
    pods: readonly NewObject<Pod>[],
    prepare?: (pod: NewObject<Pod>) => Promise<void>,
  ): Promise<Error | undefined> {
    const waiting = [...pods];
    const { errors } = await slowStart(pods.length, () =>
      this.createOne(owner, waiting.shift()!, prepare),
    );
    return errors.find((error) => !isNamespaceTerminating(error)) as Error | undefined;
  }

  private async createOne(
    owner: T,
    pod: NewObject<Pod>,
    prepare: ((pod: NewObject<Pod>) => Promise<void>) | undefined,
  ): Promise<void> {
    const { events, messages } = this;
    try {
      await prepare?.(pod);
      const { metadata } = await this.context.client.create(PODS, pod);
      this.expectations.created(keyOf(owner), metadata.uid ?? '');
      events.event(owner, 'Normal', 'SuccessfulCreate', messages.created(owner, metadata.name));
    } catch (error) {
      // A pod with a stable name: ours, not in the cache yet, or a foreign pod that has to go
      // first.
      const { name } = pod.metadata;
      if (name !== undefined && isReason(error, 'AlreadyExists')) return;
      if (!isNamespaceTerminating(error)) {
        const message = messages.createFailed(owner, name ?? '', (error as Error).message);
        events.event(owner, 'Warning', 'FailedCreate', message);
      }
      throw error;
    }
  }

  /** Tries to delete all and returns the first error. Pods that are gone already are no error. */
  async remove(
    owner: T,
    pods: readonly Pod[],
    prepare?: (pod: Pod) => Promise<void>,
  ): Promise<Error | undefined> {
    const { client } = this.context;
    const { events, expectations, messages } = this;
    const [first] = await runAll(pods, async (pod) => {
      const { name, uid = '' } = pod.metadata;
      try {
        await prepare?.(pod);
        if (await deleteObject(client, PODS, pod))
          events.event(owner, 'Normal', 'SuccessfulDelete', messages.deleted(owner, name));
        else expectations.deleted(keyOf(owner), uid);
      } catch (error) {
        expectations.deleted(keyOf(owner), uid);
        const message = messages.deleteFailed(owner, name, (error as Error).message);
        events.event(owner, 'Warning', 'FailedDelete', message);
        throw error;
      }
    });
    return first as Error | undefined;
  }
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
      ...(namespace && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(type, owner)],
    },
    spec: template?.spec ?? { containers: [] },
  };
}
