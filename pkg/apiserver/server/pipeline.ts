// The stages of a request: request info, authentication, authorization, limits, routing, and the
// translation of errors into answers (upstream server/config.go DefaultBuildHandlerChain).
import { internalError, qualified, statusError } from '../../apimachinery/errors/status-error.js';
import type { Timer } from '../../util/env/env.js';
import type { Audit } from '../audit/audit.js';
import type { AuditRecord } from '../audit/record.js';
import type { Authenticator, UserInfo } from '../auth/authenticator.js';
import type { Attributes, Authorizer, Decision } from '../auth/authorizer.js';
import { forbiddenError } from '../../apimachinery/errors/forbidden.js';
import { indentJson, wantsPretty } from '../codec/pretty.js';
import type { ConnectHandler, HandlerRequest, PathHandler, Upgrade } from '../extension/handler.js';
import { PAGE_NOT_FOUND, type Delegate } from '../extension/delegation.js';
import type { Discovery } from '../discovery/discovery.js';
import type { Arrival, RequestLimiter } from '../flowcontrol/limiter.js';
import { HEALTH_PATH, type Health } from './health.js';
import { SLOW_ANSWER_BYTES } from '../limits.js';
import { requestTimedOut, requestTimeout } from '../request/deadline.js';
import { isTrue, parseRequestInfo, type RequestInfo } from '../request/request-info.js';
import {
  checkScope,
  pageNotFound,
  UnknownPathError,
  serveConnect,
  serveResource,
  type ConnectRoutes,
} from './router.js';
import type { ServedResource } from '../served/served.js';
import type { Exchange } from '../http/exchange.js';
import { refuseForeignPages } from '../http/foreign-pages.js';
import { routeOf, type Route, type ServerMetrics } from '../metrics/server-metrics.js';
import { sendError, statusOf } from '../verbs/answer.js';
import { contextOf, isDryRun, type ApiRequest, type Core } from '../verbs/request.js';
import { VERSION } from './version.js';

export interface PipelineOptions {
  core: Core;
  authenticate: Authenticator;
  authorize: Authorizer;
  connect: ConnectRoutes;
  paths: readonly PathHandler[];
  discovery: Discovery;
  delegates: readonly Delegate[];
  /** Waits until the resources that another server accepted are served here too. */
  settle?: (() => Promise<void>) | undefined;
  health: Health;
  metrics: ServerMetrics;
  /** Absent: no audit log. */
  audit?: Audit;
  limiter: RequestLimiter;
  /** Brings metrics that are computed when they are read up to date. */
  refreshMetrics: () => void;
  /** --request-timeout. */
  requestTimeoutMs: number;
  signal: AbortSignal;
}

/** A request on its way through the stages. */
interface Call {
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  /** Of a request that is connected to something. */
  readonly handler: ConnectHandler | undefined;
  readonly isLong: boolean;
  readonly upgrade: Upgrade | undefined;
}

const NO_QUERY = new URLSearchParams();
const READ_VERBS = new Set(['get', 'list', 'watch', 'head', 'options']);
const AUDIT_ID = /^[\x21-\x7e]{1,64}$/;

const SWITCHING_PROTOCOLS = 101;
const PLAIN_TEXT = { 'content-type': 'text/plain; charset=utf-8' };

/** An error of the program itself, which Go would report as a panic. */
const isFault = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

async function received(record: AuditRecord): Promise<void> {
  try {
    await record.received();
  } catch {
    throw internalError(new Error('failed to store audit event'));
  }
}

export class Pipeline {
  private readonly inFlight = { readOnly: 0, mutating: 0 };
  private readonly counted = new Set<ServedResource>();
  private readonly exactPaths = new Map<string, PathHandler>();
  private readonly prefixPaths: PathHandler[] = [];

  constructor(private readonly options: PipelineOptions) {
    for (const handler of options.paths) {
      this.exactPaths.set(handler.path, handler);
      if (handler.prefix) this.prefixPaths.push(handler);
    }
  }

  /** Answers the request. Never rejects. */
  async serve(exchange: Exchange, upgrade?: Upgrade): Promise<void> {
    const { core } = this.options;
    const started = core.env.clock.monotonic();
    const given = exchange.header('audit-id');
    exchange.auditId = given && AUDIT_ID.test(given) ? given : core.env.random.uuid();
    const mark = exchange.url.indexOf('?');
    const path = mark < 0 ? exchange.url : exchange.url.slice(0, mark);
    core.env.begins?.(exchange.method, path);
    const query = mark < 0 ? NO_QUERY : new URLSearchParams(exchange.url.slice(mark + 1));
    const info = parseRequestInfo(exchange.method, path, query);
    const handler = this.options.connect.find(info);
    const isLong =
      info.verb === 'watch' ||
      handler !== undefined ||
      (info.subresource === 'log' && isTrue(query.get('follow')));
    const call: Call = { exchange, info, query, handler, isLong, upgrade };
    let timer: Timer | undefined;
    let panic: unknown;
    try {
      if (!isLong) timer = this.limitTime(call);
      await this.dispatch(call);
      if (upgrade && !exchange.sent) exchange.audit?.started(SWITCHING_PROTOCOLS);
    } catch (error) {
      if (isFault(error)) panic = error;
      if (!exchange.expired) this.fail(exchange, error);
    }
    if (exchange.unsent > SLOW_ANSWER_BYTES) exchange.onClose(() => timer?.cancel());
    else timer?.cancel();
    exchange.audit?.complete(panic);
    this.options.metrics.done(
      this.routeOf(call),
      query !== NO_QUERY && query.get('dryRun') === 'All',
      exchange.sent,
      started,
      isLong,
    );
  }

  private limitTime({ exchange, info, query }: Call): Timer {
    const { core, requestTimeoutMs } = this.options;
    const isWrite = info.isResource && !READ_VERBS.has(info.verb);
    const timeout = requestTimeout(query, requestTimeoutMs, isWrite);
    exchange.deadline = core.env.clock.monotonic() + timeout;
    return core.env.clock.after(timeout, () => {
      const error = requestTimedOut(isWrite);
      core.env.log.warn('request timed out', {
        method: exchange.method,
        url: exchange.url,
        answered: exchange.sent,
      });
      exchange.expire(error, () => sendError(exchange, error));
    });
  }

  private fail(exchange: Exchange, error: unknown): void {
    if (error instanceof UnknownPathError && exchange.sent === 0)
      return this.answerNotFound(exchange);
    const { code } = statusOf(error);
    if (code >= 500)
      this.options.core.env.log.warn('request failed', {
        method: exchange.method,
        url: exchange.url,
        code,
        error,
      });
    if (exchange.sent === 0) sendError(exchange, error);
    else exchange.abort();
  }

  private resourceOf({ isResource, group, version, resource }: RequestInfo) {
    return isResource ? this.options.core.resources.find(group, version, resource) : undefined;
  }

  private routeOf({ exchange, info, handler }: Call): Route {
    return routeOf(
      info,
      this.resourceOf(info),
      handler !== undefined,
      info.verb === 'patch' ? exchange.header('content-type') : undefined,
    );
  }

  private async dispatch(call: Call): Promise<void> {
    const { exchange, info, query, isLong } = call;
    const identified = this.identify(call);
    // Awaiting what is there takes a fiftieth of a small answer's time.
    const user = identified instanceof Promise ? await identified : identified;
    if (exchange.audit) await received(exchange.audit);
    const { limiter, metrics } = this.options;
    const isRead = READ_VERBS.has(info.verb);
    const arrival = { exchange, info, user, query, resource: this.resourceOf(info), isRead };
    const kind = isRead ? 'readOnly' : 'mutating';
    const serve = async (): Promise<void> => {
      if (!isLong) this.inFlight[kind]++;
      try {
        exchange.throwIfExpired();
        const permitted = this.permit(exchange, info, user);
        if (permitted) {
          await permitted;
          exchange.throwIfExpired();
        }
        await this.route(call, user);
      } finally {
        if (!isLong) this.inFlight[kind]--;
      }
    };
    if (!isLong) return limiter.admit(arrival, serve);
    const route = this.routeOf(call);
    metrics.open(route, 1);
    try {
      await (info.verb === 'watch' ? begunBy(limiter, arrival, serve) : serve());
    } finally {
      metrics.open(route, -1);
    }
  }

  /** The user as which the request acts. Begins the audit when the authenticated user is known. */
  private identify({ exchange, info, isLong }: Call): UserInfo | Promise<UserInfo> {
    const { audit } = this.options;
    if (!audit) return this.authenticate(exchange, info);
    let first: UserInfo | undefined;
    const begin = (user: UserInfo) => {
      first = user;
      exchange.audit = audit.begin(exchange, info, user, isLong);
    };
    const known = (user: UserInfo): UserInfo => {
      if (!first) begin(user);
      else if (first !== user) exchange.audit?.impersonate(user);
      return user;
    };
    const refused = (error: unknown): never => {
      if (!first) audit.refused(exchange, info);
      throw error;
    };
    try {
      const answer = this.authenticate(exchange, info, begin);
      return answer instanceof Promise ? answer.then(known, refused) : known(answer);
    } catch (error) {
      return refused(error);
    }
  }

  private authenticate(
    exchange: Exchange,
    { path, verb }: RequestInfo,
    onUser?: (user: UserInfo) => void,
  ): UserInfo | Promise<UserInfo> {
    const { certificate } = exchange;
    const authorization = exchange.header('authorization');
    if ((certificate || authorization) && (exchange.header('upgrade') || !READ_VERBS.has(verb)))
      refuseForeignPages(exchange.headers);
    const bearerToken =
      authorization && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : undefined;
    if (certificate?.invalid && !bearerToken) throw statusError('Unauthorized', 'Unauthorized');
    const answer = this.options.authenticate({
      headers: exchange.headers,
      remoteAddress: exchange.remoteAddress,
      path,
      ...(onUser && { onUser }),
      ...(bearerToken && { bearerToken }),
      ...(certificate && !certificate.invalid && { certificate }),
    });
    const known = (user: UserInfo | undefined): UserInfo => {
      if (!user) throw statusError('Unauthorized', 'Unauthorized');
      return user;
    };
    return answer instanceof Promise ? answer.then(known) : known(answer);
  }

  /** Throws or rejects with StatusError unless the user may do this. */
  private permit(exchange: Exchange, info: RequestInfo, user: UserInfo): void | Promise<void> {
    const { verb, group, version, resource, subresource, namespace, fields } = info;
    const { fieldSelector, labelSelector } = info;
    const name = info.name || (fields?.['metadata.name'] ?? '');
    const attributes: Attributes = {
      user,
      verb,
      group,
      version,
      resource,
      subresource,
      namespace,
      name,
    };
    if (!info.isResource) attributes.path = info.path;
    if (fields) attributes.fields = fields;
    if (fieldSelector) attributes.fieldSelector = fieldSelector;
    if (labelSelector) attributes.labelSelector = labelSelector;
    const enforce = (decision: Decision): void => {
      const { allowed, reason = '', error } = decision;
      const isUndecided = !allowed && error !== undefined;
      if (exchange.audit) {
        if (!isUndecided)
          exchange.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
        exchange.annotate('authorization.k8s.io/reason', isUndecided ? 'internal error' : reason);
      }
      if (isUndecided)
        throw statusError(
          'InternalError',
          `Internal Server Error: ${JSON.stringify(exchange.url)}: ${error}`,
        );
      if (!allowed) throw forbiddenError(attributes, reason);
    };
    const answer = this.options.authorize(attributes);
    return answer instanceof Promise ? answer.then(enforce) : enforce(answer);
  }

  private async route(call: Call, user: UserInfo): Promise<void> {
    const { exchange, info, query, handler, upgrade } = call;
    if (!info.isResource) return this.servePath(call, user);
    const { core } = this.options;
    const found = this.find(info);
    const resource = found instanceof Promise ? await found : found;
    if (!resource) return this.serveUnknown(call, user);
    for (const text of resource.definition.notices ?? []) exchange.warn(text);
    checkScope(resource, info);
    const dryRun = READ_VERBS.has(info.verb) || query === NO_QUERY ? false : isDryRun(query);
    const request: ApiRequest = {
      core,
      exchange,
      info,
      user,
      query,
      resource,
      context: contextOf(core.env, user, dryRun),
    };
    if (handler) return serveConnect(handler, request, this.handlerRequest(call, user));
    const isWebSocket = /^websocket$/i.test(exchange.header('upgrade') ?? '');
    if (upgrade && !(isWebSocket && info.verb === 'watch'))
      throw statusError('BadRequest', 'Upgrade request required');
    return serveResource(request);
  }

  /** The resource of the path. Only a fresh view of the store makes a resource unknown. */
  private find(
    info: RequestInfo,
  ): ServedResource | undefined | Promise<ServedResource | undefined> {
    const { settle } = this.options;
    const resource = this.resourceOf(info);
    // Groups of CustomResourceDefinitions have a dot; built-in resources do not come and go.
    if (resource || !settle || !info.group.includes('.')) return resource;
    return settle().then(() => this.resourceOf(info));
  }

  private async servePath(call: Call, user: UserInfo): Promise<void> {
    const { exchange, info, query } = call;
    const { path } = info;
    const { health, discovery, core } = this.options;
    if (HEALTH_PATH.test(path)) {
      const answer = await health.answer(path, query);
      if (!answer) return this.answerNotFound(exchange);
      const headers = { ...PLAIN_TEXT, 'x-content-type-options': 'nosniff' };
      return exchange.respond(answer.code, headers, answer.text);
    }
    if (path === '/metrics')
      return exchange.respond(
        200,
        { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
        await this.metricsText(),
      );
    if (path === '/version' || path === '/version/') return answerJson(exchange, VERSION);
    const document =
      exchange.method === 'GET' || exchange.method === 'HEAD'
        ? discovery.find(path, exchange.header('accept'))
        : undefined;
    if (document) {
      const headers = { etag: document.etag, vary: 'Accept', 'cache-control': 'public' };
      exchange.audit?.response(() => document.bytes.toString());
      if (exchange.header('if-none-match') === document.etag) return exchange.respond(304, headers);
      return exchange.respond(
        200,
        { ...headers, 'content-type': document.contentType },
        wantsPretty(exchange.url, exchange.header('user-agent'))
          ? indentJson(document.bytes)
          : document.bytes,
      );
    }
    const own =
      this.exactPaths.get(path) ??
      this.prefixPaths.find((one) =>
        path.startsWith(one.path.endsWith('/') ? one.path : `${one.path}/`),
      );
    if (own) return own.handle(this.handlerRequest(call, user), core.services);
    if (path === '/') return answerJson(exchange, { paths: this.knownPaths() });
    return this.serveUnknown(call, user);
  }

  /**
   * Passes a request that no definition and no path handler serves to a delegate, or answers 404.
   */
  private serveUnknown(call: Call, user: UserInfo): Promise<void> | void {
    const { info } = call;
    const { core, delegates } = this.options;
    if (info.isResource && core.resources.hasBuiltIn(info.group, info.version))
      throw pageNotFound();
    const delegate = delegates.find((one) => one.accepts(info));
    if (delegate) return delegate.handle(this.handlerRequest(call, user), core.services);
    const [, root, group] = info.path.split('/');
    if (root === 'api' || (root === 'apis' && group && core.resources.hasBuiltIn(group)))
      throw pageNotFound();
    return this.answerNotFound(call.exchange);
  }

  private answerNotFound(exchange: Exchange): void {
    exchange.respond(PAGE_NOT_FOUND.status, { ...PAGE_NOT_FOUND.headers }, PAGE_NOT_FOUND.text);
  }

  private async metricsText(): Promise<string> {
    const { core, metrics } = this.options;
    for (const [kind, count] of Object.entries(this.inFlight))
      metrics.inFlight.set(count, { request_kind: kind });
    this.options.refreshMetrics();
    const all = new Set(core.resources.all());
    // Resources that are no longer served report 0 instead of their last count.
    for (const resource of [...this.counted, ...all]) {
      const cache = all.has(resource) ? resource.maybeCache : undefined;
      if (!cache && !this.counted.delete(resource)) continue;
      if (cache) this.counted.add(resource);
      metrics.objects.set(cache?.index.size ?? 0, { resource: qualified(resource) });
      metrics.watchers.set(cache?.watcherCount ?? 0, {
        group: resource.group,
        resource: resource.resource,
      });
    }
    return core.admission.series.render() + (await metrics.render());
  }

  private knownPaths(): string[] {
    const groups = new Set<string>();
    for (const { group, version } of this.options.core.resources.all()) {
      if (!group) continue;
      groups.add(`/apis/${group}`);
      groups.add(`/apis/${group}/${version}`);
    }
    return [
      '/api',
      '/api/v1',
      '/apis',
      ...[...groups].sort(),
      '/healthz',
      '/livez',
      '/metrics',
      ...this.exactPaths.keys(),
      '/readyz',
      '/version',
    ];
  }

  private handlerRequest(call: Call, user: UserInfo): HandlerRequest {
    const { exchange, info, query, upgrade } = call;
    const over = new AbortController();
    const { signal } = this.options;
    const onStop = () => over.abort(signal.reason);
    signal.addEventListener('abort', onStop, { once: true });
    if (signal.aborted) onStop();
    exchange.onClose(() => {
      signal.removeEventListener('abort', onStop);
      over.abort(new Error('the client has disconnected'));
    });
    return {
      info,
      user,
      query,
      method: exchange.method,
      url: exchange.url,
      headers: exchange.headers,
      remoteAddress: exchange.remoteAddress,
      body: exchange.body,
      signal: over.signal,
      respond: (status, headers, body) => exchange.respond(status, { ...headers }, body),
      stream: (status, headers) => {
        exchange.throwIfExpired();
        return exchange.stream(status, { ...headers });
      },
      ...(upgrade && { upgrade }),
    };
  }
}

function answerJson(exchange: Exchange, value: unknown): void {
  const headers = { 'content-type': 'application/json' };
  exchange.respond(200, headers, JSON.stringify(value, null, 2));
}

/** A watch needs its turn to begin only: afterwards it costs what its events cost. */
async function begunBy(
  limiter: RequestLimiter,
  arrival: Arrival,
  serve: () => Promise<void>,
): Promise<void> {
  let serving: Promise<void> | undefined;
  await limiter.admit(arrival, () => {
    serving = serve();
    // The caller awaits the promise one step later.
    serving.catch(() => {});
    return Promise.resolve();
  });
  await serving;
}
