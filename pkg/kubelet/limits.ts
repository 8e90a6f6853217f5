// The kubelet's bounds. Times are in milliseconds unless the name has another unit.
import { SMALL_SERVER, type HttpBounds } from '../system/http-server.js';

/** Default timeout of a unary call to the runtime. Upstream: --runtime-request-timeout. */
export const RUNTIME_CALL_TIMEOUT = 120_000;
/** Timeout of an image pull. */
export const PULL_TIMEOUT = 30 * 60_000;
/** Largest message from the runtime. */
export const RUNTIME_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Relist period, which makes up for lost events. Upstream: 1 s (generic PLEG), 300 s (evented). */
export const RELIST_PERIOD = 60_000;
/** Delay between attempts to reach a runtime that is still starting. */
export const RUNTIME_RETRY = 200;
/** Back-off between connections to the runtime's event stream. */
export const EVENT_STREAM_RETRY = { baseMs: 100, maxMs: 5_000 } as const;
/** An exit event can arrive before the runtime's state shows the exit; delays before new checks. */
export const EXIT_SETTLE_DELAYS = [5, 15, 40, 100, 250, 600, 1500] as const;

/** Restart back-off: 10 s, doubled up to 5 min, reset after 10 min without a crash. */
export const CONTAINER_BACKOFF = { baseMs: 10_000, maxMs: 300_000 } as const;
export const CONTAINER_BACKOFF_FORGET = 600_000;
/** Image pull back-off per image and pod. */
export const IMAGE_BACKOFF = { baseMs: 10_000, maxMs: 300_000 } as const;
/** Timeout for the API objects that a pod's volumes and environment need. */
export const VOLUME_TIMEOUT = 30_000;
/** Delay before the reason ErrImagePull becomes ImagePullBackOff. */
export const IMAGE_ERROR_SHOWN = 2_000;
/** Back-off after a failed sync (volumes, sandbox, configuration). */
export const SYNC_BACKOFF = { baseMs: 1_000, maxMs: 30_000 } as const;
/** Resync period of an idle pod. Upstream: --sync-frequency. */
export const SYNC_FREQUENCY = 60_000;
/** Parallel image pulls; more would only compete for the disk. */
export const PARALLEL_PULLS = 4;

/** Minimum time between SIGTERM and SIGKILL, even if preStop used the whole grace period. */
export const MINIMUM_GRACE_SECONDS = 2;
/** Time added to the grace period for the timeout of a stop call. */
export const STOP_CALL_SLACK = 60_000;
/** Dead instances kept per container of a running pod, for `logs --previous`. */
export const DEAD_CONTAINERS_PER_NAME = 1;
export const GC_PERIOD = 60_000;
export const IMAGE_GC_PERIOD = 5 * 60_000;

/** Period of the eviction manager (upstream: monitoringInterval). */
export const EVICTION_PERIOD = 10_000;
/** Longest wait for an evicted pod before the next eviction (upstream: podCleanupTimeout). */
export const EVICTION_END_TIMEOUT = 30_000;

export const TERMINATION_MESSAGE_BYTES = 4096;
/** Shared by all containers of a pod (upstream: MaxPodTerminationMessageLogLength). */
export const POD_TERMINATION_MESSAGE_BYTES = 12 * 1024;
export const TERMINATION_LOG_BYTES = 2048;
export const TERMINATION_LOG_LINES = 80;

export const LOG_ROTATE_PERIOD = 10_000;

export const NODE_STATUS_REPORT_FREQUENCY = 300_000;
export const LEASE_SECONDS = 40;
export const LEASE_RENEW_PERIOD = 10_000;
/** Back-off between attempts to write a status. */
export const STATUS_RETRY = { baseMs: 200, maxMs: 10_000 } as const;

/** Back-off between attempts to create or delete a mirror pod. */
export const MIRROR_RETRY = { baseMs: 500, maxMs: 30_000 } as const;

/** Delays of the early readiness and startup probes within the first period of a container. */
export const EARLY_PROBE_DELAYS = [50, 100, 200, 400, 800, 1600, 3200] as const;
export const STATIC_POD_PERIOD = 20_000;
/** Delay between the first change of a manifest and its reading: editors write in several steps. */
export const EDITOR_SETTLE = 50;
/** Back-off between attempts to write the node's status or lease. */
export const NODE_WRITE_RETRY = { baseMs: 100, maxMs: 5_000 } as const;
/** Bytes read of the response to an HTTP probe or hook (upstream: 10 KiB). */
export const PROBE_BODY_BYTES = 10 * 1024;
/** Requests of one HTTP probe or hook, redirects included (upstream: net/http). */
export const PROBE_REQUESTS = 10;
/** A service account token is refreshed at 80 % of its lifetime, or after a day. */
export const TOKEN_REFRESH_FRACTION = 0.8;
export const TOKEN_MAX_AGE = 24 * 3_600_000;
/** Largest static pod manifest. */
export const MANIFEST_BYTES = 1024 * 1024;
/** Age of a container at which its output is attached to, and the period of the look at its end. */
export const ATTACH_SETTLE = 1_000;
export const ATTACH_POLL = 20;
/** Concurrent streaming connections. */
export const STREAMS = 256;
/** Connections of the secure port; the API server passes the header fields of its clients on. */
export const SERVER_BOUNDS: HttpBounds = {
  ...SMALL_SERVER,
  fields: 2_000,
  connectionsPerClient: 2 * STREAMS,
};
/** Age at which the disk usage of a pod is measured anew. Upstream: --volume-stats-agg-period. */
export const DISK_USAGE_AGE = 60_000;
/** Times that a walk's duration passes before the walk is repeated. */
export const DISK_WALK_REST = 20;
/** Shortest time over which a CPU rate is taken. */
export const CPU_RATE_WINDOW = 5_000;
/** The part of its life after which a certificate is renewed, by chance between these. */
export const RENEWAL_WINDOW = { earliest: 0.7, latest: 0.9 } as const;
/** Longest time between two looks at the age of a certificate. */
export const RENEWAL_LOOK_MS = 3_600_000;
/** Back-off after a request for a certificate that was refused or not answered. */
export const RENEWAL_RETRY = { baseMs: 2_000, maxMs: 300_000, jitter: 0.1 } as const;
/** Back-off of the look at an open request, and the time after which it counts as a failure. */
export const REQUEST_LOOK = { baseMs: 100, maxMs: 10_000, jitter: 0.5 } as const;
export const REQUEST_WAIT_MS = 15 * 60_000;
/** Folders within folders of a volume; each holds two descriptors while fsGroup is applied. */
export const MAX_VOLUME_DEPTH = 500;
