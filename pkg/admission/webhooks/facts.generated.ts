// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const EXEMPT: ReadonlySet<string> = new Set([
"validatingwebhookconfigurations",
"mutatingwebhookconfigurations",
"validatingadmissionpolicies",
"validatingadmissionpolicybindings",
"mutatingadmissionpolicies",
"mutatingadmissionpolicybindings"
]);
