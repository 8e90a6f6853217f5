// ephemeral-volume-controller: creates the claims of pods' generic ephemeral volumes (upstream:
// pkg/controller/volume/ephemeral). The pod owns its claims, so that the garbage collector removes
// them with it.
import { keyOf } from '../../apimachinery/meta/object.js';
import { PERSISTENT_VOLUME_CLAIMS, PODS } from '../../apis/resource-types.js';
import { errorText } from '../../util/errors/error-text.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { planEphemeral } from './plan.js';

export function createEphemeralVolumeController(context: ControllerContext): Controller {
  const pods = context.informers.informer(PODS);
  const claims = context.informers.informer(PERSISTENT_VOLUME_CLAIMS);
  const events = context.events('ephemeral_volume');
  return {
    watches: [
      watch(pods, (pod, _old, change) =>
        change !== 'deleted' && pod.spec.volumes?.some(({ ephemeral }) => ephemeral)
          ? [keyOf(pod)]
          : [],
      ),
      // A claim that is deleted is created again for a pod that still waits.
      watch(claims, ({ metadata }, _old, change) =>
        change === 'deleted'
          ? (metadata.ownerReferences ?? []).flatMap(({ controller, kind, name }) =>
              controller && kind === 'Pod' ? [`${metadata.namespace}/${name}`] : [],
            )
          : [],
      ),
    ],
    async reconcile(key) {
      const pod = pods.store.get(key);
      if (!pod) return;
      for (const { claim, error, volume } of planEphemeral(pod, (name) =>
        claims.store.get(`${pod.metadata.namespace}/${name}`),
      )) {
        const failure =
          error ??
          (await context.client.create(PERSISTENT_VOLUME_CLAIMS, claim).then(
            () => undefined,
            (refused: unknown) => `create PVC ${claim.metadata.name}: ${errorText(refused)}`,
          ));
        if (failure === undefined) continue;
        const message = `ephemeral volume ${volume}: ${failure}`;
        events.event(pod, 'Warning', 'FailedBinding', message);
        throw new Error(`pod ${key}, ${message}`);
      }
    },
  };
}
