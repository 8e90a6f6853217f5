// pods/log: relays the kubelet's log of one container. Old clients may read it as binary messages
// of a WebSocket.
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  badRequest,
  fieldErrors,
  type FieldError,
  internalError,
  invalid,
  notFound,
  StatusError,
} from '../../apimachinery/errors/status-error.js';
import { PODS } from '../../apis/resource-types.js';
import type { ConnectHandler } from '../extension/handler.js';
import { isTrue } from '../request/request-info.js';
import { acceptWebSocket, chooseProtocol, sendMessage } from './channels.js';
import { chooseContainer, kubeletOf, type KubeletClientConfig, podOf } from './kubelet.js';
import { MAX_REFUSAL_BYTES } from './limits.js';
import { exchange, readText, statusIn } from './upgrade.js';

const LOG_PROTOCOLS = ['binary.k8s.io', 'base64.binary.k8s.io'];

/** The kubelet's query for PodLogOptions. Throws Invalid in upstream's words. */
function logQuery(query: URLSearchParams): URLSearchParams {
  const out = new URLSearchParams();
  const errors: FieldError[] = [];
  for (const name of ['follow', 'previous', 'timestamps'] as const)
    if (query.has(name) && isTrue(query.get(name))) out.set(name, 'true');
  const integer = (name: string, least: number, text: string) => {
    const value = query.get(name);
    if (value === null) return;
    if (!/^-?\d+$/.test(value)) throw badRequest(`unable to convert "${value}" to int64: ${name}`);
    if (Number(value) < least) errors.push(fieldErrors.invalid(name, Number(value), text));
    out.set(name, value);
  };
  integer('tailLines', 0, 'must be greater than or equal to 0');
  integer('limitBytes', 1, 'must be greater than 0');
  integer('sinceSeconds', 1, 'must be greater than 0');
  const since = query.get('sinceTime');
  if (since) {
    if (Number.isNaN(Date.parse(since))) throw badRequest(`invalid sinceTime: ${since}`);
    if (query.has('sinceSeconds'))
      errors.push(
        fieldErrors.forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'),
      );
    out.set('sinceTime', since);
  }
  if (errors.length) throw invalid({ group: '', kind: 'PodLogOptions' }, '', errors);
  return out;
}

/**
 * The client's error for a kubelet's refusal (upstream registry/generic/rest/response_checker.go).
 */
async function refusalOf(answer: IncomingMessage, name: string): Promise<StatusError> {
  const text = await readText(answer, MAX_REFUSAL_BYTES);
  const code = answer.statusCode ?? 502;
  const message = text.trim();
  const status = statusIn(text, code);
  if (status) return status;
  if (code === 400) return badRequest(message);
  if (code === 404)
    return message
      ? new StatusError({
          message: `the server could not find the requested resource ( ${PODS.resource} ${name})`,
          reason: 'NotFound',
          code,
          details: {
            name,
            kind: PODS.resource,
            causes: [{ reason: 'UnexpectedServerResponse', message }],
          },
        })
      : notFound(PODS, name);
  if (code === 500) return internalError(message);
  return new StatusError({
    message: message || `the backend answered ${code}`,
    reason: code === 403 ? 'Forbidden' : code === 401 ? 'Unauthorized' : 'InternalError',
    code,
  });
}

export function logHandler(config: KubeletClientConfig): ConnectHandler {
  return {
    group: '',
    resource: 'pods',
    subresource: 'log',
    verbs: ['get'],
    async handle(request, services) {
      const { namespace, name } = request.info;
      const query = logQuery(request.query);
      const pod = await podOf(namespace, name, services);
      const container = chooseContainer(pod, request.query.get('container') ?? '');
      if (!pod.spec.nodeName) return request.respond(204, {});
      const backend = kubeletOf(pod.spec.nodeName, services, config);
      if (isTrue(request.query.get('insecureSkipTLSVerifyBackend')) && backend.tls)
        backend.tls.rejectUnauthorized = false;
      const search = query.size ? `?${query.toString()}` : '';
      const path = `/containerLogs/${[namespace, name, container].map(encodeURIComponent).join('/')}${search}`;
      const answer = await exchange(
        backend,
        { method: 'GET', path, headers: {} },
        undefined,
        request.signal,
      );
      if (answer.statusCode !== 200) throw await refusalOf(answer, name);
      if (request.upgrade) {
        const protocol = chooseProtocol(request.upgrade.request, LOG_PROTOCOLS);
        const socket = await acceptWebSocket(request.upgrade, protocol);
        socket.on('error', () => socket.terminate()).once('close', () => answer.destroy());
        try {
          for await (const chunk of answer as AsyncIterable<Buffer>)
            await sendMessage(
              socket,
              protocol.startsWith('base64') ? chunk.toString('base64') : chunk,
            );
          socket.close(1000);
        } catch {
          socket.terminate(); // the client has disconnected
        }
        return;
      }
      const out = request.stream(200, { 'content-type': 'text/plain' });
      await pipeline(answer, out, { signal: request.signal }).catch((error: unknown) => {
        if (!request.signal.aborted) throw error;
      });
    },
  };
}
