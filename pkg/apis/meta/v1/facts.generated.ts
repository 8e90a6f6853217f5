// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const FIXED = [
"name",
"namespace",
"uid",
"creationTimestamp",
"deletionTimestamp",
"deletionGracePeriodSeconds"
] as const;
