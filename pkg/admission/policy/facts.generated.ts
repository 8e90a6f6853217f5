// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
"admissionregistration.k8s.io": ["validatingadmissionpolicies","validatingadmissionpolicybindings","mutatingadmissionpolicies","mutatingadmissionpolicybindings"],
"authentication.k8s.io": ["selfsubjectreviews","tokenreviews"],
"authorization.k8s.io": ["localsubjectaccessreviews","selfsubjectaccessreviews","selfsubjectrulesreviews","subjectaccessreviews"]
};
