// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const REFLECTOR_METRICS = {
"failed": ["counter","reflector_failures_total","Lists and watches that failed.",["resource","verb"]],
"lists": ["counter","reflector_lists_total","Lists that began a mirror anew.",["resource"]]
} as const;

export const RECORDER_METRICS = {
"dropped": ["counter","event_recorder_dropped_total","Events not written, by cause.",["cause"]]
} as const;

export const ELECTION_METRICS = {
"isLeader": ["gauge","leader_election_master_status","Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master.",["name"]]
} as const;

export const WORKQUEUE_METRICS = {
"depth": ["gauge","workqueue_depth","Current depth of workqueue",["name"]],
"adds": ["counter","workqueue_adds_total","Total number of adds handled by workqueue",["name"]],
"retries": ["counter","workqueue_retries_total","Total number of retries handled by workqueue",["name"]],
"waited": ["histogram","workqueue_queue_duration_seconds","How long in seconds an item stays in workqueue before being requested",["name"],[0.0001,0.001,0.01,0.1,1,10,100]],
"worked": ["histogram","workqueue_work_duration_seconds","How long in seconds processing an item from workqueue takes.",["name"],[0.0001,0.001,0.01,0.1,1,10,100]]
} as const;
