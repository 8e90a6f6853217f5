// Metrics under upstream's names and labels (apiserver/pkg/endpoints/metrics). Only requests to
// served resources, with a verb and scope that the resource has, are counted under their names.
// Other requests share one set of labels, so that the list of resources bounds the number of
// series.
import type { SubresourceFacts } from '../../apimachinery/schema/facts.js';
import type { Env } from '../../util/env/env.js';
import type { RequestInfo } from '../request/request-info.js';
import { registered } from '../../util/metrics/registered.js';
import { SERVER_METRICS } from './metrics.generated.js';
import { RequestSeries } from './request-series.js';
import type { ServedResource } from '../served/served.js';
import { VERBS } from './facts.generated.js';

const COLLECTION_VERBS = new Set(['list', 'create', 'deletecollection']);

/** Labels of a request. */
export type Route = Record<(typeof SERVER_METRICS.longRunning)[3][number], string>;

const NOWHERE = {
  group: '',
  version: '',
  resource: '',
  subresource: '',
  scope: '',
  component: 'apiserver',
};

function scopeOf(info: RequestInfo): string {
  if (info.name || info.verb === 'create') return 'resource';
  return info.namespace ? 'namespace' : 'cluster';
}

function isRoute(
  info: RequestInfo,
  { definition: { facts }, namespaced }: ServedResource,
): boolean {
  const served: SubresourceFacts | typeof facts | undefined = info.subresource
    ? facts.subresources?.find(({ name }) => name === info.subresource)
    : facts;
  if (!served?.verbs.includes(info.verb)) return false;
  const ofCollection = !info.subresource && COLLECTION_VERBS.has(info.verb);
  if (ofCollection ? info.name !== '' : info.name === '' && info.verb !== 'watch') return false;
  if (!namespaced)
    return !info.namespace || (facts.resource === 'namespaces' && facts.group === '');
  return info.namespace !== '' || ((info.verb === 'list' || info.verb === 'watch') && !info.name);
}

/**
 * `resource` is the served resource, if any; `isConnect` is true for exec, proxy and similar
 * subresources.
 */
export function routeOf(
  info: RequestInfo,
  resource: ServedResource | undefined,
  isConnect: boolean,
  contentType: string | undefined,
): Route {
  const isApply =
    info.verb === 'patch' &&
    contentType !== undefined &&
    contentType.startsWith('application/apply-patch');
  const verb = isApply
    ? 'APPLY'
    : isConnect && info.subresource !== 'log'
      ? 'CONNECT'
      : (VERBS[info.verb] ?? 'OTHER');
  if (!resource || !isRoute(info, resource)) return { verb, ...NOWHERE };
  const { group, version, subresource } = info;
  return {
    verb,
    group,
    version,
    resource: info.resource,
    subresource,
    scope: scopeOf(info),
    component: 'apiserver',
  };
}

export function createServerMetrics({ metrics, clock }: Pick<Env, 'metrics' | 'clock'>) {
  const requests = new RequestSeries();
  const { inFlight, longRunning, terminated, watchers, objects, memory, cpu } = registered(
    metrics,
    SERVER_METRICS,
  );
  const open = new Map<string, number>();
  return {
    /** All metrics as Prometheus text; reads the process's CPU and memory now. */
    async render(): Promise<string> {
      const { user, system } = process.cpuUsage();
      cpu.set((user + system) / 1e6);
      memory.set(process.memoryUsage.rss());
      return requests.render() + (await metrics.render());
    },
    inFlight,
    watchers,
    objects,
    /** Counts the beginning (`change` 1) or the end (-1) of a long-running request. */
    open(route: Route, change: 1 | -1): void {
      const key = Object.values(route).join();
      const count = (open.get(key) ?? 0) + change;
      open.set(key, count);
      longRunning.set(count, route);
    },
    /**
     * Counts a finished request. `started` is in monotonic ms; long-running requests have no
     * duration.
     */
    done(route: Route, isDryRun: boolean, code: number, started: number, isLong: boolean): void {
      requests.record(
        route,
        isDryRun,
        code,
        isLong ? undefined : (clock.monotonic() - started) / 1000,
      );
      if (code === 429 || code === 504) terminated.inc({ ...route, code });
    },
  };
}

export type ServerMetrics = ReturnType<typeof createServerMetrics>;
