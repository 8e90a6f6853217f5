// Finds served types by discovery, which is read again after a while: kinds come and go.
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import { discover, type DiscoveredResource } from '../../client/discovery.js';
import type { ControllerContext } from './controller.js';
import { DISCOVERY_PERIOD_MS } from './limits.js';

/** The types of the resources for which `is` holds. Rejects when discovery fails. */
export type TypeFinder = (
  is: (resource: DiscoveredResource) => boolean,
) => Promise<ResourceType<ApiObject>[]>;

export function createTypeFinder({
  client,
  env,
  signal,
}: Pick<ControllerContext, 'client' | 'env' | 'signal'>): TypeFinder {
  let known: readonly DiscoveredResource[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;
  return async (is) => {
    if (env.clock.monotonic() - readAt >= DISCOVERY_PERIOD_MS) {
      reading ??= discover(client, signal)
        .then(({ resources }) => {
          known = resources;
          readAt = env.clock.monotonic();
        })
        .finally(() => (reading = undefined));
      await reading;
    }
    return known.filter(is).map(({ type }) => type);
  };
}
