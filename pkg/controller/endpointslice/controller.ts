// endpointslice-controller: EndpointSlices for each service with a selector (upstream:
// pkg/controller/endpointslice). It changes only slices with its managed-by label.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import type { Node } from '../../apis/core/v1/types.js';
import { isNodeReady } from '../../component-helpers/nodes.js';
import { ENDPOINT_SLICES, NODES, PODS, SERVICES } from '../../apis/resource-types.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
} from '../runtime/controller.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { OwnWrites } from '../runtime/own-writes.js';
import { wantsProportion, ZONE_LABEL, zoneShares } from './hints.js';
import { CONTROLLER_NAME, MANAGED_BY_LABEL, planSlices, serviceKeyOf } from './plan.js';
import { isSelecting, podsOfService, serviceKeysOfPod } from './service-pods.js';
import { writeSlices } from './write-slices.js';

const SERVICE_INDEX = 'service';

const isOurs = (slice: EndpointSlice): boolean =>
  slice.metadata.labels?.[MANAGED_BY_LABEL] === CONTROLLER_NAME;

/** The part of a node that the shares of the zones depend on. */
const shareOf = (node: Node): unknown[] => [
  node.metadata.labels ?? {},
  node.status?.allocatable?.['cpu'] ?? '',
  isNodeReady(node),
];

export function createEndpointSliceController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const services = informers.informer(SERVICES);
  const pods = informers.informer(PODS);
  pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
  const nodes = informers.informer(NODES);
  const slices = informers.informer(ENDPOINT_SLICES);
  slices.addIndexers({ [SERVICE_INDEX]: (slice) => (isOurs(slice) ? [serviceKeyOf(slice)] : []) });
  const events = context.events('endpoint-slice-controller');
  const writes = new OwnWrites(env.clock);
  /** Services with hints in proportion, so that an event tells of their end. */
  const proportional = new Set<string>();

  const keysOfNode = (node: Node, old: Node | undefined, change: ChangeType): string[] => {
    const zone = node.metadata.labels?.[ZONE_LABEL];
    const moved = change === 'updated' ? zone !== old?.metadata.labels?.[ZONE_LABEL] : zone;
    const keys = moved
      ? pods.store
          .byIndex('node', node.metadata.name)
          .flatMap((pod) => serviceKeysOfPod(services, pod, undefined))
      : [];
    const before = change === 'updated' && old ? [old] : [];
    if (equalJson(shareOf(node), before.map(shareOf)[0])) return keys;
    return [...keys, ...services.store.list().filter(wantsProportion).map(keyOf)];
  };

  return {
    watches: [
      watch(services),
      watch(pods, (pod, old) => serviceKeysOfPod(services, pod, old)),
      watch(slices, (slice, old) => [
        ...new Set([slice, ...(old ? [old] : [])].filter(isOurs).map(serviceKeyOf)),
      ]),
      watch(nodes, keysOfNode),
    ],
    async reconcile(key) {
      const behind = writes.behindMs(key, slices.store);
      if (behind) return { requeueAfterMs: behind }; // the watch event of the slice comes earlier
      const service = services.store.get(key);
      const existing = slices.store.byIndex(SERVICE_INDEX, key);
      if (!service || !isSelecting(service)) {
        // The garbage collector deletes the slices of a service that is gone.
        if (!service) writes.forget(key);
        proportional.delete(key);
        return;
      }
      if (service.metadata.deletionTimestamp) return;
      const zoneOf = (node: string) => nodes.store.get(node)?.metadata.labels?.[ZONE_LABEL];
      const shares = wantsProportion(service) ? zoneShares(nodes.store.list()) : undefined;
      const topology = { shares, wasProportional: proportional.has(key) };
      const selected = podsOfService(service, pods, { terminating: true });
      const plan = planSlices(service, selected, existing, zoneOf, topology);
      try {
        await writeSlices(client, writes, key, plan);
        if (plan.isProportional) proportional.add(key);
        else proportional.delete(key);
        for (const { type, reason, message } of plan.events)
          events.event(service, type, reason, message);
      } catch (error) {
        const expected = isReason(error, 'Conflict') || isNamespaceTerminating(error);
        if (!expected) {
          const message = `Error updating Endpoint Slices for Service ${key}: ${(error as Error).message}`;
          events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
        }
        throw error;
      }
    },
  };
}
