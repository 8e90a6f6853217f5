// An API server for one kind, Jar of pantry.example.com/v1, which keeps its objects in memory. The
// cluster's API server passes requests below /apis/pantry.example.com/v1 on to it.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { AuthorizationV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { callerOf, readFrontProxy, type Caller } from './caller.js';
import { discoveryOf } from './discovery.js';
import { createJars } from './jars.js';
import { openApiOf } from './openapi.js';
import { refusal, Refusal } from './refusal.js';

const { TLS_CERT = '/tls/tls.crt', TLS_KEY = '/tls/tls.key', PORT = '8443' } = process.env;
const MAX_BODY_BYTES = 1024 * 1024;

const config = new KubeConfig();
config.loadFromDefault();
const access = config.makeApiClient(AuthorizationV1Api);
const frontProxy = await readFrontProxy(config.makeApiClient(CoreV1Api));
const jars = createJars();

/** The cluster's API server has asked its own authorizer; this server asks it too. */
async function authorize(caller: Caller, verb: string, namespace: string, name: string) {
  const { status } = await access.createSubjectAccessReview({
    body: {
      spec: {
        user: caller.user,
        groups: caller.groups,
        resourceAttributes: {
          group: 'pantry.example.com',
          version: 'v1',
          resource: 'jars',
          verb,
          namespace,
          name,
        },
      },
    },
  });
  if (!status?.allowed) throw refusal(403, 'Forbidden', `${caller.user} may not ${verb} jars`);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES)
      throw refusal(413, 'RequestEntityTooLarge', 'the body is too large');
  }
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    throw refusal(400, 'BadRequest', 'the body is not JSON');
  }
}

function send(answer: ServerResponse, code: number, body: unknown, type = 'application/json') {
  answer.writeHead(code, { 'content-type': type });
  answer.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const OBJECTS = /^\/apis\/pantry\.example\.com\/v1(?:\/namespaces\/([^/]+))?\/jars(?:\/([^/]+))?$/;

async function serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://pantry');
  if (['/healthz', '/livez', '/readyz'].includes(pathname))
    return send(answer, 200, 'ok', 'text/plain');
  const caller = callerOf(request, frontProxy);
  const accept = request.headers.accept ?? '';
  const document = discoveryOf(pathname, accept) ?? openApiOf(pathname);
  if (document) {
    const { body, type, etag } = document;
    if (etag) answer.setHeader('etag', etag);
    if (etag && request.headers['if-none-match'] === etag) return send(answer, 304, '', type);
    return send(answer, 200, body, type);
  }
  const [isObject, namespace = '', name = ''] = OBJECTS.exec(pathname) ?? [];
  if (!isObject) return send(answer, 404, '404 page not found\n', 'text/plain');
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '');
  const verb = jars.verbOf(request.method ?? '', name, isWatch);
  await authorize(caller, verb, namespace, name);
  const isTable = /as=Table;[^,]*g=meta\.k8s\.io/.test(accept);
  const call = { namespace, name, query, isTable };
  if (verb === 'watch') return jars.watch(call, answer);
  const code = verb === 'create' ? 201 : 200;
  send(answer, code, jars.run(verb, call, await bodyOf(request)));
}

const server = createServer(
  {
    cert: readFileSync(TLS_CERT),
    key: readFileSync(TLS_KEY),
    ca: frontProxy.ca,
    requestCert: true,
    // The kubelet's probes bring no certificate.
    rejectUnauthorized: false,
  },
  (request, answer) =>
    void serve(request, answer).catch((error: unknown) => {
      const { status } =
        error instanceof Refusal ? error : refusal(500, 'InternalError', String(error));
      if (answer.headersSent) answer.destroy();
      else send(answer, status.code, status);
    }),
);
server.listen(Number(PORT), () => console.log(`serving pantry.example.com/v1 on port ${PORT}`));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
