// The kubelet's HTTPS port (10250): logs, exec, attach, port-forward, pods, stats, metrics, health;
// auth.ts decides on access. The read-only port serves pods, stats, metrics and health over plain
// HTTP.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { jsonText } from '../../util/json/json-text.js';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Clock, Env } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import type { Kubelet } from '../kubelet.js';
import { until } from '../../util/wait/retry.js';
import { serveHttp, type HttpBounds } from '../../system/http-server.js';
import type { TlsSettings } from '../../system/tls-settings.js';
import { ATTACH_POLL, ATTACH_SETTLE, SERVER_BOUNDS, STREAMS } from '../limits.js';
import { readLog, type LogOptions } from '../logs/read-log.js';
import { isNotFound, type Runtime } from '../runtime/runtime.js';
import { cadvisorMetrics } from '../stats/cadvisor-metrics.js';
import { resourceMetrics } from '../stats/resource-metrics.js';
import type { Snapshot } from '../stats/snapshot.js';
import { summary } from '../stats/summary.js';
import type { Depth } from '../stats/usage.js';
import type { ObservedContainer } from '../types/observed.js';
import type { AccessReviewer } from '../../client/access-review.js';
import { EXPOSITION_TYPE } from '../../util/metrics/exposition.js';
import { authorize, segmentsOf, verbOf } from './auth.js';
import {
  containerPath,
  findPod,
  HttpError,
  loggedContainer,
  notFound,
  runningContainer,
  type ContainerPath,
} from './find-container.js';
import { tunnel } from './tunnel.js';
import { ignoringCode } from '../../util/errors/error-text.js';

export interface ServerDeps {
  env: Env;
  kubelet: Kubelet;
  runtime: Runtime;
  nodeName: string;
  usage: (depth: Depth) => Promise<Snapshot>;
  reviewer?: AccessReviewer;
}

export interface ServerOptions {
  address: string;
  port: number;
  /** Without a certificate every handshake fails until there is one. */
  tls: { cert?: string; key?: string; ca?: string } & TlsSettings;
  /** Default: limits.ts. */
  bounds?: HttpBounds;
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' };

const podList = (items: readonly object[]) => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: {},
  items,
});

const codeOf = (error: unknown): number =>
  error instanceof HttpError ? error.code : isNotFound(error) ? 404 : 500;

const flag = (query: URLSearchParams, ...names: string[]) =>
  names.some((n) => /^(1|true)$/i.test(query.get(n) ?? ''));

function count(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new HttpError(422, `${name}: Invalid value: ${text}`);
  return value;
}

function logOptions(query: URLSearchParams, clock: Clock): LogOptions {
  const tailLines =
    count(query, 'tailLines') ??
    (query.get('tail') && query.get('tail') !== 'all' ? count(query, 'tail') : undefined);
  const limitBytes = count(query, 'limitBytes');
  const sinceSeconds = count(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const since =
    sinceSeconds !== undefined
      ? clock.now() - sinceSeconds * 1000
      : sinceTime
        ? Date.parse(sinceTime)
        : undefined;
  const stream = query.get('stream')?.toLowerCase();
  return {
    ...(flag(query, 'follow') && { follow: clock }),
    timestamps: flag(query, 'timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(since === undefined || Number.isNaN(since) ? {} : { since }),
    ...((stream === 'stdout' || stream === 'stderr') && { stream }),
  };
}

export class KubeletServer {
  private streams = 0;
  private replaceTls?: (renewed: Partial<ServerOptions['tls']>) => void;

  constructor(
    private readonly deps: ServerDeps,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves to the bound port. */
  async listen(options: ServerOptions): Promise<number> {
    const { tls, bounds = SERVER_BOUNDS } = options;
    return serveHttp(
      {
        ...options,
        bounds,
        replaceable: (replace) => {
          this.replaceTls = (renewed) => replace({ ...tls, ...renewed });
        },
        tls: { ...tls, requestCert: true, rejectUnauthorized: false },
        request: (request, response) => this.request(request, response, true),
        upgrade: (request, socket, head) => {
          this.upgrade(request, socket, head).catch((error: unknown) => this.refuse(socket, error));
        },
      },
      this.signal,
    );
  }

  /** New connections use the renewed parts of `tls`; open ones stay as they are. */
  setCertificate(renewed: Pick<ServerOptions['tls'], 'cert' | 'key' | 'ca'>): void {
    this.replaceTls?.(renewed);
  }

  /** Plain HTTP without authentication: /healthz, /pods, /metrics, /stats/summary. */
  listenReadOnly(address: string, port: number): Promise<number> {
    const request: RequestListener = (incoming, response) =>
      this.request(incoming, response, false);
    return serveHttp({ address, port, request }, this.signal);
  }

  private request(request: IncomingMessage, response: ServerResponse, secure: boolean): void {
    this.answer(request, response, secure).catch((error: unknown) => {
      const code = codeOf(error);
      const url = request.url?.split('?')[0];
      if (code === 500) this.deps.env.log.warn('kubelet request failed', { url, error });
      if (response.headersSent) response.destroy();
      else response.writeHead(code, PLAIN).end(errorText(error));
    });
  }

  private async admit(request: IncomingMessage, path: string): Promise<void> {
    const verb = verbOf(request.method ?? '', path);
    const { socket, headers } = request;
    const { nodeName, reviewer } = this.deps;
    const caller = [socket as TLSSocket, headers.authorization] as const;
    const decision = await authorize(...caller, verb, path, nodeName, reviewer);
    if (!decision.allow) throw new HttpError(decision.code, decision.message);
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    secure: boolean,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kubelet');
    if (secure) await this.admit(request, url.pathname);
    const [verb = '', ...parts] = segmentsOf(url.pathname);
    const send = (type: string, text: string) =>
      void response.writeHead(200, { 'content-type': type }).end(text);
    const json = (value: unknown) => send('application/json', `${jsonText(value)}\n`);
    switch (verb) {
      case 'healthz':
        return send(PLAIN['content-type'], 'ok');
      case 'metrics':
        return send(EXPOSITION_TYPE, await this.metrics(parts.join('/')));
      case 'pods':
        return json(podList(this.deps.kubelet.pods()));
      case 'stats':
        if (parts.join('/') !== 'summary') break;
        return json(summary(await this.deps.usage('all'), this.deps.nodeName));
      default:
    }
    if (!secure) throw notFound();
    switch (verb) {
      case 'runningpods':
        return json(await this.runningPods());
      case 'containerLogs':
        return this.logs(parts, url.searchParams, request, response);
      case 'run':
        return this.run(parts, url.searchParams, response);
      case 'exec':
      case 'attach':
      case 'portForward':
        throw new HttpError(400, 'unable to upgrade: missing upgrade headers in request');
      default:
        throw notFound();
    }
  }

  private async metrics(page: string): Promise<string> {
    const { env, kubelet, usage } = this.deps;
    switch (page) {
      case '':
        return env.metrics.render();
      case 'probes':
        return kubelet.probers.metrics.render();
      case 'cadvisor':
        return cadvisorMetrics(await usage('all'));
      case 'resource':
        return resourceMetrics(
          await usage('resources').catch((error: unknown) => {
            env.log.warn('usage could not be read', { error });
            return undefined;
          }),
        );
      default:
        throw notFound();
    }
  }

  private async runningPods(): Promise<object> {
    const all = await this.deps.kubelet.observer.observeAll();
    const items = all
      .filter((p) => p.containers.some((c) => c.state === 'running'))
      .map((p) => ({
        metadata: { name: p.name, namespace: p.namespace, uid: p.uid },
        spec: {
          containers: p.containers
            .filter((c) => c.state === 'running')
            .map((c) => ({ name: c.name, image: c.image })),
        },
        status: {},
      }));
    return podList(items);
  }

  private async logs(
    parts: string[],
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const path = containerPath(parts);
    const container = loggedContainer(this.deps.kubelet, path, flag(query, 'previous'));
    const running = () => {
      const worker = this.deps.kubelet.findPod(path.namespace, path.pod, path.uid);
      return worker?.observed.containers.find((c) => c.id === container.id)?.state === 'running';
    };
    const closed = new AbortController();
    response.once('close', () => closed.abort(new Error('client went away')));
    const options = logOptions(query, this.deps.env.clock);
    response.writeHead(200, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' });
    response.flushHeaders();
    try {
      const ended = AbortSignal.any([closed.signal, this.signal]);
      for await (const chunk of readLog(container.logPath, options, running, ended))
        if (!response.write(chunk))
          await new Promise<void>((resolve) => {
            response.once('drain', resolve);
            response.once('close', resolve);
          });
    } catch (error) {
      ignoringCode('ENOENT')(error);
    }
    response.end();
    request.resume();
  }

  private async run(
    parts: string[],
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const { id } = runningContainer(this.deps.kubelet, containerPath(parts));
    const command = (query.get('cmd') ?? '').split(' ');
    const { stdout, stderr } = await this.deps.runtime.execSync(id, command, 0);
    response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.concat([stdout, stderr]));
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    const url = new URL(request.url ?? '/', 'http://kubelet');
    await this.admit(request, url.pathname);
    if (this.streams >= STREAMS) throw new HttpError(429, 'too many streaming connections');
    const [verb = '', ...parts] = segmentsOf(url.pathname);
    const target = await this.streamUrl(verb, parts, url.searchParams);
    this.streams++;
    try {
      await tunnel(request, socket, head, target, this.signal);
    } finally {
      this.streams--;
    }
  }

  private async streamUrl(verb: string, parts: string[], query: URLSearchParams): Promise<string> {
    const { kubelet, runtime } = this.deps;
    if (verb === 'portForward') {
      const [namespace, pod, uid] = parts;
      if (!namespace || !pod) throw notFound();
      const worker = findPod(kubelet, { namespace, pod, ...(uid && { uid }) });
      const sandbox = worker.observed.sandboxes.find((s) => s.ready);
      if (!sandbox) throw new HttpError(404, `pod not found ("${pod}_${namespace}")`);
      const ports = query
        .getAll('port')
        .flatMap((p) => p.split(','))
        .map(Number);
      const url = new URL(await runtime.portForwardUrl(sandbox.id, ports));
      // WebSocket clients send their ports in the query.
      for (const port of ports) url.searchParams.append('port', String(port));
      return url.href;
    }
    const path = containerPath(parts);
    const container =
      verb === 'attach' ? await this.settledContainer(path) : runningContainer(kubelet, path);
    const tty = flag(query, 'tty');
    const streams = {
      containerId: container.id,
      tty,
      stdin: flag(query, 'input', 'stdin'),
      stdout: flag(query, 'output', 'stdout'),
      stderr: !tty && flag(query, 'error', 'stderr'),
    };
    if (!streams.stdin && !streams.stdout && !streams.stderr)
      throw new HttpError(400, 'you must specify at least 1 of stdin, stdout, stderr');
    if (verb === 'exec') return runtime.execUrl({ ...streams, cmd: query.getAll('command') });
    if (verb === 'attach') return runtime.attachUrl(streams);
    throw notFound();
  }

  /**
   * A runtime attaches to a process that has just ended, and delivers nothing of what the process
   * wrote. While a container is young, the caller waits for its end, which refuses the attach, so
   * that kubectl prints the log instead.
   */
  private async settledContainer(path: ContainerPath): Promise<ObservedContainer> {
    const { kubelet, env } = this.deps;
    const { clock } = env;
    let container = runningContainer(kubelet, path);
    const bounds = { periodMs: ATTACH_POLL, limitMs: 10 * ATTACH_SETTLE };
    await until({ clock, signal: this.signal, ...bounds }, () => {
      container = runningContainer(kubelet, path);
      return clock.now() - container.startedAt >= ATTACH_SETTLE;
    });
    return container;
  }

  private refuse(socket: Duplex, error: unknown): void {
    const code = codeOf(error);
    const message = errorText(error);
    if (code === 500) this.deps.env.log.warn('stream refused', { error });
    socket.end(
      `HTTP/1.1 ${code} ${code === 404 ? 'Not Found' : 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(message)}\r\nConnection: close\r\n\r\n${message}`,
    );
  }
}
