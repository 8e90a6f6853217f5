// GET /openapi/v3, /openapi/v3/..., /openapi/v2 with the caching that kubectl relies on: a document
// under its present hash may be cached for a year, an old hash is redirected to the present one.
// Source: k8s.io/kube-openapi/pkg/handler3/handler.go.
import { notFound } from '../../apimachinery/errors/status-error.js';
import { notAcceptable } from '../codec/negotiate.js';
import type { HandlerRequest, Headers, PathHandler } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import type { OpenApi, OpenApiDocument } from './openapi.js';
import type { RemoteDocuments } from './remote.js';
import { acceptsV2Protobuf, V2_PROTOBUF } from './v2-protobuf.js';

const YEAR_MS = 365 * 24 * 3600 * 1000;
const JSON_TYPE = 'application/json';

/**
 * `current` gives the present documents, which change with the served resources. `now` is wall time
 * in ms.
 */
export const openApiHandlers = (
  current: () => OpenApi,
  now: () => number,
  remote?: RemoteDocuments,
): PathHandler[] => [
  {
    path: '/openapi/v3',
    prefix: true,
    handle: (request, services) => handleV3(request, services, current(), now, remote),
  },
  {
    path: '/openapi/v2',
    handle(request) {
      if (acceptsV2Protobuf(String(request.headers['accept'] ?? '')) && !acceptsJson(request))
        return send(request, current().v2Protobuf(remote), { 'content-type': V2_PROTOBUF });
      if (!acceptsJson(request)) throw notAcceptable([JSON_TYPE]);
      send(request, current().v2(remote), {});
    },
  },
];

function handleV3(
  request: HandlerRequest,
  services: ServerServices,
  openApi: OpenApi,
  now: () => number,
  remote: RemoteDocuments | undefined,
): Promise<void> | void {
  const path = request.url.split('?', 1)[0]!.replace(/^\/openapi\/v3\/?/, '');
  if (path === '') {
    const body = JSON.stringify(openApi.index(remote?.index()));
    request.respond(200, { 'content-type': JSON_TYPE, 'cache-control': 'no-cache, private' }, body);
    return;
  }
  const document = openApi.document(path) ?? remote?.document(path);
  if (typeof document === 'function') return document(request, services);
  if (!document) throw notFound({ group: '', resource: 'openapi' }, path);
  const asked = request.query.get('hash');
  if (asked !== null && asked !== '' && asked !== document.hash) {
    request.respond(301, { location: `/openapi/v3/${path}?hash=${document.hash}` });
    return;
  }
  if (!acceptsJson(request)) throw notAcceptable([JSON_TYPE]);
  const forever: Headers = asked
    ? { 'cache-control': 'public, immutable', expires: new Date(now() + YEAR_MS).toUTCString() }
    : { 'cache-control': 'no-cache, private' };
  send(request, document, forever);
}

function acceptsJson(request: HandlerRequest): boolean {
  const accept = request.headers['accept'];
  const text = Array.isArray(accept) ? accept.join(',') : accept;
  return text === undefined || text === '' || /application\/json|application\/\*|\*\/\*/.test(text);
}

function send(request: HandlerRequest, document: OpenApiDocument, extra: Headers): void {
  const etag = `"${document.hash}"`;
  const headers: Headers = {
    etag,
    vary: 'Accept, Accept-Encoding',
    'content-type': JSON_TYPE,
    ...extra,
  };
  const known = request.headers['if-none-match'];
  if (known === etag) return request.respond(304, headers);
  const encodings = String(request.headers['accept-encoding'] ?? '');
  if (/\bgzip\b/.test(encodings))
    request.respond(200, { ...headers, 'content-encoding': 'gzip' }, document.gzip);
  else request.respond(200, headers, document.bytes);
}
