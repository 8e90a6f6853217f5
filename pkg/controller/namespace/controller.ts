// namespace-controller: deletes the contents of a terminating namespace, then removes the finalizer
// (upstream: pkg/controller/namespace). Discovery gives the resources, custom resources included.
// It does not poll for pods: their deletion, which an informer observes, requeues the namespace.
import { StatusError } from '../../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { Namespace } from '../../apis/core/v1/types.js';
import { NAMESPACES, NETWORK_POLICIES, PODS } from '../../apis/resource-types.js';
import { discover, type DiscoveredResource } from '../../client/discovery.js';
import { runAll } from '../runtime/batches.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';
import {
  isEmptied,
  KUBERNETES_FINALIZER,
  needsFinalizing,
  planConditions,
  podGraceMs,
  type EmptyingResult,
} from './plan.js';

/** Requeue delay while objects have finalizers of other controllers. */
const RECHECK_MS = 5_000;
/** Requeue delay after a deletion of objects without a grace period. */
const QUICK_RECHECK_MS = 500;

type Remaining = EmptyingResult['remaining'][number];

type Named = Pick<ResourceType<unknown>, 'group' | 'resource'>;

const isNamed = (type: Named, other: Named) =>
  type.group === other.group && type.resource === other.resource;

export function createNamespaceController(context: ControllerContext): Controller {
  const { client, env, informers, signal } = context;
  const namespaces = informers.informer(NAMESPACES);
  const pods = informers.informer(PODS);

  /**
   * Deletes all objects in the namespace once, and counts the objects that remain. Network policies
   * outlive the pods: a pod in its grace period must not be open to everybody (CVE-2024-7598).
   */
  async function empty(namespace: string): Promise<EmptyingResult> {
    const { failed, resources } = await discover(client, signal);
    const deletable = resources.filter(
      ({ type, verbs }) => type.namespaced && verbs.includes('delete') && verbs.includes('list'),
    );
    const remaining: Remaining[] = [];
    const errors: string[] = [];
    const emptyOne = async (resource: DiscoveredResource, isHeld = false) => {
      try {
        remaining.push(await emptyResource(resource, namespace, isHeld));
      } catch (error) {
        signal.throwIfAborted();
        errors.push((error as Error).message);
      }
    };
    const isPolicy = ({ type }: DiscoveredResource) => isNamed(type, NETWORK_POLICIES);
    const others = deletable.filter((resource) => !isPolicy(resource));
    await runAll(others, (resource) => emptyOne(resource));
    const pods = remaining.find(({ type }) => isNamed(type, PODS));
    const arePodsGone = pods?.count === 0;
    await runAll(deletable.filter(isPolicy), (resource) => emptyOne(resource, !arePodsGone));
    const discoveryFailures = [...failed].map(([version, why]) => `${version}: ${why}`);
    return { discoveryFailures, deletionFailures: errors, remaining };
  }

  async function emptyResource(
    { type, verbs }: DiscoveredResource,
    namespace: string,
    isHeld: boolean,
  ): Promise<Remaining> {
    const finalizers: Record<string, number> = {};
    const before = await listNow(type, namespace);
    if (!before.length || isHeld) return { type, count: before.length, finalizers };
    const options = { propagationPolicy: 'Background' } as const;
    if (verbs.includes('deletecollection')) {
      await client.deleteCollection(type, { namespace }, options);
    } else {
      for (const { metadata } of before)
        await client
          .delete(type, { namespace, name: metadata.name }, options)
          .catch(ignoreNotFound);
    }
    const after = await listNow(type, namespace);
    for (const name of after.flatMap(({ metadata }) => metadata.finalizers ?? []))
      finalizers[name] = (finalizers[name] ?? 0) + 1;
    return { type, count: after.length, finalizers };
  }

  async function listNow(type: ResourceType<ApiObject>, namespace: string): Promise<ApiObject[]> {
    try {
      return (await client.list(type, { namespace })).items;
    } catch (error) {
      // The resource is gone since discovery, or cannot be listed.
      if (error instanceof StatusError && (error.code === 404 || error.code === 405)) return [];
      throw error;
    }
  }

  async function saveStatus(namespace: Namespace, result: EmptyingResult): Promise<Namespace> {
    const old = namespace.status?.conditions ?? [];
    const conditions = planConditions(old, result, env.clock.now());
    if (conditions === old && namespace.status?.phase === 'Terminating') return namespace;
    const status = { ...namespace.status, phase: 'Terminating', conditions: [...conditions] };
    return client.update(NAMESPACES, { ...namespace, status }, { subresource: 'status' });
  }

  async function finalize(namespace: Namespace): Promise<void> {
    const finalizers = (namespace.spec.finalizers ?? []).filter(
      (finalizer) => finalizer !== KUBERNETES_FINALIZER,
    );
    const changed = { ...namespace, spec: { ...namespace.spec, finalizers } };
    await client.update(NAMESPACES, changed, { subresource: 'finalize' }).catch(ignoreNotFound);
  }

  return {
    watches: [
      watch(namespaces, (namespace) =>
        needsFinalizing(namespace) ? [namespace.metadata.name] : [],
      ),
      watch(pods, (pod, _old, change) => {
        const namespace =
          change === 'deleted' ? namespaces.store.get(pod.metadata.namespace ?? '') : undefined;
        return namespace && needsFinalizing(namespace) ? [namespace.metadata.name] : [];
      }),
    ],
    async reconcile(name) {
      const cached = namespaces.store.get(name);
      if (!cached || !needsFinalizing(cached)) return;
      const result = await empty(name);
      // Read live: the deletions take a while, and a stale namespace must not be finalized.
      const fresh = await client.get(NAMESPACES, { name }).catch(ignoreNotFound);
      if (!fresh || fresh.metadata.uid !== cached.metadata.uid || !needsFinalizing(fresh)) return;
      const current = await saveStatus(fresh, result);
      if (isEmptied(result)) return finalize(current);
      const failed = [...result.discoveryFailures, ...result.deletionFailures];
      if (failed.length)
        throw new Error(`namespace ${name} could not be emptied: ${failed.join('; ')}`);
      const grace = podGraceMs(pods.store.byIndex('namespace', name));
      const stuck = result.remaining.some(({ finalizers }) => Object.keys(finalizers).length > 0);
      return {
        requeueAfterMs: grace ? grace + QUICK_RECHECK_MS : stuck ? RECHECK_MS : QUICK_RECHECK_MS,
      };
    },
  };
}
