// GET as probes and hooks send it, and as Go's net/http reads the answer: lines that end with LF
// alone are read, and redirects on the same host are followed (upstream: pkg/probe/http). Each
// request opens a new connection.
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Container, HTTPGetAction } from '../../apis/core/v1/types.js';
import { containerPortOf } from '../../component-helpers/pods.js';
import { familyOf } from '../../util/netaddr/ip.js';
import { PROBE_BODY_BYTES, PROBE_REQUESTS } from '../limits.js';
import type { ProbeTarget } from './pod-host.js';

/** Resolves a port number or the name of a container port. */
export function portNumber(port: number | string, container: Container): number {
  const number = containerPortOf(container, port);
  if (number === undefined) throw new Error(`couldn't find port: ${port}`);
  return number;
}

export const bracket = (host: string): string => (familyOf(host) === 6 ? `[${host}]` : host);

export interface HttpAnswer {
  status: number;
  /** At most PROBE_BODY_BYTES. */
  body: string;
}

interface Answer extends HttpAnswer {
  location: string | undefined;
}

/** Custom headers replace the default ones, and an empty value removes a default. */
function headersOf(action: HTTPGetAction, host: string, userAgent: string): OutgoingHttpHeaders {
  const own: Record<string, string[]> = {};
  for (const { name, value = '' } of action.httpHeaders ?? [])
    (own[name.toLowerCase()] ??= []).push(value);
  const [given] = own['host'] ?? [];
  const headers: Record<string, string | string[]> = {
    'user-agent': userAgent,
    accept: '*/*',
    ...own,
    connection: 'close',
    host: given || host,
  };
  for (const name of ['accept', 'user-agent'])
    if (own[name]?.length === 1 && own[name][0] === '') delete headers[name];
  return headers;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function once(
  url: URL,
  path: string,
  headers: OutgoingHttpHeaders,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isTls = url.protocol === 'https:';
    const port = Number(url.port) || (isTls ? 443 : 80);
    const call = (isTls ? httpsRequest : httpRequest)(
      {
        host,
        port,
        path,
        method: 'GET',
        headers,
        agent: false,
        rejectUnauthorized: false,
        insecureHTTPParser: true,
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          if (size < PROBE_BODY_BYTES) chunks.push(chunk.subarray(0, PROBE_BODY_BYTES - size));
          size += chunk.length;
          if (size > PROBE_BODY_BYTES) response.destroy();
        });
        response.on('close', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            location: response.headers.location,
          }),
        );
      },
    );
    call.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(dialError(error, host, port), { cause: error })),
    );
    call.end();
  });
}

/**
 * Sends the request and follows redirects on the same host; the answer of a redirect to another
 * host is the result. Rejects with Go's text for a failed GET.
 */
export async function httpGet(
  action: HTTPGetAction,
  target: ProbeTarget,
  timeoutMs: number,
  userAgent: string,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const scheme = action.scheme?.toUpperCase() === 'HTTPS' ? 'https' : 'http';
  const host = bracket(action.host || target.podIP);
  const port = portNumber(action.port, target.container);
  const path = (action.path ?? '/').startsWith('/') ? (action.path ?? '/') : `/${action.path}`;
  let url = new URL(`${scheme}://${host}:${port}${path}`);
  const { hostname } = url;
  // The URL would resolve dot segments, which servers may read otherwise.
  let sentPath = path.replace(/#.*$/s, '').replace(/[^!-~]/gu, encodeURIComponent);
  const headers = headersOf(action, `${host}:${port}`, userAgent);
  const limit = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  for (let sent = 1; ; sent++) {
    const failed = (why: string) =>
      new Error(`Get "${sent === 1 ? `${scheme}://${host}:${port}${path}` : url.href}": ${why}`);
    const answer = await once(url, sentPath, headers, either).catch((error: Error) => {
      if (signal?.aborted) throw signal.reason as Error;
      throw failed(limit.aborted ? TIMED_OUT : error.message);
    });
    if (!answer.location || !REDIRECTS.has(answer.status)) return answer;
    const isRelative = !URL.canParse(answer.location);
    const next = URL.canParse(answer.location, url.href) && new URL(answer.location, url);
    if (!next) throw failed(`failed to parse Location header ${JSON.stringify(answer.location)}`);
    if (next.hostname !== hostname) return answer;
    if (sent === PROBE_REQUESTS) throw failed(`stopped after ${PROBE_REQUESTS} redirects`);
    if (!isRelative) headers['host'] = next.host;
    url = next;
    sentPath = `${url.pathname}${url.search}`;
  }
}

const TIMED_OUT = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ECONNRESET: 'read: connection reset by peer',
};

/** A failed connection in Go's words. */
export function dialError(error: NodeJS.ErrnoException, host: string, port: number): string {
  const word = WORDS[error.code ?? ''];
  return word ? `dial tcp ${bracket(host)}:${port}: ${word}` : error.message;
}
