// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const PROXY_METRICS = {
"duration": ["histogram","kubeproxy_sync_proxy_rules_duration_seconds","SyncProxyRules latency in seconds",["ip_family"],[0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192,16.384]],
"fullDuration": ["histogram","kubeproxy_sync_full_proxy_rules_duration_seconds","SyncProxyRules latency in seconds for full resyncs",["ip_family"],[0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192,16.384]],
"partialDuration": ["histogram","kubeproxy_sync_partial_proxy_rules_duration_seconds","SyncProxyRules latency in seconds for partial resyncs",["ip_family"],[0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192,16.384]],
"lastSync": ["gauge","kubeproxy_sync_proxy_rules_last_timestamp_seconds","The last time proxy rules were successfully synced",["ip_family"]],
"lastQueued": ["gauge","kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds","The last time a sync of proxy rules was queued",["ip_family"]],
"programmingLatency": ["histogram","kubeproxy_network_programming_duration_seconds","In Cluster Network Programming Latency in seconds",["ip_family"],[0.25,0.5,1,2,3,4,5,6,7,8,9,10,15,20,30,45,60,120,180,240,300]],
"syncFailures": ["counter","kubeproxy_sync_proxy_rules_nftables_sync_failures_total","Cumulative proxy nftables sync failures",["ip_family"]],
"cleanupFailures": ["counter","kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total","Cumulative proxy nftables cleanup failures",["ip_family"]],
"noLocalEndpoints": ["gauge","kubeproxy_sync_proxy_rules_no_local_endpoints_total","Number of services with a Local traffic policy and no endpoints",["ip_family","traffic_policy"]],
"serviceChanges": ["counter","kubeproxy_sync_proxy_rules_service_changes_total","Cumulative proxy rules Service changes"],
"servicesPending": ["gauge","kubeproxy_sync_proxy_rules_service_changes_pending","Pending proxy rules Service changes"],
"endpointChanges": ["counter","kubeproxy_sync_proxy_rules_endpoint_changes_total","Cumulative proxy rules Endpoint changes"],
"endpointsPending": ["gauge","kubeproxy_sync_proxy_rules_endpoint_changes_pending","Pending proxy rules Endpoint changes"]
} as const;

export const HEALTH_METRICS = {
"/healthz": ["counter","kubeproxy_proxy_healthz_total","Cumulative proxy healthz HTTP status",["code"]],
"/livez": ["counter","kubeproxy_proxy_livez_total","Cumulative proxy livez HTTP status",["code"]]
} as const;

export const POLICY_METRICS = {
"duration": ["histogram","kubeproxy_network_policy_sync_duration_seconds","Time of one transaction of network policy rules",[],[0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192,16.384]],
"last": ["gauge","kubeproxy_network_policy_last_sync_timestamp_seconds","When network policy rules were last brought up to date"],
"elements": ["gauge","kubeproxy_network_policy_elements","Elements in the sets of network policy rules"],
"isolated": ["gauge","kubeproxy_network_policy_isolated_pods","Addresses of pods of this node to which a network policy applies"],
"failures": ["counter","kubeproxy_network_policy_sync_failures_total","Transactions of network policy rules that failed"],
"active": ["gauge","kubeproxy_network_policy_policies","Network policies that select pods of this node"]
} as const;
