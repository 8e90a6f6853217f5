// The HTTP server of every daemon: /healthz, /livez, /readyz with named checks, and /metrics. The
// answers and the listener are separate, so that a thread can listen for the event loop.
import { STATUS_CODES } from 'node:http';
import type { ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Env } from '../util/env/env.js';
import { isLocal, serveHttp } from './http-server.js';

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** The part of a request that decides about its answer; a message between threads can carry it. */
export interface HealthRequest {
  path: string;
  query: string;
  /** The client is on this machine. */
  isLocal: boolean;
  /** The bearer token; absent when it came in clear text: somebody else may have read it. */
  token?: string;
}

export interface HealthAnswer {
  code: number;
  text: string;
}

export interface HealthBind {
  address: string;
  /** 0 lets the system choose the port. */
  port: number;
  tls?: ServerOptions;
}

/** Listens until abort. Resolves with the bound port once it listens. */
export type HealthListener = (
  bind: HealthBind,
  answer: (request: HealthRequest) => Promise<HealthAnswer>,
  signal: AbortSignal,
) => Promise<number>;

export interface HealthServerOptions extends HealthBind {
  /** Named readiness checks; a thrown error or a rejection fails the check. */
  checks?: Record<string, () => void | Promise<void>>;
  /** Further paths, answered as text; a thrown error is answered with 503 and its message. */
  paths?: Record<string, () => string | Promise<string>>;
  /**
   * The readers of /metrics. Clients on this machine are always among them, except for 'nobody'. A
   * function decides about the bearer tokens of the others: 200, 401 or 403.
   */
  metrics: 'everybody' | 'nobody' | ((token: string) => Promise<number>);
  /** Default: listenForHealth. */
  listen?: HealthListener | undefined;
}

/** Listens on the event loop of the caller. */
export const listenForHealth: HealthListener = ({ address, port, tls }, answer, signal) =>
  serveHttp(
    {
      address,
      port,
      ...(tls && { tls }),
      request: ({ url, socket, headers }, response) => {
        const token = (socket as TLSSocket).encrypted
          ? /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim()
          : undefined;
        const [path = '/', query = ''] = (url ?? '/').split('?');
        void answer({ path, query, isLocal: isLocal(socket), ...(token && { token }) })
          .catch((error: Error) => ({ code: 503, text: error.message }))
          .then(({ code, text }) => response.writeHead(code, TEXT).end(text));
      },
    },
    signal,
  );

/** Serves until abort. Resolves with the bound port once it listens. */
export function serveHealth(
  env: Env,
  { checks = {}, paths, metrics, listen = listenForHealth, ...bind }: HealthServerOptions,
  signal: AbortSignal,
): Promise<number> {
  const answer = async ({ path, isLocal, token }: HealthRequest): Promise<HealthAnswer> => {
    if (path === '/metrics' && metrics !== 'nobody') {
      const code =
        metrics === 'everybody' || isLocal ? 200 : token === undefined ? 401 : await metrics(token);
      return { code, text: code === 200 ? await env.metrics.render() : STATUS_CODES[code]! };
    }
    const extra = paths?.[path];
    if (extra) return { code: 200, text: await extra() };
    if (path === '/healthz' || path === '/livez') return { code: 200, text: 'ok' };
    if (path !== '/readyz') return { code: 404, text: '404 page not found\n' };
    const failed: string[] = [];
    for (const [name, check] of Object.entries(checks)) {
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
  return listen(bind, answer, signal);
}
