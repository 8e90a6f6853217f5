// Every stored resource that the apiserver serves, one definition per file. A new resource is a
// file and a line here. Reviews (TokenReview, SubjectAccessReview and others) are not stored;
// pkg/apiserver serves them.
// Invariant: discovery lists the resources of a group in this order.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ResourceDefinition } from '../apiserver/resource/definition.js';
import { mutatingWebhookConfigurations } from './admissionregistration/mutatingwebhookconfigurations.js';
import { validatingAdmissionPolicies } from './admissionregistration/validatingadmissionpolicies.js';
import { validatingAdmissionPolicyBindings } from './admissionregistration/validatingadmissionpolicybindings.js';
import { validatingWebhookConfigurations } from './admissionregistration/validatingwebhookconfigurations.js';
import { apiServices } from './apiregistration/apiservices.js';
import { customResourceDefinitions } from './apiextensions/customresourcedefinitions.js';
import { controllerRevisions } from './apps/controllerrevisions.js';
import { daemonSets } from './apps/daemonsets.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replicasets.js';
import { statefulSets } from './apps/statefulsets.js';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalpodautoscalers-v1.js';
import { horizontalPodAutoscalers } from './autoscaling/horizontalpodautoscalers.js';
import { cronJobs } from './batch/cronjobs.js';
import { jobs } from './batch/jobs.js';
import {
  certificateSigningRequests,
  type RequestChecks,
} from './certificates/certificatesigningrequests.js';
import { leases } from './coordination/leases.js';
import { configMaps } from './core/configmaps.js';
import { endpoints } from './core/endpoints.js';
import { events } from './core/events.js';
import { limitRanges } from './core/limitranges.js';
import { namespaces } from './core/namespaces.js';
import { nodes } from './core/nodes.js';
import { persistentVolumeClaims } from './core/persistentvolumeclaims.js';
import { persistentVolumes } from './core/persistentvolumes.js';
import { pods } from './core/pods.js';
import { podTemplates } from './core/podtemplates.js';
import { replicationControllers } from './core/replicationcontrollers.js';
import { resourceQuotas } from './core/resourcequotas.js';
import { secrets } from './core/secrets.js';
import type { ServiceRanges } from './core/service-ranges.js';
import { serviceAccounts } from './core/serviceaccounts.js';
import { services } from './core/services.js';
import { endpointSlices } from './discovery/endpointslices.js';
import { eventsEvents } from './events/events.js';
import { flowSchemas } from './flowcontrol/flowschemas.js';
import { priorityLevelConfigurations } from './flowcontrol/prioritylevelconfigurations.js';
import { ingressClasses } from './networking/ingressclasses.js';
import { ingresses } from './networking/ingresses.js';
import { networkPolicies } from './networking/networkpolicies.js';
import { runtimeClasses } from './node/runtimeclasses.js';
import { podDisruptionBudgets } from './policy/poddisruptionbudgets.js';
import { clusterRoleBindings } from './rbac/clusterrolebindings.js';
import { clusterRoles } from './rbac/clusterroles.js';
import { roleBindings } from './rbac/rolebindings.js';
import { roles } from './rbac/roles.js';
import { priorityClasses } from './scheduling/priorityclasses.js';
import { csiDrivers } from './storage/csidrivers.js';
import { csiNodes } from './storage/csinodes.js';
import { csiStorageCapacities } from './storage/csistoragecapacities.js';
import { storageClasses } from './storage/storageclasses.js';
import { volumeAttachments } from './storage/volumeattachments.js';

/** Hides the object's type, so that definitions of all kinds fit into one list. */
function served<T extends ApiObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}

export interface RegistryOptions extends ServiceRanges, RequestChecks {}

export function createRegistry(options: RegistryOptions): readonly ResourceDefinition[] {
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
    served(persistentVolumes),
    served(persistentVolumeClaims),
    served(limitRanges),
    served(resourceQuotas),
    served(podTemplates),
    served(replicaSets),
    served(deployments),
    served(daemonSets),
    served(statefulSets),
    served(controllerRevisions),
    served(jobs),
    served(cronJobs),
    served(leases),
    served(endpointSlices),
    served(clusterRoles),
    served(clusterRoleBindings),
    served(roles),
    served(roleBindings),
    served(podDisruptionBudgets),
    served(priorityClasses),
    served(runtimeClasses),
    served(storageClasses),
    served(csiDrivers),
    served(csiNodes),
    served(csiStorageCapacities),
    served(volumeAttachments),
    served(ingresses),
    served(ingressClasses),
    served(networkPolicies),
    served(certificateSigningRequests(options)),
    served(horizontalPodAutoscalers),
    served(horizontalPodAutoscalersV1),
    served(eventsEvents),
    served(flowSchemas),
    served(priorityLevelConfigurations),
    served(validatingWebhookConfigurations),
    served(mutatingWebhookConfigurations),
    served(validatingAdmissionPolicies),
    served(validatingAdmissionPolicyBindings),
    served(customResourceDefinitions),
    served(apiServices),
  ];
}
