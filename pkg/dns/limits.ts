// Every bound of the DNS server.

/** TTL of answers from the cluster, in seconds, as the Kubernetes add-on sets it. */
export const CLUSTER_TTL = 30;
/** How long others may remember that a name does not exist, in seconds: short, for services that come up. */
export const NEGATIVE_TTL = 5;
/** TTL of SkyDNS records that name none (SkyDNS default). */
export const SKYDNS_TTL = 3600;
/** CNAMEs followed inside one answer. */
export const MAX_CNAME_CHAIN = 8;
/** Largest UDP answer, whatever the client offers (RFC 9715 3.1 suggests 1400). */
export const MAX_UDP_ANSWER = 4096;
/** Queries waiting for an upstream server at once; more are answered SERVFAIL. */
export const MAX_FORWARDS = 1000;
/** One upstream server's time to answer, in milliseconds. */
export const FORWARD_TIMEOUT_MS = 2000;
/** Answers of upstream servers kept. */
export const MAX_CACHED_ANSWERS = 9984;
/** Longest stay in that cache, in seconds. */
export const MAX_CACHE_TTL = 30;
/** Open TCP connections, and how long one may be silent, in milliseconds. */
export const MAX_TCP_CONNECTIONS = 1000;
export const TCP_IDLE_MS = 10_000;
