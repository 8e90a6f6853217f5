// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const SHAPE = {
"authorizers": [{"type":"text","name":"text","webhook":{"authorizedTTL":"text","unauthorizedTTL":"text","timeout":"text","subjectAccessReviewVersion":"text","matchConditionSubjectAccessReviewVersion":"text","failurePolicy":"text","connectionInfo":{"type":"text","kubeConfigFile":"text"},"matchConditions":[{"expression":"text"}]}}]
} as const;
