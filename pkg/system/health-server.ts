// The HTTP server of every daemon: /healthz, /livez, /readyz with named checks, and /metrics.
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Env } from '../util/env/env.js';
import { isLocal, serveHttp } from './http-server.js';

const TEXT = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
};

export interface HealthServerOptions {
  address: string;
  /** 0 lets the system choose the port. */
  port: number;
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Named readiness checks; a thrown error or a rejection fails the check. */
  checks?: Record<string, () => void | Promise<void>>;
  /** Further paths, answered as text; a thrown error is answered with 503 and its message. */
  paths?: Record<string, () => string | Promise<string>>;
  /**
   * The readers of /metrics. Clients on this machine are always among them, except for 'nobody'. A
   * function decides about the bearer tokens of the others: 200, 401 or 403.
   */
  metrics: 'everybody' | 'nobody' | ((token: string) => Promise<number>);
}

/** Tokens that were sent in clear text are not judged: somebody else may have read them. */
async function admitReader(
  { socket, headers }: IncomingMessage,
  judge: (token: string) => Promise<number>,
): Promise<number> {
  if (isLocal(socket)) return 200;
  const token = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return token && (socket as TLSSocket).encrypted ? judge(token.trim()) : 401;
}

/** Listens until abort. Resolves with the bound port once it listens. */
export async function serveHealth(
  env: Env,
  options: HealthServerOptions,
  signal: AbortSignal,
): Promise<number> {
  const { metrics } = options;
  const answer = async (request: IncomingMessage): Promise<{ code: number; text: string }> => {
    const path = (request.url ?? '/').split('?')[0]!;
    if (path === '/metrics' && metrics !== 'nobody') {
      const code = metrics === 'everybody' ? 200 : await admitReader(request, metrics);
      return { code, text: code === 200 ? await env.metrics.render() : STATUS_CODES[code]! };
    }
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
  return serveHttp(
    {
      ...options,
      request: (request, response) => {
        answer(request)
          .catch((error: Error) => ({ code: 503, text: error.message }))
          .then(({ code, text }) => {
            response.writeHead(code, TEXT).end(text);
          })
          .catch((error: unknown) => env.log.warn('cannot answer a health request', { error }));
      },
    },
    signal,
  );
}
