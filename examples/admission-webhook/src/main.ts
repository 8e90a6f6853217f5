// Two admission webhooks for pods. /validate denies pods of `kubectl run`, which no controller
// would start again. /mutate gives containers without requests small ones.
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';

const { TLS_CERT = '/tls/tls.crt', TLS_KEY = '/tls/tls.key', PORT = '8443' } = process.env;
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const REQUESTS = { cpu: '10m', memory: '16Mi' };

interface Pod {
  metadata: { managedFields?: { manager?: string }[] };
  spec: { containers: { resources?: { requests?: object } }[] };
}

/** AdmissionRequest and AdmissionResponse of admission.k8s.io/v1, as far as they are used. */
interface Request {
  uid: string;
  object: Pod;
}
interface Response {
  allowed: boolean;
  status?: { code: number; message: string };
  warnings?: string[];
  patchType?: 'JSONPatch';
  patch?: string;
}

function validate({ object: { metadata } }: Request): Response {
  const isRun = metadata.managedFields?.some(({ manager }) => manager === 'kubectl-run');
  if (!isRun) return { allowed: true };
  const message = 'a pod needs a controller: use kubectl create deployment';
  return { allowed: false, status: { code: 403, message } };
}

function mutate({ object: { spec } }: Request): Response {
  const patch = spec.containers.flatMap(({ resources }, at) => {
    if (resources?.requests) return [];
    const value = { ...resources, requests: REQUESTS };
    return [{ op: 'add', path: `/spec/containers/${at}/resources`, value }];
  });
  if (!patch.length) return { allowed: true };
  return {
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    warnings: [`${patch.length} container(s) without requests got cpu 10m and memory 16Mi`],
  };
}

const WEBHOOKS: Record<string, (request: Request) => Response> = {
  '/validate': validate,
  '/mutate': mutate,
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) throw new Error('the body is too large');
  }
  return text;
}

const server = createServer(
  { cert: readFileSync(TLS_CERT), key: readFileSync(TLS_KEY) },
  (request, answer) => {
    // The API server adds ?timeout=10s.
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (path === '/readyz') return void answer.end('ok');
    const webhook = WEBHOOKS[path];
    if (!webhook) return void answer.writeHead(404).end();
    bodyOf(request)
      .then((text) => {
        const review = JSON.parse(text) as { apiVersion: string; kind: string; request: Request };
        const { apiVersion, kind } = review;
        const response = { uid: review.request.uid, ...webhook(review.request) };
        answer.writeHead(200, { 'content-type': 'application/json' });
        answer.end(JSON.stringify({ apiVersion, kind, response }));
      })
      .catch((error: unknown) => answer.writeHead(400).end(String(error)));
  },
);
server.listen(Number(PORT), () => console.log(`answering admission reviews on port ${PORT}`));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
