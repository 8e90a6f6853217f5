// The objects in the store, from the store's own watch. Invariants check them and not the responses
// of servers.
import type { ObjectMeta, OwnerReference } from '../../pkg/apimachinery/meta/types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';

/** Any object; invariants read spec and status by kind. */
export interface AnyObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

export interface Change {
  key: string;
  object: AnyObject | undefined;
  previous: AnyObject | undefined;
}

/**
 * Folders below /registry without objects, or with frequent heartbeat objects.
 */
const NOT_JUDGED = /^\/registry\/(ranges|masterleases|events|leases)\/|compact/;

export const isJudged = (key: string): boolean =>
  key.startsWith('/registry/') && !NOT_JUDGED.test(key);

export class Model {
  /** Objects by their key in the store. */
  readonly objects = new Map<string, AnyObject>();
  private readonly byKind = new Map<string, Map<string, AnyObject>>();
  private readonly byUid = new Map<string, AnyObject>();
  /** Live and dead pods of a controller by its uid. */
  private readonly podsByOwner = new Map<string, Map<string, Pod>>();

  /** Applies a change; `object` undefined is a deletion. */
  take(key: string, object: AnyObject | undefined): Change {
    const previous = this.objects.get(key);
    if (previous) this.forget(key, previous);
    if (object) this.learn(key, object);
    return { key, object, previous };
  }

  private learn(key: string, object: AnyObject): void {
    this.objects.set(key, object);
    if (!this.byKind.has(object.kind)) this.byKind.set(object.kind, new Map());
    this.byKind.get(object.kind)!.set(key, object);
    this.byUid.set(object.metadata.uid!, object);
    const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
    if (!owner) return;
    if (!this.podsByOwner.has(owner.uid)) this.podsByOwner.set(owner.uid, new Map());
    this.podsByOwner.get(owner.uid)!.set(key, object as Pod);
  }

  private forget(key: string, object: AnyObject): void {
    this.objects.delete(key);
    this.byKind.get(object.kind)?.delete(key);
    if (this.byUid.get(object.metadata.uid!) === object) this.byUid.delete(object.metadata.uid!);
    const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
    if (owner) this.podsByOwner.get(owner.uid)?.delete(key);
  }

  all<T = AnyObject>(kind: string): T[] {
    return [...(this.byKind.get(kind)?.values() ?? [])] as T[];
  }

  uid(uid: string): AnyObject | undefined {
    return this.byUid.get(uid);
  }

  podsOf(ownerUid: string): Pod[] {
    return [...(this.podsByOwner.get(ownerUid)?.values() ?? [])];
  }
}

export function controllerOf(object: { metadata: ObjectMeta }): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller);
}

export const isFinished = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** True for pods that count for their controller: neither finished nor being deleted. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !pod.metadata.deletionTimestamp;

export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
  false;

export const nameOf = ({ kind, metadata }: { kind: string; metadata: ObjectMeta }): string =>
  `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
