// Every stored resource that the apiserver serves. A new resource is a definition in the file of
// its group and a line here. Reviews (TokenReview, SubjectAccessReview and others) are not stored;
// pkg/apiserver serves them.
// Invariant: discovery lists the resources of a group in this order.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ResourceDefinition } from '../apiserver/resource/definition.js';
import {
  mutatingAdmissionPolicies,
  mutatingAdmissionPolicyBindings,
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
} from './admissionregistration/admissionregistration.js';
import { apiServices } from './apiregistration/apiservices.js';
import { customResourceDefinitions } from './apiextensions/customresourcedefinitions.js';
import {
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
} from './apps/apps.js';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalpodautoscalers-v1.js';
import { horizontalPodAutoscalers } from './autoscaling/horizontalpodautoscalers.js';
import { cronJobs, jobs } from './batch/batch.js';
import {
  certificateSigningRequests,
  type RequestChecks,
} from './certificates/certificatesigningrequests.js';
import { leases } from './coordination/leases.js';
import {
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  type KeyPairCheck,
  secrets,
  serviceAccounts,
} from './core/core.js';
import { pods } from './core/pods.js';
import type { ServiceRanges } from './core/service-ranges.js';
import { services } from './core/services.js';
import { endpointSlices } from './discovery/endpointslices.js';
import { eventsEvents } from './events/events.js';
import { flowSchemas, priorityLevelConfigurations } from './flowcontrol/flowcontrol.js';
import { ingressClasses, ingresses, networkPolicies } from './networking/networking.js';
import { runtimeClasses } from './node/runtimeclasses.js';
import { podDisruptionBudgets } from './policy/poddisruptionbudgets.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac/rbac.js';
import { priorityClasses } from './scheduling/priorityclasses.js';
import {
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
} from './storage/storage.js';

/** Hides the object's type, so that definitions of all kinds fit into one list. */
function served<T extends ApiObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}

export interface RegistryOptions extends ServiceRanges, RequestChecks, KeyPairCheck {
  /** Serves mutating admission policies. */
  mutatingPolicies?: boolean;
}

export function createRegistry(options: RegistryOptions): readonly ResourceDefinition[] {
  return [
    served(pods),
    served(services(options)),
    served(replicationControllers),
    served(namespaces),
    served(nodes),
    served(endpoints),
    served(secrets(options)),
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
    ...(options.mutatingPolicies
      ? [served(mutatingAdmissionPolicies), served(mutatingAdmissionPolicyBindings)]
      : []),
    served(customResourceDefinitions),
    served(apiServices),
  ];
}
