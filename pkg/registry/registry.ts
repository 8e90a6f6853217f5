// Every stored resource that the apiserver serves. A new resource is a definition in the file of
// its group and a line here. Reviews (TokenReview, SubjectAccessReview and others) are not stored;
// pkg/apiserver serves them.
// Invariant: discovery lists the resources of a group in this order.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ResourceDefinition } from '../apiserver/resource/definition.js';
import * as admission from './admissionregistration/admissionregistration.js';
import { apiServices } from './apiregistration/apiservices.js';
import { customResourceDefinitions } from './apiextensions/customresourcedefinitions.js';
import * as apps from './apps/apps.js';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalpodautoscalers-v1.js';
import { horizontalPodAutoscalers } from './autoscaling/horizontalpodautoscalers.js';
import { cronJobs, jobs } from './batch/batch.js';
import {
  certificateSigningRequests,
  type RequestChecks,
} from './certificates/certificatesigningrequests.js';
import { leases } from './coordination/leases.js';
import * as core from './core/core.js';
import { pods } from './core/pods.js';
import type { ServiceRanges } from './core/service-ranges.js';
import { services } from './core/services.js';
import { endpointSlices } from './discovery/endpointslices.js';
import { eventsEvents } from './events/events.js';
import { flowSchemas, priorityLevelConfigurations } from './flowcontrol/flowcontrol.js';
import * as networking from './networking/networking.js';
import { runtimeClasses } from './node/runtimeclasses.js';
import { podDisruptionBudgets } from './policy/poddisruptionbudgets.js';
import * as rbac from './rbac/rbac.js';
import { priorityClasses } from './scheduling/priorityclasses.js';
import * as storage from './storage/storage.js';

/** Hides the object's type, so that definitions of all kinds fit into one list. */
const served = <T extends ApiObject>(definition: ResourceDefinition<T>): ResourceDefinition =>
  definition as unknown as ResourceDefinition;

export interface RegistryOptions extends ServiceRanges, RequestChecks, core.KeyPairCheck {
  /** Serves mutating admission policies. */
  mutatingPolicies?: boolean;
}

export function createRegistry(options: RegistryOptions): readonly ResourceDefinition[] {
  return [
    served(pods),
    served(services(options)),
    served(core.replicationControllers),
    served(core.namespaces),
    served(core.nodes),
    served(core.endpoints),
    served(core.secrets(options)),
    served(core.configMaps),
    served(core.serviceAccounts),
    served(core.events),
    served(core.persistentVolumes),
    served(core.persistentVolumeClaims),
    served(core.limitRanges),
    served(core.resourceQuotas),
    served(core.podTemplates),
    served(apps.replicaSets),
    served(apps.deployments),
    served(apps.daemonSets),
    served(apps.statefulSets),
    served(apps.controllerRevisions),
    served(jobs),
    served(cronJobs),
    served(leases),
    served(endpointSlices),
    served(rbac.clusterRoles),
    served(rbac.clusterRoleBindings),
    served(rbac.roles),
    served(rbac.roleBindings),
    served(podDisruptionBudgets),
    served(priorityClasses),
    served(runtimeClasses),
    served(storage.storageClasses),
    served(storage.csiDrivers),
    served(storage.csiNodes),
    served(storage.csiStorageCapacities),
    served(storage.volumeAttachments),
    served(networking.ingresses),
    served(networking.ingressClasses),
    served(networking.networkPolicies),
    served(certificateSigningRequests(options)),
    served(horizontalPodAutoscalers),
    served(horizontalPodAutoscalersV1),
    served(eventsEvents),
    served(flowSchemas),
    served(priorityLevelConfigurations),
    served(admission.validatingWebhookConfigurations),
    served(admission.mutatingWebhookConfigurations),
    served(admission.validatingAdmissionPolicies),
    served(admission.validatingAdmissionPolicyBindings),
    ...(options.mutatingPolicies
      ? [
          served(admission.mutatingAdmissionPolicies),
          served(admission.mutatingAdmissionPolicyBindings),
        ]
      : []),
    served(customResourceDefinitions),
    served(apiServices),
  ];
}
