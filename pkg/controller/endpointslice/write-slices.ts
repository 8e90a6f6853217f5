// Carries out a plan of EndpointSlices, for the controller of services and for the one that mirrors
// Endpoints.
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { ENDPOINT_SLICES } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { doAll } from '../runtime/batches.js';
import type { OwnWrites } from '../runtime/own-writes.js';
import { deleteObject } from '../../client/requests.js';
import type { SlicePlan } from './plan.js';

/** Tries all writes, records them in `writes` under `key`, and throws the first error. */
export async function writeSlices(
  client: Client,
  writes: OwnWrites,
  key: string,
  plan: SlicePlan,
): Promise<void> {
  const note = (slice: EndpointSlice): void => writes.wrote(key, slice);
  const steps: (() => Promise<void>)[] = [
    ...plan.create.map((slice) => async () => {
      note(await client.create(ENDPOINT_SLICES, slice));
    }),
    ...plan.update.map((slice) => async () => {
      note(await client.update(ENDPOINT_SLICES, slice));
    }),
    ...plan.remove.map((slice) => async () => {
      await deleteObject(client, ENDPOINT_SLICES, slice);
      writes.removed(key, slice);
    }),
  ];
  await doAll(steps, (step) => step());
}
