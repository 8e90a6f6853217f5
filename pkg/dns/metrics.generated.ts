// Written by hack/generate-tables.mjs from metrics.yaml; do not edit.

export const DNS_METRICS = {
"requests": ["counter","coredns_dns_requests_total","Counter of DNS requests made per zone, protocol and family.",["proto","type"]],
"responses": ["counter","coredns_dns_responses_total","Counter of response status codes.",["rcode","plugin"]],
"duration": ["histogram","coredns_dns_request_duration_seconds","Histogram of the time (in seconds) each request took per zone.",[],[0.00025,0.0005,0.001,0.002,0.004,0.008,0.016,0.032,0.064,0.128,0.256,0.512,1.024,2.048,4.096,8.192]]
} as const;

export const CACHE_METRICS = {
"hits": ["counter","coredns_cache_hits_total","The count of cache hits.",["type"]],
"misses": ["counter","coredns_cache_misses_total","The count of cache misses."]
} as const;
