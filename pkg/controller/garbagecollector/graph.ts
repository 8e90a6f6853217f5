// The graph of owners and dependents, by uid. Pure, synchronous (upstream:
// pkg/controller/garbagecollector/graph.go, graph_builder.go). A node is virtual when only an
// owner reference names it: the owner may not be in the cache yet, or may be gone; a live read
// decides. Invariant: `dependents` of a node are exactly the nodes whose owner references carry its
// uid.
import { LRUCache } from 'lru-cache';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import { ABSENT_OWNER_CACHE } from '../runtime/limits.js';

export const ORPHAN_FINALIZER = 'orphan';
export const FOREGROUND_FINALIZER = 'foregroundDeletion';

export interface GraphNode {
  readonly uid: string;
  apiVersion: string;
  kind: string;
  name: string;
  /** '' for cluster-scoped objects; the dependent's namespace for virtual nodes. */
  namespace: string;
  /** Undefined for virtual nodes. */
  type: ResourceType<ApiObject> | undefined;
  resourceVersion: string;
  owners: readonly OwnerReference[];
  finalizers: readonly string[];
  deleting: boolean;
  readonly dependents: Set<GraphNode>;
}

/** True while foreground deletion waits for dependents. */
export const isWaiting = (node: GraphNode): boolean =>
  node.deleting && node.finalizers.includes(FOREGROUND_FINALIZER);

export const isOrphaning = (node: GraphNode): boolean =>
  node.deleting && node.finalizers.includes(ORPHAN_FINALIZER);

export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>();
  /** 'namespace/uid' of owners that are known to be gone. */
  private readonly absent = new LRUCache<string, true>({ max: ABSENT_OWNER_CACHE });

  get size(): number {
    return this.nodes.size;
  }

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  /** Adds or updates an object; returns the uids to requeue. */
  upsert(type: ResourceType<ApiObject>, object: ApiObject): string[] {
    const { metadata } = object;
    const uid = metadata.uid ?? '';
    const node = this.nodes.get(uid) ?? this.add(uid);
    const before = node.owners;
    const requeue = new Set<string>();
    Object.assign(node, {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      type,
      resourceVersion: metadata.resourceVersion ?? '',
      owners: metadata.ownerReferences ?? [],
      finalizers: metadata.finalizers ?? [],
      deleting: metadata.deletionTimestamp !== undefined,
    });
    for (const { uid: owner } of before) {
      if (node.owners.some((reference) => reference.uid === owner)) continue;
      this.nodes.get(owner)?.dependents.delete(node);
      this.dropIfUnused(owner);
      requeue.add(owner); // its foreground deletion may have waited for this dependent only
    }
    for (const reference of node.owners) {
      const owner = this.nodes.get(reference.uid) ?? this.addVirtual(reference, node.namespace);
      const isNew = !owner.dependents.has(node);
      owner.dependents.add(node);
      if (!owner.type && isNew) requeue.add(owner.uid);
      if (isWaiting(owner)) requeue.add(owner.uid);
      if (isNew && !isSolidFor(owner, node)) requeue.add(uid);
    }
    if (isWaiting(node) || isOrphaning(node)) requeue.add(uid);
    return [...requeue];
  }

  /**
   * Removes an object that is gone; returns the uids to requeue: its dependents, which lost an
   * owner, and owners whose foreground deletion waited for it.
   */
  remove(uid: string): string[] {
    const node = this.nodes.get(uid);
    if (!node) return [];
    const requeue = [...node.dependents].map((dependent) => dependent.uid);
    for (const { uid: owner } of node.owners) {
      const known = this.nodes.get(owner);
      known?.dependents.delete(node);
      if (known && isWaiting(known)) requeue.push(owner);
      this.dropIfUnused(owner);
    }
    if (node.dependents.size) {
      for (const dependent of node.dependents) this.markAbsent(dependent.namespace, uid);
      // Dependents still refer to it; a live read will decide about it.
      Object.assign(node, { type: undefined, deleting: false, finalizers: [], owners: [] });
    } else {
      this.nodes.delete(uid);
    }
    return requeue;
  }

  isAbsent(namespace: string, uid: string): boolean {
    return this.absent.has(`${namespace}/${uid}`);
  }

  markAbsent(namespace: string, uid: string): void {
    this.absent.set(`${namespace}/${uid}`, true);
  }

  private add(uid: string): GraphNode {
    const node: GraphNode = {
      uid,
      apiVersion: '',
      kind: '',
      name: '',
      namespace: '',
      type: undefined,
      resourceVersion: '',
      owners: [],
      finalizers: [],
      deleting: false,
      dependents: new Set(),
    };
    this.nodes.set(uid, node);
    return node;
  }

  private addVirtual(reference: OwnerReference, namespace: string): GraphNode {
    const { apiVersion, kind, name } = reference;
    return Object.assign(this.add(reference.uid), { apiVersion, kind, name, namespace });
  }

  private dropIfUnused(uid: string): void {
    const node = this.nodes.get(uid);
    if (node && !node.type && !node.dependents.size) this.nodes.delete(uid);
  }
}

/** True when the owner exists, may own the dependent, and is not in foreground deletion. */
const isSolidFor = (owner: GraphNode, dependent: GraphNode): boolean =>
  owner.type !== undefined &&
  !isWaiting(owner) &&
  (owner.namespace === '' || owner.namespace === dependent.namespace);
