// All bounds of the DNS server.

/** TTL of SkyDNS records without a TTL (the default of SkyDNS), in seconds. */
export const SKYDNS_TTL = 3600;
/** CNAMEs followed inside one answer. */
export const MAX_CNAME_CHAIN = 8;
/** Largest UDP answer, whatever the client offers (RFC 9715 3.1 suggests 1400). */
export const MAX_UDP_ANSWER = 4096;
/** Queries waiting for an upstream server at once; more are answered SERVFAIL. */
export const MAX_FORWARDS = 1000;
/** Timeout of one upstream server, in milliseconds. */
export const FORWARD_TIMEOUT_MS = 2000;
/** No further server is asked after this time; resolvers give up after 5 s, in milliseconds. */
export const FORWARD_TOTAL_MS = 3000;
/** Time between probes of a server that does not answer, in milliseconds. */
export const PROBE_INTERVAL_MS = 500;
/** Largest UDP answer that upstream servers may send, as of the DNS flag day of 2020. */
export const UPSTREAM_UDP_BYTES = 1232;
/** Capacity of the cache of upstream answers. */
export const MAX_CACHED_ANSWERS = 9984;
/** Maximum TTL in that cache, in seconds. */
export const MAX_CACHE_TTL = 30;
/** Open TCP connections, and the idle timeout of one, in milliseconds. */
export const MAX_TCP_CONNECTIONS = 1000;
export const TCP_IDLE_MS = 10_000;
