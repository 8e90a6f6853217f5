// The connection of a process to the API servers, at which requests are delayed, lost, refused or
// cut. The client above has its real deadlines and retries; the servers below are real but have no
// ports.
import { setMaxListeners } from 'node:events';
import type { Client } from '../../pkg/client/client.js';
import { ConnectionError } from '../../pkg/client/connection.js';
import { clientOver } from '../../pkg/client/rest-client.js';
import { transportOver, type HttpRequest, type HttpStream } from '../../pkg/client/transport.js';
import type { Headers } from '../../pkg/apiserver/extension/handler.js';
import type { PeerCertificate } from '../../pkg/apiserver/http/exchange.js';
import { sleep, type Env } from '../../pkg/util/env/env.js';
import { AnswerStream } from './answer-stream.js';
import { SimExchange } from './exchange.js';
import type { Faults } from './faults.js';
import type { SimServer } from './servers.js';
import type { Trace } from './trace.js';

/** The time in which a partitioned process detects the partition. */
const PARTITION_NOTICED_MS = 10_000;
/** The upper bound of the lifetime of a watch that breaks. */
const CUT_WITHIN_MS = 60_000;
const STALL_MAX_MS = 15_000;

export interface LinkOptions {
  name: string;
  certificate: PeerCertificate;
  env: Env;
  servers: readonly SimServer[];
  faults: Faults;
  trace: Trace;
  /** False for the user's link, which only delays requests. */
  faulty: boolean;
  /** Called for every response that reaches the process. */
  answered?: (request: HttpRequest, status: number, body: () => unknown) => void;
}

const REFUSALS = [
  { code: 429, reason: 'TooManyRequests', message: 'The apiserver is overloaded' },
  { code: 500, reason: 'InternalError', message: 'Internal error occurred: simulated' },
  {
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
  },
  {
    code: 504,
    reason: 'Timeout',
    message: 'Timeout: request did not complete within the allotted timeout',
  },
] as const;

export class Link {
  readonly client: Client;
  /** The process is dead: its requests have no effect. */
  dead = false;
  /** The link drops every packet. */
  partitioned = false;
  private preferred: SimServer | undefined;
  private readonly open = new Set<() => void>();

  constructor(private readonly options: LinkOptions) {
    const transport = transportOver(
      (request, signal) => this.begin(request, signal),
      () => {},
      options.env,
    );
    this.client = clientOver(transport);
  }

  kill(): void {
    this.dead = true;
    this.cutAll();
  }

  /** Breaks every connection. */
  cutAll(): void {
    for (const cut of this.open) cut();
  }

  private server(): SimServer | undefined {
    const { servers, faults } = this.options;
    if (!this.preferred?.up) {
      const up = servers.filter((one) => one.up);
      this.preferred = up.length ? faults.pick(up) : undefined;
    }
    return this.preferred;
  }

  private note(request: HttpRequest, what: string): void {
    this.options.trace.add(
      `${this.options.name} ${request.method} ${request.path.slice(0, 160)} ${what}`,
    );
  }

  private async begin(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpStream> {
    const { env, faults, faulty } = this.options;
    // One signal of a component ends many requests.
    if (request.signal) setMaxListeners(0, request.signal);
    if (signal) setMaxListeners(0, signal);
    signal?.throwIfAborted();
    if (this.dead) return never(signal);
    await sleep(env.clock, faulty ? faults.latency() : 1, signal);
    if (this.dead) return never(signal);
    if (this.partitioned) {
      await sleep(env.clock, PARTITION_NOTICED_MS, signal);
      throw new ConnectionError('connect: i/o timeout', false);
    }
    const server = this.server();
    if (!server || (faulty && faults.happens('unsent'))) {
      this.note(request, 'unsent');
      await sleep(env.clock, 5, signal);
      throw new ConnectionError('connect: connection refused', false);
    }
    if (faulty && faults.happens('refused')) return this.refuse(request);
    return this.ask(server, request, signal);
  }

  private refuse(request: HttpRequest): HttpStream {
    const refusal = this.options.faults.pick(REFUSALS);
    this.note(request, `refused ${refusal.code}`);
    const stream = new AnswerStream();
    stream.push(
      Buffer.from(
        JSON.stringify({
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          ...refusal,
        }),
      ),
    );
    stream.end();
    const headers = refusal.code === 429 || refusal.code === 503 ? { 'retry-after': '1' } : {};
    return {
      status: refusal.code,
      headers,
      cancel: () => {},
      chunks: () => stream.chunks(undefined),
    };
  }

  private ask(
    server: SimServer,
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpStream> {
    const { env, faults, faulty, certificate, answered } = this.options;
    const isWatch = /[?&]watch=true/.test(request.path);
    const loses = faulty && !isWatch && faults.happens('lost');
    const stream = new AnswerStream();
    return new Promise((resolve, reject) => {
      let status = 0;
      let headers: Headers = {};
      let deliverAt = 0;
      let isOver = false;
      const chunks: Uint8Array[] = [];
      /** Delivers the chunks in order, each after its latency. */
      const deliver = (action: () => void) => {
        const stall =
          faulty && isWatch && faults.happens('stalled') ? faults.between(500, STALL_MAX_MS) : 0;
        deliverAt = Math.max(
          deliverAt,
          env.clock.monotonic() + (faulty ? faults.latency() : 1) + stall,
        );
        env.clock.after(deliverAt - env.clock.monotonic(), () => {
          if (!isOver) action();
        });
      };
      const over = (error: unknown) => {
        if (isOver) return;
        isOver = true;
        signal?.removeEventListener('abort', onAbort);
        this.open.delete(cut);
        server.exchanges.delete(serverCut);
        exchange.leave();
        if (error === undefined) return stream.end();
        reject(error as Error);
        stream.fail(error);
      };
      const cut = () => over(new ConnectionError('the connection ended', true));
      const serverCut = () => deliver(cut);
      const onAbort = () => over(signal!.reason);
      const exchange = new SimExchange(
        {
          method: request.method,
          url: request.path,
          headers: headersOf(request),
          body: request.body,
          certificate,
        },
        {
          head: (given, all) => {
            [status, headers] = [given, all];
            if (isWatch)
              deliver(() =>
                resolve({ status, headers, cancel: cut, chunks: () => stream.chunks(cut) }),
              );
          },
          chunk: (bytes) => {
            if (isWatch) deliver(() => stream.push(bytes));
            else chunks.push(bytes);
          },
          end: (whole) => {
            server.exchanges.delete(serverCut);
            if (!whole || loses) {
              this.note(request, `${status} lost`);
              return deliver(cut);
            }
            deliver(() => {
              if (this.partitioned) return; // the deadline ends it
              if (!isWatch) this.note(request, String(status));
              const body = Buffer.concat(chunks);
              if (!isWatch) {
                answered?.(request, status, () => JSON.parse(body.toString()) as unknown);
                resolve({ status, headers, cancel: cut, chunks: () => stream.chunks(undefined) });
                stream.push(body);
              }
              over(undefined);
            });
          },
        },
      );
      signal?.addEventListener('abort', onAbort, { once: true });
      this.open.add(cut);
      server.exchanges.add(serverCut);
      if (isWatch && faulty && faults.happens('cut'))
        env.clock.after(faults.between(100, CUT_WITHIN_MS), cut);
      void server.serve(exchange);
    });
  }
}

function headersOf(request: HttpRequest): Headers {
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': 'wheelhouse-sim',
    ...(request.body
      ? {
          'content-type': request.contentType ?? 'application/json',
          'content-length': String(request.body.length),
        }
      : {}),
  };
}

/** A response that never arrives, for dead processes; the signal ends it. */
function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
