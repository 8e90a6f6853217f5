// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const SERVER_METRICS = {
"inFlight": ["gauge","apiserver_current_inflight_requests","Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",["request_kind"]],
"longRunning": ["gauge","apiserver_longrunning_requests","Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.",["verb","group","version","resource","subresource","scope","component"]],
"terminated": ["counter","apiserver_request_terminations_total","Number of requests which apiserver terminated in self-defense.",["verb","group","version","resource","subresource","scope","component","code"]],
"watchers": ["gauge","apiserver_registered_watchers","Number of currently registered watchers for a given resource",["group","resource"]],
"objects": ["gauge","apiserver_storage_objects","Number of stored objects at the time of last check split by kind.",["resource"]],
"memory": ["gauge","process_resident_memory_bytes","Resident memory size in bytes."],
"cpu": ["gauge","process_cpu_seconds_total","Total user and system CPU time spent in seconds."]
} as const;
