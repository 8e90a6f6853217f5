// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const STATEFUL_SET_MUTABLE = [
"replicas",
"ordinals",
"template",
"updateStrategy",
"persistentVolumeClaimRetentionPolicy",
"minReadySeconds"
] as const;
