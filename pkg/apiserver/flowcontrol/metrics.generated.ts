// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const FLOW_METRICS = {
"inQueue": ["gauge","apiserver_flowcontrol_current_inqueue_requests","Number of requests currently pending in queues of the API Priority and Fairness subsystem",["priority_level","flow_schema"]],
"executing": ["gauge","apiserver_flowcontrol_current_executing_requests","Number of requests in regular execution phase in the API Priority and Fairness subsystem",["priority_level"]],
"dispatched": ["counter","apiserver_flowcontrol_dispatched_requests_total","Number of requests executed by API Priority and Fairness subsystem",["priority_level","flow_schema"]],
"rejected": ["counter","apiserver_flowcontrol_rejected_requests_total","Number of requests rejected by API Priority and Fairness subsystem",["priority_level","flow_schema","reason"]],
"waits": ["histogram","apiserver_flowcontrol_request_wait_duration_seconds","Length of time a request that could not start at once spent waiting in its queue",["priority_level","flow_schema","execute"],[0,0.005,0.02,0.05,0.1,0.2,0.5,1,2,5,10,15,30]]
} as const;
