// persistentvolume-protection-controller: keeps a volume while it is bound to a claim (upstream:
// pkg/controller/volume/pvprotection). It shares the plan of claims.
import { PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import { isBound, planProtection, protectedObject, PV_FINALIZER } from '../pvcprotection/plan.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';

export function createPvProtectionController(context: ControllerContext): Controller {
  const volumes = context.informers.informer(PERSISTENT_VOLUMES);
  return {
    watches: [watch(volumes)],
    async reconcile(key) {
      const volume = volumes.store.get(key);
      const step = volume ? planProtection(volume, PV_FINALIZER, () => isBound(volume)) : 'none';
      if (!volume || step === 'none') return;
      const next = protectedObject(volume, PV_FINALIZER, step);
      await context.client.update(PERSISTENT_VOLUMES, next).catch(ignoreNotFound);
    },
  };
}
