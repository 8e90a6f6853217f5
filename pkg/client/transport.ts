// Sends requests over a connection, with deadline, credentials and retries. A request is retried
// only when the server cannot have processed the first attempt (it did not reach the server, or got
// 429 or 503 with Retry-After), or when it is a GET.
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { Backoff } from '../util/backoff/backoff.js';
import { sleep, type Env } from '../util/env/env.js';
import { ConnectionError, createConnection } from './connection.js';
import type { ClientConfig } from './kubeconfig.js';
import {
  MAX_RETRY_AFTER_MS,
  MAX_TRIES,
  REQUEST_DEADLINE_MS,
  RETRY,
  TOKEN_FILE_TTL_MS,
} from './limits.js';
import { onAbort } from '../util/wait/abortable.js';

export interface HttpRequest {
  method: string;
  path: string;
  body?: Uint8Array;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds until `send` gives an attempt up; default REQUEST_DEADLINE_MS. */
  deadlineMs?: number | undefined;
}

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Uint8Array;
}

export interface HttpStream {
  status: number;
  headers: IncomingHttpHeaders;
  /** Throws ConnectionError when the connection breaks, and the signal's reason on abort. */
  chunks(): AsyncIterable<Uint8Array>;
  cancel(): void;
}

export interface Transport {
  /**
   * Sends a request and reads the whole response, of any status. Throws ConnectionError or the
   * signal's reason.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Sends a request once, without a deadline; the body is streamed. */
  stream(request: HttpRequest): Promise<HttpStream>;
  close(): void;
}

type TransportEnv = Pick<Env, 'clock' | 'random' | 'log'>;

/**
 * Sends a request once; resolves with the response headers. Throws ConnectionError or the signal's
 * reason.
 */
export type Begin = (request: HttpRequest, signal: AbortSignal | undefined) => Promise<HttpStream>;

export function createTransport(config: ClientConfig, env: TransportEnv): Transport {
  const connection = createConnection(config, env);
  const origin = new URL(config.server);
  const prefix = origin.pathname.replace(/\/+$/, '');
  const token = tokenSource(config, env);

  const begin: Begin = async (request, signal) => {
    // One signal of a component ends many requests.
    if (request.signal) setMaxListeners(0, request.signal);
    const bearer = await token();
    const stream = await connection.open(
      {
        ':method': request.method,
        ':path': prefix + request.path,
        ':scheme': origin.protocol.slice(0, -1),
        ':authority': origin.host,
        accept: request.accept ?? 'application/json',
        'user-agent': config.userAgent ?? 'wheelhouse',
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(request.body && {
          'content-type': request.contentType ?? 'application/json',
          'content-length': String(request.body.length),
        }),
      },
      !request.body,
      signal,
    );
    // A stalled process may come here long after it decided to write.
    if (request.method !== 'GET' && env.clock.monotonic() >= (config.fence?.[0] ?? Infinity)) {
      stream.on('error', () => {}).close(constants.NGHTTP2_CANCEL);
      throw new Error(`${request.method} ${request.path}: the leadership is over`);
    }
    if (request.body) stream.end(request.body);
    return answerOf(stream, signal);
  };
  return transportOver(begin, () => connection.close(), env);
}

/**
 * Adds deadlines and retries to `begin`, which sends a request once. `close` frees its resources.
 */
export function transportOver(
  begin: Begin,
  close: () => void,
  env: Pick<Env, 'clock' | 'random'>,
): Transport {
  const sendOnce = async (request: HttpRequest): Promise<HttpResponse> => {
    const { method, path, deadlineMs = REQUEST_DEADLINE_MS } = request;
    const deadline = new AbortController();
    const timer = env.clock.after(deadlineMs, () => {
      const message = `${method} ${path}: no answer within ${deadlineMs / 1000} s`;
      deadline.abort(new ConnectionError(message, true));
    });
    const withdraw = onAbort(request.signal, () => deadline.abort(request.signal?.reason));
    try {
      const answer = await begin(request, deadline.signal);
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.chunks()) chunks.push(chunk);
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      return { status: answer.status, headers: answer.headers, body };
    } finally {
      timer.cancel();
      withdraw();
    }
  };

  return {
    async send(request) {
      const backoff = new Backoff(RETRY, env.random);
      for (let tries = 1; ; tries++) {
        let wait: number;
        try {
          const answer = await sendOnce(request);
          const after = retryAfterMs(answer);
          if (after === undefined || tries === MAX_TRIES) return answer;
          wait = Math.max(after, backoff.next());
        } catch (error) {
          const again =
            error instanceof ConnectionError &&
            (!error.sent || (request.method === 'GET' && tries === 1));
          if (!again || tries === MAX_TRIES || request.signal?.aborted) throw error;
          wait = backoff.next();
        }
        await sleep(env.clock, wait, request.signal);
      }
    },
    stream: (request) => begin(request, request.signal),
    close,
  };
}

/** The delay in milliseconds of Retry-After; undefined for responses that need no retry. */
function retryAfterMs(answer: HttpResponse): number | undefined {
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  const seconds = Number(answer.headers['retry-after']);
  return answer.headers['retry-after'] && Number.isFinite(seconds)
    ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS)
    : undefined;
}

function tokenSource(config: ClientConfig, env: TransportEnv): () => Promise<string | undefined> {
  const { token, tokenFile, tokenSource: given } = config;
  if (given) return given;
  if (!tokenFile) return () => Promise.resolve(token);
  let cached = token;
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;
  const read = async () => {
    readAt = env.clock.monotonic();
    try {
      cached = (await readFile(tokenFile, 'utf8')).trim();
    } catch (error) {
      env.log.warn('token file cannot be read', { tokenFile, error });
    } finally {
      reading = undefined;
    }
  };
  return async () => {
    if (!reading && env.clock.monotonic() - readAt >= TOKEN_FILE_TTL_MS) reading = read();
    // Requests wait for the first token.
    if (reading && cached === undefined) await reading;
    return cached;
  };
}

/** Resolves with the response headers. */
function answerOf(stream: ClientHttp2Stream, signal: AbortSignal | undefined): Promise<HttpStream> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    let isAnswered = false;
    const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
    const withdraw = onAbort(signal, () => {
      reject(signal!.reason as Error);
      cancel();
    });
    stream.on('error', (error) => (failure = error));
    stream.once('close', () => {
      withdraw();
      if (!isAnswered) reject(cutOff(stream, failure));
    });
    stream.once('response', (headers) => {
      isAnswered = true;
      const status = Number(headers[':status']);
      resolve({ status, headers, cancel, chunks: () => chunksOf(stream, signal, () => failure) });
    });
  });
}

async function* chunksOf(
  stream: ClientHttp2Stream,
  signal: AbortSignal | undefined,
  failure: () => unknown,
): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
    ended = true;
  } catch (error) {
    signal?.throwIfAborted();
    throw cutOff(stream, failure() ?? error);
  } finally {
    if (!ended && !stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  }
  signal?.throwIfAborted();
  // Node ends the readable side of a reset stream and of a stream whose session closed too.
  if (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR)
    throw cutOff(stream, failure());
}

function cutOff(stream: ClientHttp2Stream, failure: unknown): ConnectionError {
  const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
  const why =
    failure instanceof Error
      ? failure.message
      : `the connection ended (HTTP/2 code ${stream.rstCode})`;
  return new ConnectionError(why, !refused, failure);
}
