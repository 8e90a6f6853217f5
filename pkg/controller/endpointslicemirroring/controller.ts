// endpointslice-mirroring-controller: EndpointSlices for Endpoints that users write (upstream:
// pkg/controller/endpointslicemirroring). It changes only slices with its managed-by label.
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { MANAGED_BY_LABEL, serviceKeyOf } from '../endpointslice/plan.js';
import { writeSlices } from '../endpointslice/write-slices.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { OwnWrites } from '../runtime/own-writes.js';
import { isMirrored, MIRROR_NAME, planMirror } from './plan.js';

const MIRROR_INDEX = 'mirrored';
const isOurs = (slice: EndpointSlice): boolean =>
  slice.metadata.labels?.[MANAGED_BY_LABEL] === MIRROR_NAME;

export function createEndpointSliceMirroringController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const endpoints = informers.informer(ENDPOINTS);
  const services = informers.informer(SERVICES);
  const slices = informers.informer(ENDPOINT_SLICES);
  slices.addIndexers({ [MIRROR_INDEX]: (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : []) });
  const writes = new OwnWrites(env.clock);

  return {
    watches: [
      watch(endpoints),
      watch(services),
      watch(slices, (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : [])),
    ],
    async reconcile(key) {
      const behind = writes.behindMs(key, slices.store);
      if (behind) return { requeueAfterMs: behind }; // the watch event of the slice comes earlier
      const object = endpoints.store.get(key);
      const existing = slices.store.byIndex(MIRROR_INDEX, key);
      const mirrored = isMirrored(object, services.store.get(key));
      const plan =
        object && mirrored
          ? planMirror(object, existing)
          : { create: [], update: [], remove: existing };
      await writeSlices(client, writes, key, plan);
    },
  };
}
