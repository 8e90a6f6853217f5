// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const COUNTS = [
"parallelism",
"completions",
"activeDeadlineSeconds",
"backoffLimit",
"ttlSecondsAfterFinished",
"backoffLimitPerIndex",
"maxFailedIndexes"
] as const;
