// Posts reviews to webhooks over HTTPS: admission, conversion, and those of authentication and
// authorization. Connections are HTTP/1.1, so that the calls to a service spread over its pods
// (upstream apiserver/pkg/util/webhook/client.go).
import type { ClientRequest } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { posix } from 'node:path';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { formatDuration } from '../../util/duration/go-duration.js';
import { familyOf } from '../../util/netaddr/ip.js';
import type { Clock, Env, Timer } from '../../util/env/env.js';
import {
  checkHost,
  dialLookup,
  isDialable,
  isDialableOrLoopback,
  type DialRule,
} from '../dial/dial-rule.js';
import { callText } from '../dial/go-errors.js';
import { clusterAddress, endpointAddress, type Address } from '../dial/service-address.js';
import type { WebhookCall, WebhookClient, WebhookTarget } from '../extension/webhooks.js';
import type { ObjectReader } from '../resource/reader.js';
import { answerError, WebhookError, WebhookSetupError } from './answer.js';
import {
  IDLE_CONNECTION_MS,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_WEBHOOK,
  MAX_IDLE_PER_WEBHOOK,
  MAX_REVIEW_BYTES,
} from './limits.js';

interface WebhookClientOptions {
  readonly env: Pick<Env, 'clock'>;
  /** Finds services. */
  readonly reader: ObjectReader;
  /** The addresses that services may have, since tenants write those; default isDialable. */
  readonly allows?: DialRule;
  /** Dials a pod of a service instead of the cluster IP; gives a number in [0, 1) to choose it. */
  readonly pickEndpoint?: () => number;
}

interface Destination {
  /** The address that is dialled. */
  readonly host: string;
  readonly port: number;
  /** The URL without query, for errors. */
  readonly shown: string;
  readonly path: string;
  /** 'host:port' for the header of the request. */
  readonly authority: string;
  readonly serverName: string;
  readonly allows: DialRule;
}

const cleanPath = (path: string): string => {
  const clean = posix.join('/', path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
};

function caOf(bundle: string | undefined): Buffer | undefined {
  if (!bundle) return undefined;
  const pem = Buffer.from(bundle, 'base64');
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new WebhookSetupError(
      'unable to load root certificates: unable to parse bytes as PEM block',
    );
  return pem;
}

export function createWebhookClient(options: WebhookClientOptions): WebhookClient {
  const { env, reader, allows = isDialable } = options;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS_PER_WEBHOOK,
    maxTotalSockets: MAX_CONNECTIONS,
    maxFreeSockets: MAX_IDLE_PER_WEBHOOK,
    timeout: IDLE_CONNECTION_MS,
    scheduling: 'lifo',
  });

  /** Those of URLs, which never change; services move. */
  const byUrl = new WeakMap<WebhookTarget, Destination>();

  function addressOf(namespace: string, name: string, port: number): Address {
    const service = reader.get(SERVICES, namespace, name);
    if (!options.pickEndpoint) return clusterAddress(service, name, port);
    const endpoints = reader.get(ENDPOINTS, namespace, name);
    return endpointAddress(service, endpoints, name, port, options.pickEndpoint());
  }

  function destinationOf(target: WebhookTarget, query: string): Destination {
    const { url, service, serverName } = target;
    if (!service) {
      const known = byUrl.get(target);
      if (known) return known;
      const { hostname, port, host, pathname } = new URL(url ?? '');
      const plain = hostname.replace(/^\[|\]$/g, '');
      const path = cleanPath(pathname);
      const destination: Destination = {
        host: plain,
        port: Number(port || 443),
        shown: `https://${host}${path}`,
        path,
        authority: host,
        serverName: serverName ?? plain,
        // A webhook may run beside the server, but never at a link-local address (cloud metadata).
        allows: isDialableOrLoopback,
      };
      byUrl.set(target, destination);
      return destination;
    }
    const { namespace, name, port = 443 } = service;
    const path = cleanPath(service.path ?? '');
    const authority = `${name}.${namespace}.svc:${port}`;
    const shown = `https://${authority}${path}`;
    try {
      const found = addressOf(namespace, name, port);
      return {
        ...found,
        shown,
        path,
        authority,
        serverName: serverName ?? `${name}.${namespace}.svc`,
        allows,
      };
    } catch (error) {
      throw new WebhookError(`Post ${JSON.stringify(shown + query)}: ${(error as Error).message}`);
    }
  }

  async function post(
    target: WebhookTarget,
    body: string | Uint8Array,
    { timeoutMs, maxBytes = MAX_REVIEW_BYTES, mayBeEmpty }: WebhookCall,
  ): Promise<Buffer> {
    const query = `?timeout=${formatDuration(Math.ceil(timeoutMs / 1000) * 1000)}`;
    const at = destinationOf(target, query);
    const url = at.shown + query;
    try {
      checkHost(at.host, at.allows);
    } catch {
      throw new WebhookError(`Post ${JSON.stringify(url)}: address not allowed`);
    }
    const { clientCertificate, bearerToken, insecureSkipTlsVerify } = target;
    const ca = caOf(target.caBundle);
    const request: RequestOptions = {
      agent,
      method: 'POST',
      host: at.host,
      port: at.port,
      path: at.path + query,
      servername: familyOf(at.serverName) ? '' : at.serverName,
      lookup: dialLookup(at.allows),
      headers: {
        host: at.authority,
        'content-type': 'application/json',
        accept: 'application/json, */*',
        'user-agent': 'kube-apiserver-admission',
        'content-length': Buffer.byteLength(body),
        ...(bearerToken && { authorization: `Bearer ${bearerToken}` }),
      },
      ...(ca && { ca }),
      ...clientCertificate,
      ...(insecureSkipTlsVerify && { rejectUnauthorized: false }),
    };
    const deadline = new Deadline(env.clock, timeoutMs);
    // The webhook may have closed all its kept connections; a new one is never stale.
    const exchanged = async (): Promise<Answer> => {
      for (;;)
        try {
          return await exchange(request, body, maxBytes, deadline);
        } catch (error) {
          if (!(error instanceof StaleConnectionError) || deadline.passed) throw error;
        }
    };
    try {
      const { status, contentType, bytes } = await exchanged();
      if (status < 200 || status > 206) throw answerError(status, contentType, bytes);
      if (!bytes.length && !mayBeEmpty)
        throw new WebhookError(
          `0-length response with status code: ${status} and content type: ${contentType}`,
        );
      return bytes;
    } catch (error) {
      if (error instanceof WebhookError) throw error;
      if (deadline.passed)
        throw new WebhookError(`Post ${JSON.stringify(url)}: context deadline exceeded`);
      throw new WebhookError(`Post ${JSON.stringify(url)}: ${callText(error as Error, at)}`);
    } finally {
      deadline.cancel();
    }
  }

  return { post, close: () => agent.destroy() };
}

/** A kept connection ended before any byte of the answer. */
class StaleConnectionError extends Error {
  readonly code = 'ECONNRESET';
}

/** Destroys the request at hand when the time is over. An AbortSignal would cost as much as TLS. */
class Deadline {
  passed = false;
  private request: ClientRequest | undefined;
  private readonly timer: Timer;

  constructor(clock: Pick<Clock, 'after'>, timeoutMs: number) {
    this.timer = clock.after(timeoutMs, () => {
      this.passed = true;
      this.request?.destroy(new Error('context deadline exceeded'));
    });
  }

  watch(request: ClientRequest): void {
    this.request = request;
  }

  cancel(): void {
    this.timer.cancel();
  }
}

interface Answer {
  status: number;
  contentType: string;
  bytes: Buffer;
}

function exchange(
  options: RequestOptions,
  body: string | Uint8Array,
  maxBytes: number,
  deadline: Deadline,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      request.destroy();
      reject(error);
    };
    const request = httpsRequest(options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes)
          fail(
            new WebhookError(
              `unexpected error when reading response body. Please retry. Original error: the body has more than ${maxBytes} bytes`,
            ),
          );
      });
      response.on('error', fail);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size),
        }),
      );
    });
    deadline.watch(request);
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')
          ? new StaleConnectionError(error.message)
          : error,
      ),
    );
    request.end(body);
  });
}
