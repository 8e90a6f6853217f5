// pods/proxy, services/proxy, nodes/proxy and their v1.0 forms below /api/v1/proxy relay one HTTP
// request to a backend, upgrades included (upstream apimachinery/pkg/util/proxy/upgradeaware.go).
// The proxy does not retry, because the backend may have acted.
//
// Invariants: the client's credentials never reach the backend; the path is forwarded without
// decoding.
import { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ConnectHandler, HandlerRequest, Headers } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { StatusError, statusError } from '../../apimachinery/errors/status-error.js';
import { type Backend, exchange, forwardedHeaders, relay, upgrade } from '../streaming/upgrade.js';
import { rewriteHtml, rewriteLocation } from './rewrite.js';
import { nodeTarget, podTarget, type ProxyConfig, serviceTarget } from './target.js';
import { HOP_BY_HOP } from './facts.generated.js';

const BODILESS = new Set(['GET', 'HEAD']);
/** Links in HTML pages up to this size are rewritten; longer pages pass unchanged. */
const MAX_HTML_BYTES = 1024 * 1024;

/** The query without the parameters of NodeProxyOptions and the related kinds. */
function searchOf(request: HandlerRequest): string {
  const at = request.url.indexOf('?');
  return at < 0 ? '' : request.url.slice(at);
}

function pathOf(request: HandlerRequest): string {
  const at = request.url.indexOf('?');
  return at < 0 ? request.url : request.url.slice(0, at);
}

/** The proxy's path up to the beginning of the backend's path. */
function prefixOf(request: HandlerRequest): string {
  const path = pathOf(request);
  return path.slice(0, path.length - request.info.rest.length);
}

function outgoingHeaders(request: HandlerRequest, backend: Backend): Headers {
  const headers = forwardedHeaders(request.headers);
  const host = request.headers['host'] ?? request.headers[':authority'];
  const hostOf = backend.host.includes(':') ? `[${backend.host}]` : backend.host;
  const previous = headers['x-forwarded-for'];
  return {
    ...headers,
    host: `${hostOf}:${backend.port}`,
    'x-forwarded-for': previous
      ? `${String(previous)}, ${request.remoteAddress}`
      : request.remoteAddress,
    'x-forwarded-uri': pathOf(request),
    'x-forwarded-proto': 'https',
    ...(host && { 'x-forwarded-host': host }),
  };
}

function withoutHops({ headers }: IncomingMessage): Headers {
  const kept: Headers = { ...headers };
  for (const name of HOP_BY_HOP) delete kept[name];
  return kept;
}

function answerHeaders(answer: IncomingMessage, backend: Backend, prefix: string): Headers {
  const headers = withoutHops(answer);
  for (const name of Object.keys(headers))
    if (name.startsWith('access-control-')) delete headers[name];
  if (answer.headers.location)
    headers['location'] = rewriteLocation(answer.headers.location, backend, prefix);
  return headers;
}

const hasBody = ({ method, headers }: HandlerRequest): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined
    ? headers['content-length'] !== '0'
    : !BODILESS.has(method));

async function readAtMost(answer: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(answer.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) {
      answer.unshift(Buffer.concat(chunks));
      return undefined;
    }
  }
  return Buffer.concat(chunks);
}

/** Sends a backend's answer with its links and redirects rewritten to the proxy. */
async function relayAnswer(
  request: HandlerRequest,
  backend: Backend,
  answer: IncomingMessage,
): Promise<void> {
  const prefix = prefixOf(request);
  const kept = answerHeaders(answer, backend, prefix);
  const status = answer.statusCode ?? 502;
  if (
    request.method !== 'HEAD' &&
    /^text\/html\b/.test(String(kept['content-type'])) &&
    !kept['content-encoding']
  ) {
    const page = await readAtMost(answer, MAX_HTML_BYTES);
    if (page) {
      delete kept['content-length'];
      return request.respond(status, kept, rewriteHtml(page.toString('utf8'), prefix));
    }
  }
  await stream(request, status, kept, answer);
}

/** Answers with the status and the headers, then the body of `answer` if there may be one. */
async function stream(
  request: HandlerRequest,
  status: number,
  headers: Headers,
  answer: IncomingMessage,
): Promise<void> {
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    answer.resume();
    return request.respond(status, headers);
  }
  await pipeline(answer, request.stream(status, headers), { signal: request.signal }).catch(
    (error: unknown) => {
      if (!request.signal.aborted) throw error;
    },
  );
}

type EditHeaders = (headers: Headers) => Headers;
type RelayAnswer = (
  request: HandlerRequest,
  backend: Backend,
  answer: IncomingMessage,
) => Promise<void>;

const sameHeaders: EditHeaders = (headers) => headers;

async function proxyUpgrade(
  request: HandlerRequest,
  backend: Backend,
  path: string,
  edit = sameHeaders,
): Promise<void> {
  const headers = {
    ...edit(outgoingHeaders(request, backend)),
    connection: 'Upgrade',
    upgrade: String(request.headers['upgrade']),
  };
  const answer = await upgrade(backend, { method: request.method, path, headers }, request.signal);
  if (answer instanceof IncomingMessage) return relayAnswer(request, backend, answer);
  await relay(request.upgrade!, answer);
}

async function proxyRequest(
  request: HandlerRequest,
  backend: Backend,
  path: string,
  edit = sameHeaders,
  passOn: RelayAnswer = relayAnswer,
): Promise<void> {
  const headers = edit(outgoingHeaders(request, backend));
  const body = hasBody(request) ? request.body : undefined;
  if (body) {
    // Node sends the bytes of a GET without a frame unless a header names the frame.
    const length = request.headers['content-length'];
    headers[length === undefined ? 'transfer-encoding' : 'content-length'] = length ?? 'chunked';
  }
  const answer = await exchange(
    backend,
    { method: request.method, path, headers },
    body,
    request.signal,
  ).catch((error: unknown) => {
    throw error instanceof StatusError
      ? statusError(
          'ServiceUnavailable',
          error.message.replace(/^.*?: error dialing backend/, 'error trying to reach service'),
        )
      : error;
  });
  await passOn(request, backend, answer);
}

/** Sends an answer as it is. */
const passAnswer: RelayAnswer = (request, _backend, answer) =>
  stream(request, answer.statusCode ?? 502, withoutHops(answer), answer);

/** Relays a request to a trusted server that serves a part of the API, upgrades included. */
export const forward = (
  request: HandlerRequest,
  backend: Backend,
  path: string,
  edit: EditHeaders,
): Promise<void> =>
  request.upgrade
    ? proxyUpgrade(request, backend, path, edit)
    : proxyRequest(request, backend, path, edit, passAnswer);

const handler = (
  resource: string,
  find: (request: HandlerRequest, services: ServerServices) => Promise<Backend>,
): ConnectHandler => ({
  group: '',
  resource,
  subresource: 'proxy',
  async handle(request, services) {
    const backend = await find(request, services);
    const { rest } = request.info;
    if (request.upgrade)
      return proxyUpgrade(request, backend, `${rest || '/'}${searchOf(request)}`);
    if (!rest && BODILESS.has(request.method)) {
      // The slash lets relative links of the page resolve below the proxy's path.
      return request.respond(301, { location: `${pathOf(request)}/${searchOf(request)}` });
    }
    return proxyRequest(request, backend, `${rest || '/'}${searchOf(request)}`);
  },
});

/** Serve the v1.0 paths below /api/v1/proxy too. */
export const proxyHandlers = (config: ProxyConfig): ConnectHandler[] => [
  handler('pods', ({ info }, services) => podTarget(info.namespace, info.name, services, config)),
  handler('services', ({ info }, services) =>
    serviceTarget(info.namespace, info.name, services, config),
  ),
  handler('nodes', ({ info }, services) =>
    Promise.resolve(nodeTarget(info.name, services, config)),
  ),
];
