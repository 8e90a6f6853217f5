// /healthz and /livez as upstream's kube-proxy answers them: healthz also fails while the node goes away.
import { createServer } from 'node:http';
import type { Env } from '../util/env/env.js';
import { timestamp } from '../util/env/env.js';
import type { Proxier } from './proxier.js';

export async function serveProxyHealth(env: Env, proxier: Proxier, bind: { address: string; port: number }, signal: AbortSignal): Promise<void> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    if (path !== '/healthz' && path !== '/livez') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
      return;
    }
    const alive = proxier.current;
    const ok = path === '/livez' ? alive : alive && proxier.nodeEligible;
    const now = env.clock.now();
    const agoMs = proxier.lastSyncAgoMs;
    const lastUpdated = timestamp(agoMs === undefined ? 0 : now - agoMs);
    const body = { lastUpdated, currentTime: timestamp(now), ...(path === '/healthz' ? { nodeEligible: proxier.nodeEligible } : {}) };
    response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(bind.port, bind.address, resolve);
  });
  signal.addEventListener(
    'abort',
    () => {
      server.close();
      server.closeAllConnections();
    },
    { once: true },
  );
}
