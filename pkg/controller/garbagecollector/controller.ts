// garbage-collector-controller: deletes objects without owners, and carries out foreground deletion
// and orphaning (upstream: pkg/controller/garbagecollector). It watches every resource that
// discovery says can be listed, watched and deleted, except events. The graph alone deletes
// nothing: an owner counts as absent only after its deletion was observed or a live read did not
// find it, and every write carries uid and resourceVersion.
import { Wakeup, within } from '../../util/wait/abortable.js';
import { every } from '../../util/wait/every.js';
import { isReason, StatusError } from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../apis/resource-types.js';
import { discover, type DiscoveredResource } from '../../client/discovery.js';
import { doAll } from '../runtime/batches.js';
import type { Controller, ControllerContext, Informer } from '../runtime/controller.js';
import { DISCOVERY_PERIOD_MS } from '../runtime/limits.js';
import { metadataInformer } from '../runtime/metadata-only.js';
import { OwnerGraph, ORPHAN_FINALIZER, type GraphNode } from './graph.js';
import { planCollection } from './plan.js';

/**
 * Resources without owners and with very many objects (upstream: GarbageCollectorIgnoredResources).
 */
const IGNORED_RESOURCES = ['events'];
/** From the change of a definition to the next discovery. */
const DEFINITIONS_SETTLE_MS = 500;
/** Requeue delay for owners that are not in the graph yet, or of a kind that is not served. */
const UNSETTLED_RETRY_MS = 10_000;

const kindKey = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}|${kind}`;

export function createGarbageCollector(context: ControllerContext): Controller {
  const { client, env, informers, signal } = context;
  const graph = new OwnerGraph();
  /** By group and kind: owner references do not name the resource. */
  const types = new Map<string, ResourceType<ApiObject>>();
  const monitors = new Map<string, { informer: Informer<ApiObject>; forget: () => void }>();
  const events = context.events('garbage-collector-controller');
  /** Requeues objects by uid; set when the controller runs. */
  let add = (_uids: readonly string[]): void => {};
  let graphIsWhole: Promise<void> = Promise.resolve();

  /**
   * Follows discovery until abort. Calls `whole` when the graph has all objects for the first time,
   * or when some kind cannot be listed for long: discovery may name a kind that is gone, and a
   * server that does not answer must not stop the collection of other kinds.
   */
  async function runMonitors(whole: () => void): Promise<void> {
    const failed = 'garbage collector cannot discover resources';
    const wakeup = wokenByDefinitions();
    await every({ env, signal, periodMs: DISCOVERY_PERIOD_MS, wakeup, failed }, async () => {
      await refresh();
      const synced = [...monitors.values()].map(({ informer }) => informer.waitForSync(signal));
      const late = 'timed out waiting for dependency graph builder sync';
      const all = Promise.all(synced);
      await within(env.clock, DISCOVERY_PERIOD_MS, late, all, signal).finally(whole);
    });
    whole();
  }

  /** Wakes soon after kinds of custom resources came, changed or went. */
  function wokenByDefinitions(): Wakeup {
    const wakeup = new Wakeup();
    let isPending = false;
    const wake = (): void => {
      if (isPending) return;
      isPending = true;
      // The servers serve a kind a moment after its definition is established.
      env.clock.after(DEFINITIONS_SETTLE_MS, () => {
        isPending = false;
        wakeup.wake();
      });
    };
    const definitions = metadataInformer(
      informers,
      CUSTOM_RESOURCE_DEFINITIONS as ResourceType<ApiObject>,
    );
    definitions.addHandler({ added: wake, updated: wake, deleted: wake });
    return wakeup;
  }

  async function refresh(): Promise<void> {
    const { failed, resources } = await discover(client, signal);
    for (const [version, why] of failed) env.log.warn('discovery failed', { version, why });
    // Without an answer nobody knows whether a kind is gone.
    if (!failed.size) endMonitors(resources);
    for (const { type, verbs } of resources) {
      types.set(kindKey(apiVersionOf(type), type.kind), type);
      if (IGNORED_RESOURCES.includes(type.resource)) continue;
      if (['list', 'watch', 'delete'].every((verb) => verbs.includes(verb))) monitor(type);
    }
  }

  /** Ends the informers of resources that are not served any more. */
  function endMonitors(resources: readonly DiscoveredResource[]): void {
    const served = new Set(resources.map(({ type }) => monitorName(type)));
    for (const [name, { informer, forget }] of monitors) {
      if (served.has(name)) continue;
      const { type } = informer;
      monitors.delete(name);
      // The graph hears nothing: the objects may be stored still, and then they are owners.
      forget();
      types.delete(kindKey(apiVersionOf(type), type.kind));
      informers.drop(type);
    }
  }

  function monitor(type: ResourceType<ApiObject>): void {
    const name = monitorName(type);
    if (monitors.has(name)) return;
    const informer = metadataInformer(informers, type);
    const forget = informer.addHandler({
      added: (object) => add(graph.upsert(type, object)),
      updated: (object) => add(graph.upsert(type, object)),
      deleted: (object) => add(graph.remove(object.metadata.uid ?? '')),
    });
    monitors.set(name, { informer, forget });
  }

  /** Reads owners live and records the absent ones. False when some must be read again later. */
  async function checkOwners(node: GraphNode, owners: readonly OwnerReference[]): Promise<boolean> {
    let settled = true;
    for (const reference of owners) {
      const { apiVersion, kind, name, uid } = reference;
      const type = types.get(kindKey(apiVersion, kind));
      if (type?.namespaced && isElsewhere(graph.get(uid), node)) {
        const identity = `[${apiVersion}/${kind}, namespace: ${node.namespace}, name: ${name}, uid: ${uid}]`;
        const message = `ownerRef ${identity} does not exist in namespace ${JSON.stringify(node.namespace)}`;
        events.event(eventRef(node), 'Warning', 'OwnerRefInvalidNamespace', message);
      }
      if (!type || (type.namespaced && !node.namespace)) {
        settled = false; // upstream does not collect such objects either
        continue;
      }
      const key = { name, ...(type.namespaced && { namespace: node.namespace }) };
      const owner = await client.get(type, key).catch(ignoreNotServed);
      // Only informers add owners to the graph: this answer may be older than a deletion that the
      // graph has observed meanwhile.
      if (owner?.metadata.uid === uid) settled = false;
      else graph.markAbsent(node.namespace, uid);
    }
    return settled;
  }

  async function orphan(node: GraphNode, dependents: readonly GraphNode[]): Promise<void> {
    await doAll(dependents, (dependent) => {
      const ownerReferences = dependent.owners.filter(({ uid }) => uid !== node.uid);
      return patchMetadata(dependent, { ownerReferences });
    });
    await removeFinalizer(node, ORPHAN_FINALIZER);
  }

  function removeFinalizer(node: GraphNode, name: string): Promise<void> {
    const finalizers = node.finalizers.filter((finalizer) => finalizer !== name);
    return patchMetadata(node, { finalizers });
  }

  /**
   * Patches the metadata of exactly this version. A conflict (the graph is behind) requeues the
   * object.
   */
  async function patchMetadata(node: GraphNode, metadata: object): Promise<void> {
    const { resourceVersion, type, uid } = node;
    if (!type) return; // the object was deleted while others were patched
    const body = { metadata: { uid, resourceVersion, ...metadata } };
    await client.patch(type, keyOfNode(node), body, { type: 'merge' }).catch(ignoreNotServed);
  }

  async function remove(
    node: GraphNode,
    propagationPolicy: 'Orphan' | 'Foreground' | 'Background',
  ): Promise<void> {
    const { kind, name, namespace, resourceVersion, uid } = node;
    env.log.info('deleting object without owners', { kind, namespace, name, propagationPolicy });
    const options = { propagationPolicy, preconditions: { uid, resourceVersion } };
    await client.delete(node.type!, keyOfNode(node), options).catch(ignoreNotServed);
  }

  return {
    watches: [],
    run(queue) {
      add = (uids) => uids.forEach(queue);
      let whole = () => {};
      graphIsWhole = new Promise((resolve) => (whole = resolve));
      return runMonitors(whole);
    },
    async reconcile(uid) {
      await graphIsWhole;
      signal.throwIfAborted();
      const node = graph.get(uid);
      if (!node) return;
      if (!node.type) return add([...node.dependents].map((dependent) => dependent.uid));
      const action = planCollection(graph, node);
      switch (action.kind) {
        case 'none':
          return;
        case 'check-owners': {
          const settled = await checkOwners(node, action.owners);
          return { requeueAfterMs: settled ? 1 : UNSETTLED_RETRY_MS };
        }
        case 'orphan-dependents':
          return orphan(node, action.dependents);
        case 'remove-finalizer':
          return removeFinalizer(node, action.finalizer);
        case 'requeue':
          return add(action.uids);
        case 'keep-owners':
        case 'unblock-owners':
          // The watch event requeues the object.
          return patchMetadata(node, { ownerReferences: action.owners });
        case 'delete':
          return remove(node, action.propagation);
      }
    },
  };
}

const monitorName = (type: ResourceType<ApiObject>): string =>
  `${type.group}/${type.version}/${type.resource}`;

/** True when the owner is known, and lives in a namespace where the dependent cannot name it. */
const isElsewhere = (owner: GraphNode | undefined, node: GraphNode): boolean =>
  owner?.type !== undefined && owner.namespace !== node.namespace;

const keyOfNode = ({ name, namespace }: GraphNode) => ({ name, ...(namespace && { namespace }) });
const eventRef = ({ apiVersion, kind, name, namespace, uid }: GraphNode) => ({
  apiVersion,
  kind,
  name,
  namespace,
  uid,
});

function ignoreNotServed(error: unknown): undefined {
  // 405: discovery lists a verb that the resource refuses for this object.
  if (!isReason(error, 'NotFound') && !(error instanceof StatusError && error.code === 405))
    throw error;
}
