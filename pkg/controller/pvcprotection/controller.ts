// persistentvolumeclaim-protection-controller: keeps a claim while pods use it (upstream:
// pkg/controller/volume/pvcprotection). Before it removes the finalizer it lists the pods live, not
// only from its cache: the deletion of a claim cannot be undone.
import { PERSISTENT_VOLUME_CLAIMS, PODS } from '../../apis/resource-types.js';
import { claimNames } from '../../component-helpers/pod-references.js';
import { isPodTerminal } from '../../component-helpers/pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';
import { planProtection, protectedObject, PVC_FINALIZER, usesClaim } from './plan.js';

export function createPvcProtectionController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const claims = informers.informer(PERSISTENT_VOLUME_CLAIMS);
  const pods = informers.informer(PODS);
  return {
    watches: [
      watch(claims),
      // Only a pod that ends can release a claim.
      watch(pods, (pod, _old, change) =>
        change === 'deleted' || isPodTerminal(pod)
          ? claimNames(pod).map((name) => `${pod.metadata.namespace}/${name}`)
          : [],
      ),
    ],
    async reconcile(key) {
      const claim = claims.store.get(key);
      if (!claim) return;
      const { name, namespace = '' } = claim.metadata;
      const step = planProtection(claim, PVC_FINALIZER, () =>
        pods.store.byIndex('namespace', namespace).some((pod) => usesClaim(pod, name)),
      );
      if (step === 'none') return;
      if (step === 'remove') {
        const { items } = await client.list(PODS, { namespace });
        // The end of the pod requeues the claim.
        if (items.some((pod) => usesClaim(pod, name))) return;
      }
      const next = protectedObject(claim, PVC_FINALIZER, step);
      await client.update(PERSISTENT_VOLUME_CLAIMS, next).catch(ignoreNotFound);
    },
  };
}
