// HTTP/2 sessions to one API server. Requests and watches are streams of one shared session; a
// further session is opened only when the server's stream limit is reached. Invariants: a session
// that closed, was told to go away, or does not answer pings takes no further stream; one
// connection attempt at a time, spaced by back-off, shared by all who wait; a session with another
// certificate than the files of the configuration takes no further stream.
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Backoff } from '../util/backoff/backoff.js';
import { sleep, type Env, type Timer } from '../util/env/env.js';
import { abortable } from '../util/wait/abortable.js';
import { every } from '../util/wait/every.js';
import type { ClientConfig } from './kubeconfig.js';
import { requestOptions } from '../util/http2/request-options.js';
import {
  CONNECT_TIMEOUT_MS,
  MAX_SESSIONS,
  PAIR_LOOK_MS,
  PAIR_RETIRE_MS,
  PING_IDLE_MS,
  PING_TIMEOUT_MS,
  RETRY,
  SESSION_WINDOW_BYTES,
  STREAM_WINDOW_BYTES,
} from './limits.js';

/** No answer came. `sent` is false when the request certainly did not reach the server. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
  constructor(
    message: string,
    readonly sent: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

type ConnectionEnv = Pick<Env, 'clock' | 'random' | 'log'>;

interface Session {
  readonly http2: ClientHttp2Session;
  streams: number;
}

export interface Connection {
  /** A new stream on a live session. Throws ConnectionError (never sent) or the signal's reason. */
  open(
    headers: OutgoingHttpHeaders,
    endStream: boolean,
    signal: AbortSignal | undefined,
  ): Promise<ClientHttp2Stream>;
  close(): void;
}

/** Opens sessions lazily; `close()` ends them and their streams. */
export function createConnection(given: ClientConfig, env: ConnectionEnv): Connection {
  let config = given;
  const sessions = new Set<Session>();
  const backoff = new Backoff(RETRY, env.random);
  const closing = new AbortController();
  let connecting: Promise<Session> | undefined;
  let notBefore = 0;

  const free = (): Session | undefined => {
    const usable = [...sessions].filter(({ http2 }) => !http2.closed && !http2.destroyed);
    return (
      usable.find((s) => s.streams < (s.http2.remoteSettings.maxConcurrentStreams ?? Infinity)) ??
      (usable.length >= MAX_SESSIONS ? usable[0] : undefined)
    );
  };

  const followPair = async ([certFile, keyFile]: readonly [string, string]): Promise<void> => {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    if (isSame(cert, config.cert) && isSame(key, config.key)) return;
    createSecureContext({ cert, key }); // throws for files that do not match, or not yet
    config = { ...config, cert, key };
    for (const session of sessions) retire(session, env);
  };
  let following: Promise<void> | undefined;
  const follow = (files: readonly [string, string]) =>
    every(
      {
        env,
        signal: closing.signal,
        periodMs: PAIR_LOOK_MS,
        failed: 'the files of the client certificate cannot be used, keeping the old certificate',
      },
      () => followPair(files),
    );

  const start = async (): Promise<Session> => {
    if (given.pairFiles) {
      following ??= follow(given.pairFiles);
      await followPair(given.pairFiles).catch(() => {}); // the loop reports it
    }
    const wait = notBefore - env.clock.monotonic();
    if (wait > 0) await sleep(env.clock, wait, closing.signal);
    closing.signal.throwIfAborted();
    try {
      const used = config;
      const session = { http2: await handshake(used, env), streams: 0 };
      closing.signal.throwIfAborted();
      sessions.add(session);
      if (used !== config) retire(session, env);
      keepAlive(session, env);
      session.http2.once('close', () => sessions.delete(session));
      backoff.reset();
      return session;
    } catch (error) {
      notBefore = env.clock.monotonic() + backoff.next();
      throw error;
    }
  };

  return {
    async open(headers, endStream, signal) {
      for (;;) {
        signal?.throwIfAborted();
        closing.signal.throwIfAborted();
        const session = free();
        if (session) return openStream(session, headers, endStream);
        connecting ??= start().finally(() => (connecting = undefined));
        await abortable(connecting, signal);
      }
    },
    close() {
      closing.abort(new ConnectionError('the client is closed', false));
      for (const { http2 } of sessions) http2.destroy();
    },
  };
}

function openStream(
  session: Session,
  headers: OutgoingHttpHeaders,
  endStream: boolean,
): ClientHttp2Stream {
  try {
    const stream = session.http2.request(headers, requestOptions(endStream));
    session.streams++;
    stream.once('close', () => session.streams--);
    return stream;
  } catch (error) {
    throw new ConnectionError((error as Error).message, false, error);
  }
}

function handshake(config: ClientConfig, env: ConnectionEnv): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connect(config.server, {
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
      ...(config.ca && { ca: asBuffer(config.ca) }),
      ...(config.cert && { cert: asBuffer(config.cert) }),
      ...(config.key && { key: asBuffer(config.key) }),
      ...(config.serverName && { servername: config.serverName }),
      ...(config.insecureSkipTlsVerify && { rejectUnauthorized: false }),
    });
    const fail = (error: Error) => {
      timer.cancel();
      session.destroy();
      reject(new ConnectionError(`${config.server}: ${describe(error)}`, false, error));
    };
    const timer = env.clock.after(CONNECT_TIMEOUT_MS, () =>
      fail(new Error('connection timed out')),
    );
    session.once('error', fail);
    // Ready when the server's settings are known: before them its stream limit would be a guess.
    session.once('remoteSettings', () => {
      timer.cancel();
      session.off('error', fail);
      session.on('error', (error: Error) =>
        env.log.debug('session failed', { server: config.server, error: describe(error) }),
      );
      session.setLocalWindowSize(SESSION_WINDOW_BYTES);
      resolve(session);
    });
  });
}

/** Some failures (all addresses refused) carry their text only in the parts. */
function describe(error: Error): string {
  const parts =
    error instanceof AggregateError ? (error.errors as Error[]).map((e) => e.message) : [];
  return error.message || parts.join(', ') || error.name;
}

const asBuffer = (bytes: string | Uint8Array): Buffer => Buffer.from(bytes as string);

const isSame = (bytes: Buffer, other: string | Uint8Array | undefined): boolean =>
  other !== undefined && bytes.equals(asBuffer(other));

/** Lets the open streams of the session end, for a while; there are no new ones. */
function retire({ http2 }: Session, env: ConnectionEnv): void {
  if (http2.closed || http2.destroyed) return;
  http2.close();
  const timer = env.clock.after(PAIR_RETIRE_MS, () => http2.destroy());
  http2.once('close', () => timer.cancel());
}

/**
 * Destroys the session when its peer stops answering: a cut cable ends no TCP connection by itself.
 */
function keepAlive(session: Session, env: ConnectionEnv): void {
  let timer: Timer;
  const { http2 } = session;
  const idle = () => {
    if (session.streams === 0) return void (timer = env.clock.after(PING_IDLE_MS, idle));
    timer = env.clock.after(PING_TIMEOUT_MS, () => {
      env.log.warn('server does not answer pings', { server: http2.originSet?.[0] });
      http2.destroy(new Error('ping timeout'), constants.NGHTTP2_CANCEL);
    });
    http2.ping((error) => {
      timer.cancel();
      if (!error && !http2.destroyed) timer = env.clock.after(PING_IDLE_MS, idle);
    });
  };
  timer = env.clock.after(PING_IDLE_MS, idle);
  http2.once('close', () => timer.cancel());
}
