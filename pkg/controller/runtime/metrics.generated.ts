// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const RECONCILE_METRICS = {
"total": ["counter","controller_runtime_reconcile_total","Total number of reconciliations per controller",["controller","result"]],
"took": ["histogram","controller_runtime_reconcile_time_seconds","Length of time per reconciliation per controller",["controller"],[0.001,0.005,0.01,0.05,0.1,0.5,1,5,30]]
} as const;
