// The HTTP server of every daemon: /healthz, /livez, /readyz with named checks, and /metrics.
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Env } from '../util/env/env.js';

export interface HealthServerOptions {
  address: string;
  /** 0 lets the system choose the port. */
  port: number;
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Named readiness checks; a thrown error or a rejection fails the check. */
  checks?: Record<string, () => void | Promise<void>>;
  /** Further paths, answered as text; a thrown error is answered with 503 and its message. */
  paths?: Record<string, () => string | Promise<string>>;
  metrics?: boolean;
}

/** Listens until abort. Resolves with the bound port once it listens. */
export async function serveHealth(
  env: Env,
  options: HealthServerOptions,
  signal: AbortSignal,
): Promise<number> {
  const answer = async (path: string): Promise<{ code: number; text: string }> => {
    if (path === '/metrics' && options.metrics !== false)
      return { code: 200, text: await env.metrics.render() };
    const extra = options.paths?.[path];
    if (extra) return { code: 200, text: await extra() };
    if (path === '/healthz' || path === '/livez') return { code: 200, text: 'ok' };
    if (path !== '/readyz') return { code: 404, text: '404 page not found\n' };
    const failed: string[] = [];
    for (const [name, check] of Object.entries(options.checks ?? {})) {
      try {
        await check();
      } catch (error) {
        failed.push(`[-]${name} failed: ${(error as Error).message}`);
      }
    }
    return failed.length
      ? { code: 503, text: `${failed.join('\n')}\nreadyz check failed\n` }
      : { code: 200, text: 'ok' };
  };
  const handler: Parameters<typeof createServer>[1] = (request, response) => {
    answer((request.url ?? '/').split('?')[0]!)
      .catch((error: Error) => ({ code: 503, text: error.message }))
      .then(({ code, text }) => {
        response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
      })
      .catch((error: unknown) => env.log.warn('cannot answer a health request', { error }));
  };
  const server: Server = options.tls
    ? createTlsServer(options.tls, handler)
    : createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, resolve);
  });
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const bound = server.address();
  return typeof bound === 'object' && bound ? bound.port : options.port;
}
