// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const CARRIED: readonly string[] = [
"name",
"namespace",
"uid",
"creationTimestamp",
"deletionTimestamp",
"deletionGracePeriodSeconds",
"generation",
"generateName",
"resourceVersion"
];
