// resourcequota-controller: counts the usage of each quota and writes its status (upstream:
// pkg/controller/resourcequota). Objects that are created, deleted or change their usage requeue
// the quotas of their namespace. Custom resources (`count/RESOURCE.GROUP` of a CRD) are not
// counted.
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import { CONFIG_MAPS, INGRESSES, RESOURCE_QUOTAS, SECRETS } from '../../apis/resource-types.js';
import { QUOTA_RESOURCES } from '../../component-helpers/quota-usage.js';
import type { Informer } from '../../client/informer.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { equalJson } from '../runtime/equal.js';
import { metadataInformer } from '../runtime/metadata-only.js';
import { updateStatus } from '../runtime/requests.js';
import { changesUsage, planQuota } from './plan.js';

/** Resources that are only counted, and that no other controller caches in full. */
const BY_NUMBER: readonly ResourceType<ApiObject>[] = [CONFIG_MAPS, SECRETS, INGRESSES];

export function createResourceQuotaController(
  context: ControllerContext,
  options: { concurrentResourceQuotaSyncs: number },
): Controller {
  const { client, env, informers } = context;
  const quotas = informers.informer(RESOURCE_QUOTAS);
  const counted = new Map<string, Informer<ApiObject>>();
  for (const [name, { type }] of Object.entries(QUOTA_RESOURCES)) {
    counted.set(
      name,
      BY_NUMBER.includes(type) ? metadataInformer(informers, type) : informers.informer(type),
    );
  }
  const keysOf = (namespace: string | undefined): string[] =>
    quotas.store.byIndex('namespace', namespace ?? '').map(keyOf);
  return {
    name: 'resourcequota-controller',
    workers: options.concurrentResourceQuotaSyncs,
    watches: [
      watch(quotas, (quota, old) =>
        old && equalJson(quota.spec, old.spec) && equalJson(quota.status, old.status)
          ? []
          : [keyOf(quota)],
      ),
      ...[...counted].map(([name, informer]) =>
        watch(informer, (object, old) =>
          old && !changesUsage(name, object, old) ? [] : keysOf(object.metadata.namespace),
        ),
      ),
    ],
    async reconcile(key, signal) {
      const quota = quotas.store.get(key);
      if (!quota || quota.metadata.deletionTimestamp) return;
      const now = env.clock.now();
      const { status, changed, recountAt } = planQuota(
        quota,
        (name) => counted.get(name)!.store.byIndex('namespace', quota.metadata.namespace ?? ''),
        now,
      );
      if (changed) await updateStatus(client, RESOURCE_QUOTAS, quota, status, signal);
      if (recountAt !== undefined) return { requeueAfterMs: recountAt - now };
    },
  };
}
