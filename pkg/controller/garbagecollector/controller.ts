// garbage-collector-controller: deletes what lost its owners, carries out foreground deletion and
// orphaning (upstream: pkg/controller/garbagecollector). Watches every resource that discovery says can
// be listed, watched and deleted, events excepted. Nothing is deleted on the graph's word alone: an
// owner counts as absent only after its removal was seen or a live read did not find it, and every
// write carries uid and resourceVersion.
import { isReason, StatusError } from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { discover } from '../../client/discovery.js';
import { sleep } from '../../util/env/env.js';
import { runAll } from '../runtime/batches.js';
import type {
  Controller,
  ControllerContext,
  Informer,
  ReconcileResult,
} from '../runtime/controller.js';
import { DISCOVERY_PERIOD_MS } from '../runtime/limits.js';
import { metadataInformer } from '../runtime/metadata-only.js';
import { OwnerGraph, ORPHAN_FINALIZER, type GraphNode } from './graph.js';
import { planCollection } from './plan.js';

/** Never owned, very many (upstream: GarbageCollectorIgnoredResources). */
const IGNORED_RESOURCES = ['events'];
/** Owners that exist but are not in the graph yet, or whose kind nobody serves, are looked at again after this. */
const UNSETTLED_RETRY_MS = 10_000;

const kindKey = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}|${kind}`;

export function createGarbageCollector(
  context: ControllerContext,
  options: { concurrentGcSyncs: number },
): Controller {
  return new GarbageCollector(context, options.concurrentGcSyncs);
}

class GarbageCollector implements Controller {
  readonly name = 'garbage-collector-controller';
  readonly watches = [];
  private readonly graph = new OwnerGraph();
  /** By group and kind, for references that name only these. */
  private readonly types = new Map<string, ResourceType<ApiObject>>();
  private readonly monitors = new Map<string, Informer<ApiObject>>();
  private readonly events: EventRecorder;
  /** Resolves when the graph is whole for the first time. */
  private ready: Promise<void> = Promise.resolve();
  private add: (key: string) => void = () => {};

  constructor(
    private readonly context: ControllerContext,
    readonly workers: number,
  ) {
    this.events = context.events('garbage-collector-controller');
  }

  async run(add: (key: string) => void, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.context.env;
    this.add = add;
    let whole = () => {};
    this.ready = new Promise((resolve) => (whole = resolve));
    while (!signal.aborted) {
      try {
        await this.refresh(signal);
        await Promise.all(
          [...this.monitors.values()].map((informer) => informer.waitForSync(signal)),
        );
        whole();
      } catch (error) {
        if (!signal.aborted)
          log.warn('garbage collector cannot discover resources', {
            error: (error as Error).message,
          });
      }
      await sleep(clock, DISCOVERY_PERIOD_MS, signal).catch(() => {});
    }
    whole();
  }

  async reconcile(uid: string, signal: AbortSignal): Promise<ReconcileResult> {
    await this.ready;
    signal.throwIfAborted();
    const node = this.graph.get(uid);
    if (!node) return;
    if (node.virtual) return this.wake([...node.dependents].map((dependent) => dependent.uid));
    const action = planCollection(this.graph, node);
    switch (action.kind) {
      case 'none':
        return;
      case 'check-owners':
        return {
          requeueAfterMs: (await this.checkOwners(node, action.owners, signal))
            ? 1
            : UNSETTLED_RETRY_MS,
        };
      case 'orphan-dependents':
        return this.orphan(node, action.dependents, signal);
      case 'remove-finalizer':
        return this.removeFinalizer(node, action.finalizer, signal);
      case 'wake':
        return this.wake(action.uids);
      case 'keep-owners':
      case 'unblock-owners':
        return this.patchMetadata(node, { ownerReferences: action.owners }, signal); // its event comes back here
      case 'delete':
        return this.remove(node, action.propagation, signal);
    }
  }

  private wake(uids: readonly string[]): void {
    for (const uid of uids) this.add(uid);
  }

  /** Reads discovery and watches what is new. */
  private async refresh(signal: AbortSignal): Promise<void> {
    const { failed, resources } = await discover(this.context.client, signal);
    for (const [version, why] of failed)
      this.context.env.log.warn('discovery failed', { version, why });
    for (const { type, verbs } of resources) {
      this.types.set(kindKey(apiVersionOf(type), type.kind), type);
      if (IGNORED_RESOURCES.includes(type.resource)) continue;
      if (['list', 'watch', 'delete'].every((verb) => verbs.includes(verb))) this.monitor(type);
    }
  }

  private monitor(type: ResourceType<ApiObject>): void {
    const name = `${type.group}/${type.resource}`;
    if (this.monitors.has(name)) return;
    const { informers } = this.context;
    const informer = metadataInformer(informers, type);
    this.monitors.set(name, informer);
    informer.addHandler({
      added: (object) => this.wake(this.graph.upsert(type, object)),
      updated: (object) => this.wake(this.graph.upsert(type, object)),
      deleted: (object) => this.wake(this.graph.remove(object.metadata.uid ?? '')),
    });
  }

  /** Reads owners live, notes the absent ones. False when some must be looked at again later. */
  private async checkOwners(
    node: GraphNode,
    owners: readonly OwnerReference[],
    signal: AbortSignal,
  ): Promise<boolean> {
    let settled = true;
    for (const reference of owners) {
      const { apiVersion, kind, name, uid } = reference;
      const type = this.types.get(kindKey(apiVersion, kind));
      if (type?.namespaced && !node.namespace) {
        const message = `ownerRef [${apiVersion}/${kind}, name: ${name}, uid: ${uid}] is namespaced, its dependent is not`;
        this.events.event(eventRef(node), 'Warning', 'OwnerRefInvalidNamespace', message);
      }
      if (!type || (type.namespaced && !node.namespace)) {
        settled = false; // never collected: upstream leaves it too
        continue;
      }
      const key = { name, ...(type.namespaced ? { namespace: node.namespace } : {}) };
      const owner = await this.context.client.get(type, key, { signal }).catch(ignoreNotFound);
      // The graph learns of a living owner from its informer only: this answer may be older than a
      // removal that the graph has seen meanwhile.
      if (owner?.metadata.uid === uid) settled = false;
      else this.graph.markAbsent(node.namespace, uid);
    }
    return settled;
  }

  private async orphan(
    node: GraphNode,
    dependents: readonly GraphNode[],
    signal: AbortSignal,
  ): Promise<void> {
    const [error] = await runAll(dependents, (dependent) => {
      const ownerReferences = dependent.owners.filter(({ uid }) => uid !== node.uid);
      return this.patchMetadata(dependent, { ownerReferences }, signal);
    });
    if (error) throw error as Error;
    await this.removeFinalizer(node, ORPHAN_FINALIZER, signal);
  }

  private removeFinalizer(node: GraphNode, name: string, signal: AbortSignal): Promise<void> {
    return this.patchMetadata(
      node,
      { finalizers: node.finalizers.filter((finalizer) => finalizer !== name) },
      signal,
    );
  }

  /** A precise change of one object's metadata; a conflict means the graph is behind and comes again. */
  private async patchMetadata(
    node: GraphNode,
    metadata: object,
    signal: AbortSignal,
  ): Promise<void> {
    const { type } = node;
    if (!type) return; // the object went while others were patched
    const body = {
      metadata: { uid: node.uid, resourceVersion: node.resourceVersion, ...metadata },
    };
    await this.context.client
      .patch(type, keyOfNode(node), body, { type: 'merge', signal })
      .catch(ignoreNotFound);
  }

  private async remove(
    node: GraphNode,
    propagationPolicy: 'Orphan' | 'Foreground' | 'Background',
    signal: AbortSignal,
  ): Promise<void> {
    const { kind, name, namespace, resourceVersion, uid } = node;
    this.context.env.log.info('collecting', { kind, namespace, name, propagationPolicy });
    const options = { propagationPolicy, preconditions: { uid, resourceVersion }, signal };
    await this.context.client.delete(node.type!, keyOfNode(node), options).catch(ignoreNotFound);
  }
}

const keyOfNode = ({ name, namespace }: GraphNode) => ({
  name,
  ...(namespace ? { namespace } : {}),
});
const eventRef = ({ apiVersion, kind, name, namespace, uid }: GraphNode) => ({
  apiVersion,
  kind,
  name,
  namespace,
  uid,
});

function ignoreNotFound(error: unknown): undefined {
  // 405: discovery promised a verb that the resource refuses for this object.
  if (!isReason(error, 'NotFound') && !(error instanceof StatusError && error.code === 405))
    throw error;
}
