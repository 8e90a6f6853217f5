// resourcequota-controller: counts the usage of each quota and writes its status (upstream:
// pkg/controller/resourcequota). Objects that are created, deleted or change their usage requeue
// the quotas of their namespace. Pods, services and claims are always watched; every other served
// resource, custom ones included, from the first quota on that counts it.
import { qualified } from '../../apimachinery/errors/status-error.js';
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { RESOURCE_QUOTAS } from '../../apis/resource-types.js';
import { isCountable, MEASURED_RESOURCES } from '../../component-helpers/quota-usage.js';
import type { Informer } from '../../client/informer.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { DISCOVERY_PERIOD_MS } from '../runtime/limits.js';
import { metadataInformer } from '../runtime/metadata-only.js';
import { updateStatus } from '../../client/requests.js';
import { createTypeFinder } from '../runtime/type-finder.js';
import { changesUsage, countedResources, planQuota } from './plan.js';

export function createResourceQuotaController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const quotas = informers.informer(RESOURCE_QUOTAS);
  const measured = Object.entries(MEASURED_RESOURCES).map(
    ([name, type]) => [name, informers.informer<ApiObject>(type)] as const,
  );
  const counted = new Map<string, Informer<ApiObject>>(measured);
  const findTypes = createTypeFinder(context);
  let add: (key: string) => void = () => {};
  const keysOf = (namespace: string | undefined): string[] =>
    quotas.store.byIndex('namespace', namespace ?? '').map(keyOf);

  /** Watches a resource from now on. False when nobody serves the resource (yet). */
  const follow = async (name: string): Promise<boolean> => {
    if (counted.has(name)) return true;
    const [type] = await findTypes(
      ({ type: served, verbs }) => isCountable(served, verbs) && qualified(served) === name,
    );
    if (!type || counted.has(name)) return type !== undefined;
    const informer = metadataInformer(informers, type);
    counted.set(name, informer);
    const requeue = ({ metadata }: ApiObject) => keysOf(metadata.namespace).forEach(add);
    informer.addHandler({ added: requeue, deleted: requeue });
    const requeueAll = () => quotas.store.list().forEach((quota) => add(keyOf(quota)));
    informer.waitForSync(context.signal).then(requeueAll, () => {});
    return true;
  };
  const objectsOf = (name: string, namespace: string | undefined) => {
    const informer = counted.get(name);
    return informer?.synced ? informer.store.byIndex('namespace', namespace ?? '') : undefined;
  };

  return {
    watches: [
      watch(quotas, (quota, old) =>
        old && equalJson(quota.spec, old.spec) && equalJson(quota.status, old.status)
          ? []
          : [keyOf(quota)],
      ),
      ...measured.map(([name, informer]) =>
        watch(informer, (object, old) =>
          old && !changesUsage(name, object, old) ? [] : keysOf(object.metadata.namespace),
        ),
      ),
    ],
    async run(addKey) {
      add = addKey;
    },
    async reconcile(key) {
      const wanted = quotas.store.get(key);
      if (!wanted) return;
      const names = [...countedResources(wanted)];
      const served = await Promise.all(names.map((name) => follow(name)));
      const quota = quotas.store.get(key);
      if (!quota || quota.metadata.deletionTimestamp) return;
      const now = env.clock.now();
      const present = (name: string) => objectsOf(name, quota.metadata.namespace);
      const { status, changed, recountAt = Infinity } = planQuota(quota, present, now);
      if (changed) await updateStatus(client, RESOURCE_QUOTAS, quota, status);
      const discovery = served.every(Boolean) ? Infinity : DISCOVERY_PERIOD_MS;
      const again = Math.min(recountAt - now, discovery);
      if (again < Infinity) return { requeueAfterMs: again };
    },
  };
}
