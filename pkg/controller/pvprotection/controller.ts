// persistentvolume-protection-controller: a volume bound to a claim is deleted only when it is released
// (upstream: pkg/controller/volume/pvprotection). The plan is shared with claims.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import { PERSISTENT_VOLUMES } from '../../apis/resource-types.js';
import { isBound, planProtection, PV_FINALIZER } from '../pvcprotection/plan.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';

const WORKERS = 1;

export function createPvProtectionController(context: ControllerContext): Controller {
  const volumes = context.informers.informer(PERSISTENT_VOLUMES);
  return {
    name: 'persistentvolume-protection-controller',
    workers: WORKERS,
    watches: [
      watch(volumes, (volume, _old, change) => (change === 'deleted' ? [] : [keyOf(volume)])),
    ],
    async reconcile(key, signal) {
      const volume = volumes.store.get(key);
      const step = volume ? planProtection(volume, PV_FINALIZER, () => isBound(volume)) : 'none';
      if (!volume || step === 'none') return;
      const others = (volume.metadata.finalizers ?? []).filter(
        (finalizer) => finalizer !== PV_FINALIZER,
      );
      const finalizers = step === 'add' ? [...others, PV_FINALIZER] : others;
      await context.client
        .update(
          PERSISTENT_VOLUMES,
          { ...volume, metadata: { ...volume.metadata, finalizers } },
          { signal },
        )
        .catch((error: unknown) => {
          if (!isReason(error, 'NotFound')) throw error;
        });
    },
  };
}
