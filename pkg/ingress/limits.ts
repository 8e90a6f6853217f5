// Every bound of the ingress controller by name. Times are in milliseconds.

/** Fewest servers that the configuration of a backend has room for. */
export const MIN_SLOTS = 4;
/** Two reloads are at least this far apart: each leaves a process that finishes its connections. */
export const RELOAD_MS = 1_000;
/** Reloads take no more than a third of the time: commands for endpoints wait for them. */
export const REST_PER_RELOAD = 2;
/** The proxy has this long to load a configuration; a room full of certificates takes a minute. */
export const LOAD_MS = 120_000;
/** Its connections have this long to end; pods have 90 seconds in all. */
export const DRAIN_MS = 80_000;
/** The state of the proxy is compared with the cluster this often, even without a change. */
export const REPAIR_MS = 60_000;
/** Commands of one write to the proxy's socket, which takes 16 KB at once. */
export const COMMANDS_AT_ONCE = 100;
/** Bits of an RSA key: HAProxy refuses shorter keys, and handshakes with longer keys take long. */
export const SHORTEST_RSA = 2048;
export const LONGEST_RSA = 8192;
/** HAProxy splits longer lines of its lists. */
export const LONGEST_PATH = 4096;
/** Certificates in a secret. */
export const LONGEST_CHAIN = 16;
/** Memory of the proxy for all ingresses, and the most of it for those of one namespace. */
export const ROOM = 512 * 2 ** 20;
export const SHARE = ROOM / 4;
/** Measured costs of the parts of a configuration; the files take a quarter of the room at most. */
export const BYTES = { line: 256, text: 4, certificate: 16_384, backend: 12_288, server: 6_144 };
