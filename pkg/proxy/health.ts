// /healthz and /livez as upstream's kube-proxy answers them: /healthz also fails while the node is
// being deleted. Rules of network policies count like those of services.
import type { RequestListener } from 'node:http';
import { serveHttp } from '../system/http-server.js';
import { timestamp, type Env } from '../util/env/env.js';
import { HEALTHY_WITHIN_MS } from './limits.js';
import { registered } from '../util/metrics/registered.js';
import { HEALTH_METRICS } from './metrics.generated.js';

/** The state behind the answers. */
export interface ProxyState {
  /** Services are programmed, and no change of them is overdue. */
  readonly current: boolean;
  /** Undefined before the first sync. */
  readonly lastSyncAgoMs: number | undefined;
  readonly nodeEligible: boolean;
}

export interface PolicyState {
  readonly overdueMs: number;
}

/** Serves until abort; resolves with the port. */
export async function serveProxyHealth(
  env: Env,
  proxier: ProxyState,
  policies: PolicyState | undefined,
  bind: { address: string; port: number },
  signal: AbortSignal,
): Promise<number> {
  const counters = registered(env.metrics, HEALTH_METRICS);
  const request: RequestListener = (request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    if (path !== '/healthz' && path !== '/livez') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
      return;
    }
    const { nodeEligible, lastSyncAgoMs } = proxier;
    const policiesCurrent = !policies || policies.overdueMs < HEALTHY_WITHIN_MS;
    const alive = proxier.current && policiesCurrent;
    const code = alive && (path === '/livez' || nodeEligible) ? 200 : 503;
    const now = env.clock.now();
    const lastUpdated = timestamp(lastSyncAgoMs === undefined ? 0 : now - lastSyncAgoMs);
    const body = {
      lastUpdated,
      currentTime: timestamp(now),
      ...(path === '/healthz' && { nodeEligible }),
      ...(policies && { networkPoliciesCurrent: policiesCurrent }),
    };
    counters[path].inc({ code });
    response
      .writeHead(code, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
      .end(JSON.stringify(body));
  };
  return serveHttp({ ...bind, request }, signal);
}
