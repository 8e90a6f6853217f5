// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ResourceFacts } from '../../apimachinery/schema/facts.js';

/** The resources of the feature gate MutatingAdmissionPolicy. */
export const GATED_RESOURCES = JSON.parse(
  `[
{"categories":["api-extensions"],"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicy","namespaced":false,"resource":"mutatingadmissionpolicies","singular":"mutatingadmissionpolicy","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"version":"v1beta1"},
{"categories":["api-extensions"],"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicyBinding","namespaced":false,"resource":"mutatingadmissionpolicybindings","singular":"mutatingadmissionpolicybinding","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"version":"v1beta1"}
]`,
) as ResourceFacts[];
