// endpoints-controller: one Endpoints object for each service with a selector (upstream:
// pkg/controller/endpoint). Users write the endpoints of services without a selector.
import { isNamespaceTerminating, isReason } from '../../apimachinery/errors/status-error.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import { ENDPOINTS, PODS, SERVICES } from '../../apis/resource-types.js';
import { LEADER_ANNOTATION } from '../endpointslicemirroring/plan.js';
import { isSelecting, podsOfService, serviceKeysOfPod } from '../endpointslice/service-pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { ignoreNotFound } from '../../client/requests.js';
import { planEndpoints } from './plan.js';

export function createEndpointsController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const services = informers.informer(SERVICES);
  const pods = informers.informer(PODS);
  const endpoints = informers.informer(ENDPOINTS);
  const events = context.events('endpoint-controller');

  const reconcile = async (key: string): Promise<void> => {
    const service = services.store.get(key);
    const old = endpoints.store.get(key);
    if (!service) {
      const [namespace = '', name = ''] = key.split('/');
      await client.delete(ENDPOINTS, { namespace, name }).catch(ignoreNotFound);
      return;
    }
    if (!isSelecting(service)) return;
    const behind = podsOfService(service, pods, {
      terminating: service.spec.publishNotReadyAddresses === true,
    });
    const wanted = planEndpoints(service, behind, old);
    try {
      if (!old) return void (await client.create(ENDPOINTS, wanted));
      const { annotations, labels } = wanted.metadata;
      if (
        equalJson(wanted.subsets ?? [], old.subsets ?? []) &&
        equalJson(labels ?? {}, old.metadata.labels ?? {}) &&
        equalJson(annotations ?? {}, old.metadata.annotations ?? {})
      )
        return;
      const metadata = { ...old.metadata, ...wanted.metadata, annotations: annotations ?? {} };
      await client.update(ENDPOINTS, { ...wanted, metadata });
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      if (!isReason(error, 'Conflict') && !isReason(error, 'AlreadyExists')) {
        const verb = old ? 'Update' : 'Create';
        const message = `Failed to ${verb.toLowerCase()} endpoint ${key}: ${(error as Error).message}`;
        events.event(service, 'Warning', `FailedTo${verb}Endpoint`, message);
      }
      throw error;
    }
  };

  return {
    watches: [
      watch(services),
      watch(pods, (pod, old) => serviceKeysOfPod(services, pod, old)),
      watch(endpoints, (object) => (services.store.get(keyOf(object)) ? [keyOf(object)] : [])),
    ],
    reconcile,
    // Users may write Endpoints before their service, or without one. Only the deletion of a
    // service, and a start (for deletions that this process has not seen), remove them.
    async run(add) {
      for (const object of endpoints.store.list())
        if (object.metadata.annotations?.[LEADER_ANNOTATION] === undefined) add(keyOf(object));
    },
  };
}
