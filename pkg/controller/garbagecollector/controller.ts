// garbage-collector-controller: deletes what lost its owners, carries out foreground deletion and
// orphaning (upstream: pkg/controller/garbagecollector). Watches every resource that discovery says can
// be listed, watched and deleted, events excepted. Nothing is deleted on the graph's word alone: an
// owner counts as absent only after its removal was seen or a live read did not find it, and every
// write carries uid and resourceVersion.
import { isReason, StatusError } from '../../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import { discover } from '../../client/discovery.js';
import { sleep } from '../../util/env/env.js';
import { runAll } from '../runtime/batches.js';
import type { Controller, ControllerContext, Informer, ReconcileResult } from '../runtime/controller.js';
import { DISCOVERY_PERIOD_MS } from '../runtime/limits.js';
import { OwnerGraph, ORPHAN_FINALIZER, type GraphNode } from './graph.js';
import { planCollection } from './plan.js';

/** Never owned, very many (upstream: GarbageCollectorIgnoredResources). */
const IGNORED_RESOURCES = ['events'];
/** Owners that exist but are not in the graph yet, or whose kind nobody serves, are looked at again after this. */
const UNSETTLED_RETRY_MS = 10_000;

/** Keeps only what the graph needs; for resources no other controller holds in full. */
function metadataOnly(object: ApiObject): ApiObject {
  const { deletionTimestamp, finalizers, name, namespace, ownerReferences, resourceVersion, uid } = object.metadata;
  const metadata = { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp };
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: metadata as ApiObject['metadata'] };
}

const kindKey = (apiVersion: string, kind: string): string => `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}|${kind}`;

export function createGarbageCollector(context: ControllerContext, options: { concurrentGcSyncs: number }): Controller {
  const { client, env, informers } = context;
  const graph = new OwnerGraph();
  const types = new Map<string, ResourceType<ApiObject>>();
  const monitors = new Map<string, Informer<ApiObject>>();
  const events = context.events('garbage-collector-controller');
  let ready: Promise<void> = Promise.resolve();
  let add: (key: string) => void = () => {};
  const wake = (uids: readonly string[]): void => uids.forEach((uid) => add(uid));

  const monitor = (type: ResourceType<ApiObject>): void => {
    const name = `${type.group}/${type.resource}`;
    if (monitors.has(name)) return;
    const informer = informers.informer(type, informers.has(type) ? {} : { transform: metadataOnly });
    monitors.set(name, informer);
    informer.addHandler({
      added: (object) => wake(graph.upsert(type, object)),
      updated: (object) => wake(graph.upsert(type, object)),
      deleted: (object) => wake(graph.remove(object.metadata.uid ?? '')),
    });
  };

  const refresh = async (signal: AbortSignal): Promise<void> => {
    const { failed, resources } = await discover(client, signal);
    for (const [version, why] of failed) env.log.warn('discovery failed', { version, why });
    for (const { type, verbs } of resources) {
      types.set(kindKey(type.group ? `${type.group}/${type.version}` : type.version, type.kind), type);
      if (IGNORED_RESOURCES.includes(type.resource)) continue;
      if (['list', 'watch', 'delete'].every((verb) => verbs.includes(verb))) monitor(type);
    }
  };

  const run = async (wakeKey: (key: string) => void, signal: AbortSignal): Promise<void> => {
    add = wakeKey;
    let first = () => {};
    ready = new Promise((resolve) => (first = resolve));
    while (!signal.aborted) {
      try {
        await refresh(signal);
        await Promise.all([...monitors.values()].map((informer) => informer.waitForSync(signal)));
        first();
      } catch (error) {
        if (!signal.aborted) env.log.warn('garbage collector cannot discover resources', { error: (error as Error).message });
      }
      await sleep(env.clock, DISCOVERY_PERIOD_MS, signal).catch(() => {});
    }
    first();
  };

  const keyOfNode = ({ name, namespace }: GraphNode) => ({ name, ...(namespace ? { namespace } : {}) });

  /** A precise change of one object's metadata; a conflict means the graph is behind and comes again. */
  const patchMetadata = async (node: GraphNode, metadata: object, signal: AbortSignal): Promise<void> => {
    const body = { metadata: { uid: node.uid, resourceVersion: node.resourceVersion, ...metadata } };
    await client.patch(node.type!, keyOfNode(node), body, { type: 'merge', signal }).catch(ignoreNotFound);
  };

  const remove = async (node: GraphNode, propagationPolicy: 'Orphan' | 'Foreground' | 'Background', signal: AbortSignal): Promise<void> => {
    env.log.info('collecting', { kind: node.kind, namespace: node.namespace, name: node.name, propagationPolicy });
    const preconditions = { uid: node.uid, resourceVersion: node.resourceVersion };
    await client.delete(node.type!, keyOfNode(node), { propagationPolicy, preconditions, signal }).catch(ignoreNotFound);
  };

  /** Reads owners live, notes the absent ones. False when some must be looked at again later. */
  const checkOwners = async (node: GraphNode, owners: readonly OwnerReference[], signal: AbortSignal): Promise<boolean> => {
    let settled = true;
    for (const reference of owners) {
      const type = types.get(kindKey(reference.apiVersion, reference.kind));
      if (!type) {
        settled = false;
        continue;
      }
      if (type.namespaced && !node.namespace) {
        events.event(eventRef(node), 'Warning', 'OwnerRefInvalidNamespace', `ownerRef [${reference.apiVersion}/${reference.kind}, name: ${reference.name}, uid: ${reference.uid}] is namespaced, its dependent is not`);
        settled = false; // never collected: upstream leaves it too
        continue;
      }
      const owner = await client.get(type, { name: reference.name, ...(type.namespaced ? { namespace: node.namespace } : {}) }, { signal }).catch(ignoreNotFound);
      // The graph learns of a living owner from its informer only: this answer may be older than a
      // removal that the graph has seen meanwhile.
      if (owner?.metadata.uid === reference.uid) settled = false;
      else graph.markAbsent(node.namespace, reference.uid);
    }
    return settled;
  };

  const orphan = async (node: GraphNode, dependents: readonly GraphNode[], signal: AbortSignal): Promise<void> => {
    const [error] = await runAll(dependents, (dependent) =>
      patchMetadata(dependent, { ownerReferences: dependent.owners.filter(({ uid }) => uid !== node.uid) }, signal),
    );
    if (error) throw error as Error;
    await patchMetadata(node, { finalizers: node.finalizers.filter((finalizer) => finalizer !== ORPHAN_FINALIZER) }, signal);
  };

  const reconcile = async (uid: string, signal: AbortSignal): Promise<ReconcileResult> => {
    await ready;
    signal.throwIfAborted();
    const node = graph.get(uid);
    if (!node) return;
    if (node.virtual) return wake([...node.dependents].map((dependent) => dependent.uid));
    const action = planCollection(graph, node);
    switch (action.kind) {
      case 'none':
        return;
      case 'check-owners':
        if (!(await checkOwners(node, action.owners, signal))) return { requeueAfterMs: UNSETTLED_RETRY_MS };
        return { requeueAfterMs: 1 };
      case 'orphan-dependents':
        return orphan(node, action.dependents, signal);
      case 'remove-finalizer':
        return patchMetadata(node, { finalizers: node.finalizers.filter((finalizer) => finalizer !== action.finalizer) }, signal);
      case 'wake':
        return wake(action.uids);
      case 'keep-owners':
        return patchMetadata(node, { ownerReferences: action.owners }, signal);
      case 'unblock-owners':
        return patchMetadata(node, { ownerReferences: action.owners }, signal); // its event comes back here
      case 'delete':
        return remove(node, action.propagation, signal);
    }
  };

  return { name: 'garbage-collector-controller', workers: options.concurrentGcSyncs, watches: [], reconcile, run };
}

const eventRef = ({ apiVersion, kind, name, namespace, uid }: GraphNode) => ({ apiVersion, kind, name, namespace, uid });

function ignoreNotFound(error: unknown): undefined {
  // 405: discovery promised a verb that the resource refuses for this object.
  if (!isReason(error, 'NotFound') && !(error instanceof StatusError && error.code === 405)) throw error;
}
