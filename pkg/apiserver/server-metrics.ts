// Metrics under upstream's names (apiserver/pkg/endpoints/metrics).
import type { Env } from '../util/env/env.js';
import type { RequestInfo } from './request-info.js';

const DURATION_BUCKETS = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const REQUEST_LABELS = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component', 'code'] as const;

/** Upstream's upper-case verb: GET, LIST, WATCH, POST, ... */
const VERBS: Record<string, string> = {
  get: 'GET', list: 'LIST', watch: 'WATCH', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETECOLLECTION', proxy: 'CONNECT',
};

const NOTHING = { group: '', version: '', resource: '', subresource: '' };

function scopeOf(info: RequestInfo): string {
  if (!info.isResource) return '';
  if (info.name) return 'resource';
  return info.namespace ? 'namespace' : 'cluster';
}

export function createServerMetrics({ metrics, clock }: Pick<Env, 'metrics' | 'clock'>) {
  const total = metrics.counter('apiserver_request_total', 'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.', REQUEST_LABELS);
  const duration = metrics.histogram('apiserver_request_duration_seconds', 'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.', DURATION_BUCKETS, ['verb', 'group', 'version', 'resource', 'subresource', 'scope']);
  const inFlight = metrics.gauge('apiserver_current_inflight_requests', 'Maximal number of currently used inflight request limit of this apiserver per request kind in last second.', ['request_kind']);
  const longRunning = metrics.gauge('apiserver_longrunning_requests', 'Gauge of all active long-running apiserver requests broken out by verb.', ['verb']);
  const watchers = metrics.gauge('apiserver_registered_watchers', 'Number of currently registered watchers for a given resource', ['group', 'resource']);
  const objects = metrics.gauge('apiserver_storage_objects', 'Number of stored objects at the time of last check split by kind.', ['resource']);
  const memory = metrics.gauge('process_resident_memory_bytes', 'Resident memory size in bytes.');
  const cpu = metrics.gauge('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.');
  return {
    /** Brings the process's own figures up to date. */
    sample(): void {
      const { user, system } = process.cpuUsage();
      cpu.set((user + system) / 1e6);
      memory.set(process.memoryUsage.rss());
    },
    inFlight,
    longRunning,
    watchers,
    objects,
    /**
     * `started` is monotonic ms. Long-running requests are not timed. What is not `isServed` is
     * counted without its names: clients must not be able to make labels.
     */
    done(info: RequestInfo, isServed: boolean, code: number, started: number, isLong: boolean): void {
      const { group, version, resource, subresource } = isServed ? info : NOTHING;
      const verb = VERBS[info.verb] ?? 'OTHER';
      const scope = scopeOf(info);
      total.inc({ verb, dry_run: '', group, version, resource, subresource, scope, component: 'apiserver', code });
      if (!isLong) duration.observe((clock.monotonic() - started) / 1000, { verb, group, version, resource, subresource, scope });
    },
  };
}

export type ServerMetrics = ReturnType<typeof createServerMetrics>;
