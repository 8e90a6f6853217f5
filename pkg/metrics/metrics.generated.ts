// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const SCRAPE_METRICS = {
"requests": ["counter","metrics_server_kubelet_request_total","Number of requests sent to Kubelet API",["success"]],
"round": ["histogram","metrics_server_manager_tick_duration_seconds","The total time spent collecting and storing metrics in seconds.",[],[0.1,0.3,1,2.5,5,10,15,30]]
} as const;
