// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const KUBELET_METRICS = {
"startLatency": ["histogram","kubelet_pod_start_duration_seconds","Seconds from a pod seen first to its containers started.",[],[0.1,0.2,0.3,0.5,1,2,5,10,30,60]],
"runningPods": ["gauge","kubelet_running_pods","Pods that have a worker."],
"evictions": ["counter","kubelet_evictions","Cumulative number of pod evictions by eviction signal.",["eviction_signal"]]
} as const;

export const RUNTIME_METRICS = {
"total": ["counter","kubelet_runtime_operations_total","Cumulative number of runtime operations by operation type.",["operation_type"]],
"errors": ["counter","kubelet_runtime_operations_errors_total","Cumulative number of runtime operation errors by operation type.",["operation_type"]],
"duration": ["histogram","kubelet_runtime_operations_duration_seconds","Duration in seconds of runtime operations. Broken down by operation type.",["operation_type"],[0.005,0.0125,0.03125,0.078,0.195,0.49,1.22,3.05,7.63,19]]
} as const;
