// The HTTPS server of the group, behind the API server.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { forbiddenError } from '../apimachinery/errors/forbidden.js';
import { StatusError, statusError } from '../apimachinery/errors/status-error.js';
import type { AccessAttributes, AccessReviewer } from '../client/access-review.js';
import { serveHttp, type HttpServerOptions } from '../system/http-server.js';
import type { Env } from '../util/env/env.js';
import { jsonText } from '../util/json/json-text.js';
import { EXPOSITION_TYPE } from '../util/metrics/exposition.js';
import { answer, GROUP, targetOf, VERSION, type Source } from './answer.js';
import { callerOf, type Trust } from './trust.js';

export interface ServeOptions extends Pick<HttpServerOptions, 'address' | 'port'> {
  env: Env;
  /** PEM. */
  pair: { cert: string; key: string };
  trust: Trust;
  source: Source;
  reviewer: AccessReviewer;
  /** Names what is missing until this server can answer. */
  unready(): string | undefined;
}

/** Paths that everybody may read. */
const HEALTH = new Set(['/healthz', '/livez', '/readyz']);

function attributesOf(method: string, path: string): AccessAttributes {
  const target = targetOf(path);
  const read = target?.name ? 'get' : 'list';
  const verb = method === 'GET' ? (target ? read : 'get') : method.toLowerCase();
  return target
    ? { resourceAttributes: { group: GROUP, version: VERSION, verb, ...target } }
    : { nonResourceAttributes: { path, verb } };
}

function send(response: ServerResponse, code: number, text: string, type: string): void {
  response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(text);
}

async function respond(
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', headers, url = '/' } = request;
  const { pathname: path, searchParams: query } = new URL(url, 'https://metrics');
  if (HEALTH.has(path)) {
    const missing = path === '/readyz' ? options.unready() : undefined;
    return send(response, missing ? 503 : 200, missing ?? 'ok', 'text/plain; charset=utf-8');
  }
  const caller = await callerOf(request, options.trust, options.reviewer);
  if (!caller) throw statusError('Unauthorized', 'Unauthorized');
  const attributes = attributesOf(method, path);
  if (!(await options.reviewer.isAllowed(caller, attributes))) {
    const { resourceAttributes, nonResourceAttributes } = attributes;
    throw forbiddenError({ user: caller, ...resourceAttributes, ...nonResourceAttributes });
  }
  if (path === '/metrics')
    return send(response, 200, await options.env.metrics.render(), EXPOSITION_TYPE);
  const body = answer(options.source, { method, path, query, accept: headers.accept ?? '' });
  send(response, 200, `${jsonText(body)}\n`, 'application/json');
}

/** Serves until abort. Resolves to the port. */
export function serveMetrics(options: ServeOptions, signal: AbortSignal): Promise<number> {
  const { address, port, pair, trust, env } = options;
  return serveHttp(
    {
      address,
      port,
      tls: {
        ...pair,
        ca: [trust.proxyCa, trust.clientCa].filter(Boolean),
        requestCert: true,
        rejectUnauthorized: false,
      },
      request: (request, response) => {
        respond(options, request, response).catch((error: unknown) => {
          const isKnown = error instanceof StatusError;
          if (!isKnown) env.log.warn('request failed', { error });
          const { status, code } = isKnown
            ? error
            : statusError('InternalError', 'Internal error occurred');
          send(response, code, `${jsonText(status)}\n`, 'application/json');
        });
      },
    },
    signal,
  );
}
