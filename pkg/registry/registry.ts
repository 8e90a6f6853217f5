// Every stored resource that the apiserver serves, one definition per file. Adding a resource is
// writing its file and one line here. Reviews (TokenReview, SubjectAccessReview and the like) have no
// storage; pkg/apiserver answers them and joins them to this list.
// Invariant: the order is that of discovery within a group.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ResourceDefinition } from '../apiserver/resource.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replicasets.js';
import { leases } from './coordination/leases.js';
import { configMaps } from './core/configmaps.js';
import { endpoints } from './core/endpoints.js';
import { events } from './core/events.js';
import { namespaces } from './core/namespaces.js';
import { nodes } from './core/nodes.js';
import { pods } from './core/pods.js';
import { replicationControllers } from './core/replicationcontrollers.js';
import { secrets } from './core/secrets.js';
import { serviceAccounts } from './core/serviceaccounts.js';
import type { ServiceRanges } from './core/service-ranges.js';
import { services } from './core/services.js';
import { endpointSlices } from './discovery/endpointslices.js';

/** A definition whose object type the list no longer needs to know. */
function served<T extends ApiObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}

export function createRegistry(options: ServiceRanges): readonly ResourceDefinition[] {
  return [
    served(pods),
    served(services(options)),
    served(replicationControllers),
    served(namespaces),
    served(nodes),
    served(endpoints),
    served(secrets),
    served(configMaps),
    served(serviceAccounts),
    served(events),
    served(replicaSets),
    served(deployments),
    served(leases),
    served(endpointSlices),
  ];
}
