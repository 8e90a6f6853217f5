// The API server: storage, caches and verbs behind one pipeline. Its only state are caches, so any
// number of servers may run on one store. cmd/kube-apiserver passes in the resource definitions,
// authenticators, authorizer, admission plugins, connect handlers and hooks.
//
// Invariants: reads come from the watch caches only; a write is one transaction, compared with the
// revision that it started from; every error is a metav1.Status.
import { setMaxListeners } from 'node:events';
import { MESSAGES } from '../../apis/facts/messages.js';
import { RESOURCES } from '../../apis/facts/resources.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { DONE, every } from '../../util/wait/every.js';
import type { Storage } from '../../storage/storage.js';
import { parseCertificateRequest } from '../../system/pki/certificates.js';
import { askWebhooks } from '../admission/ask.js';
import { AdmissionChain } from '../admission/chain.js';
import { createShapes } from '../admission/shapes.js';
import type { AdmissionPluginFactory } from '../admission/plugin.js';
import type { Audit } from '../audit/audit.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { Authorizer } from '../auth/authorizer.js';
import { Cacher, DEFAULT_ROOT } from '../cache/cacher.js';
import { componentStatuses } from '../served/component-status.js';
import { runCompaction } from '../store/compaction.js';
import type { Delegate } from '../extension/delegation.js';
import { createRegistration, type Registration } from '../served/registration.js';
import type { ConnectHandler, PathHandler, SubresourceCreator } from '../extension/handler.js';
import type {
  AuthenticatorsFactory,
  AuthorizerFactory,
  ServerServices,
} from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';
import {
  followCustomResources,
  type CustomResources,
  type CustomResourcesOptions,
} from '../customresources/custom-resources.js';
import { Discovery } from '../discovery/discovery.js';
import { Health, HEALTH_PATH, type HealthAnswer } from './health.js';
import {
  BORROWING_PERIOD_MS,
  HOOK_RETRY_MS,
  MAX_MUTATING_REQUESTS_INFLIGHT,
  MAX_REQUESTS_INFLIGHT,
  MIN_WATCH_SECONDS,
  REQUEST_TIMEOUT_MS,
  SHUTDOWN_GRACE_MS,
  STORE_CHECK_MS,
} from '../limits.js';
import { createLocalClient } from '../verbs/local-client.js';
import type { Descriptions } from '../openapi/descriptions.js';
import { openApiHandlers } from '../openapi/handlers.js';
import { schemaOfResource } from '../openapi/group-version.js';
import { buildOpenApi, type OpenApi } from '../openapi/openapi.js';
import type { RemoteDocuments } from '../openapi/remote.js';
import { Pipeline } from './pipeline.js';
import { createReader } from '../served/cache-reader.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { ConnectRoutes } from './router.js';
import { ServedResource, ServedResources } from '../served/served.js';
import { createAggregation } from '../aggregation/aggregation.js';
import type { BackendOptions } from '../aggregation/backend.js';
import { flowControlPaths } from '../flowcontrol/debug.js';
import { FlowControl, type DefaultFlows } from '../flowcontrol/flow-control.js';
import { flowControlMetrics } from '../flowcontrol/metrics.js';
import { inFlightLimits } from '../flowcontrol/limiter.js';
import { createServerMetrics } from '../metrics/server-metrics.js';
import type { Exchange } from '../http/exchange.js';
import { refusePages } from '../http/foreign-pages.js';
import { listen, type Listener, type ListenOptions } from '../http/listeners.js';
import { ObjectStore } from '../store/object-store.js';
import type { Core } from '../verbs/request.js';
import type { WebhookClient } from '../extension/webhooks.js';
import { createWebhookClient } from '../webhook/client.js';
import { VERSION } from './version.js';

export interface ApiServerOptions {
  env: Env;
  /** The store; it stays open when the server stops, and the caller closes it. */
  storage: Storage;
  /** --etcd-prefix; default '/registry'. */
  prefix?: string;
  definitions: readonly ResourceDefinition[];
  /** Default: the built-in messages. */
  schemas?: SchemaTable;
  authenticators: AuthenticatorsFactory;
  authorizer: AuthorizerFactory;
  admission?: readonly AdmissionPluginFactory[];
  /** The audit log, which the caller stops after the server. */
  audit?: Audit;
  connect?: readonly ConnectHandler[];
  creators?: readonly SubresourceCreator[];
  paths?: readonly PathHandler[];
  hooks?: readonly PostStartHook[];
  /** The served versions of an established CustomResourceDefinition; absent: none are served. */
  customResources?: CustomResourcesOptions['define'];
  /** Delegates, in order, for API groups and versions that no definition serves. */
  delegates?: readonly Delegate[];
  /** Further health checks by name; each rejects when it fails. */
  checks?: Readonly<Record<string, () => Promise<void>>>;
  /** Absent: the server has no port and answers only calls of `serve`. */
  listen?: ListenOptions;
  /** Requests in flight; default limits.ts. */
  maxInFlight?: { reads: number; writes: number };
  /** API groups of other servers, by APIServices; absent: none. */
  aggregation?: BackendOptions;
  /** Priority and fairness with these objects; absent: reads and writes have one limit each. */
  fairness?: DefaultFlows;
  /** --min-request-timeout; default limits.ts. */
  minWatchSeconds?: number;
  /** Default: a client by HTTPS. */
  webhooks?: WebhookClient;
  /** --enable-aggregator-routing: calls of services go to their pods, not to the cluster IP. */
  routeToEndpoints?: boolean;
  /** --request-timeout; default limits.ts. */
  requestTimeoutMs?: number;
  /** --insecure-port: a plain HTTP port on which every request has administrator rights. */
  insecure?: { address: string; port: number };
  descriptions?: () => Promise<Descriptions>;
  /** Called with the bound secure port, before the hooks run. */
  onListen?: (port: number) => void;
}

export interface ApiServer extends Registration {
  readonly port: number;
  readonly insecurePort: number | undefined;
  readonly services: ServerServices;
  setCertificate: Listener['setCertificate'];
  /** Answers a request that did not arrive by a port. Never rejects. */
  serve(exchange: Exchange): Promise<void>;
  /** Resolves when the custom resources that are established now are served. Throws 504. */
  settled(): Promise<void>;
  /** Resolves when every post-start hook has succeeded. */
  readonly hooksDone: Promise<void>;
  /** The answer at a path of /healthz, /livez or /readyz; 404 at another. */
  health(path: string, query: string): Promise<HealthAnswer>;
  /**
   * Fails readyz from now on, so that load balancers send no new clients; requests are answered as
   * before.
   */
  announceStop(): void;
  /** Ends watches cleanly, lets other requests finish, then stops. */
  stop(): Promise<void>;
}

/** The definitions, and those of resources that have only facts and a creator (reviews). */
function definitionsOf(options: ApiServerOptions, schemas: SchemaTable): ResourceDefinition[] {
  const definitions = [...options.definitions];
  const has = (group: string, resource: string) =>
    definitions.some(({ facts }) => facts.group === group && facts.resource === resource);
  const wanted = [
    ...(options.creators ?? []).filter(({ subresource }) => subresource === ''),
    { group: '', resource: 'bindings' },
  ];
  for (const { group, resource } of wanted) {
    const facts = RESOURCES.find((one) => one.group === group && one.resource === resource);
    const schema = facts && schemaOfResource(schemas, facts);
    if (facts && schema && !has(group, resource)) definitions.push({ facts, schema });
  }
  return definitions;
}

/** Everybody is an administrator on the plain port, except for pages of a browser. */
const UNRESTRICTED: Authenticator = ({ headers }) => {
  refusePages(headers);
  return { name: 'system:unsecured', groups: ['system:masters', 'system:authenticated'] };
};

function chain(authenticators: readonly Authenticator[]): Authenticator {
  if (authenticators.length === 1) return authenticators[0]!;
  return async (credentials) => {
    for (const authenticator of authenticators) {
      const user = await authenticator(credentials);
      if (user) return user;
    }
    return undefined;
  };
}

/**
 * Fills the caches, listens and runs the hooks. Resolves when the server answers requests; hooks
 * may still run (see readyz). Rejects with the signal's reason when `signal` aborts before that.
 */
export async function startServer(
  options: ApiServerOptions,
  signal: AbortSignal,
): Promise<ApiServer> {
  const { env, storage } = options;
  const stopped = new AbortController();
  const stopping = AbortSignal.any([signal, stopped.signal]);
  setMaxListeners(0, stopping); // one listener per streaming request
  // The caches follow the store until the last request is answered, because reads wait for their
  // events.
  const drained = new AbortController();
  const schemas = options.schemas ?? MESSAGES;
  const cacher = new Cacher(storage, options.prefix ?? DEFAULT_ROOT, env);
  const resources = new ServedResources();
  for (const definition of definitionsOf(options, schemas)) {
    const cache = definition.storage
      ? cacher.cacheOf(definition.storage, definition.facts.namespaced)
      : undefined;
    resources.add(new ServedResource(definition, schemas, cache, cacher.root));
  }
  let core: Core | undefined;
  const reader = createReader(resources, cacher);
  const statuses = componentStatuses({ env, storage, reader: () => reader }, schemas);
  if (statuses)
    resources.add(
      new ServedResource(
        statuses as unknown as ResourceDefinition,
        schemas,
        undefined,
        cacher.root,
      ),
    );
  let authorize: Authorizer = () => ({ allowed: false, reason: 'the server is starting' });
  let authenticate: Authenticator = () => undefined;
  const webhooks =
    options.webhooks ??
    createWebhookClient({
      env,
      reader,
      ...(options.routeToEndpoints && { pickEndpoint: () => env.random.next() }),
    });
  const services: ServerServices = {
    env,
    reader,
    local: createLocalClient(() => core!),
    authorize: (attributes) => authorize(attributes),
    authenticate: (credentials) => authenticate(credentials),
    webhooks,
  };
  let following: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    following = cacher.run(drained.signal, resolve);
    const giveUp = () => {
      if (!cacher.filled) drained.abort(stopping.reason);
      reject(stopping.reason as Error);
    };
    if (stopping.aborted) giveUp();
    else stopping.addEventListener('abort', giveUp, { once: true });
  });
  authorize = options.authorizer(services);
  authenticate = chain(options.authenticators(services));
  const plugins = (options.admission ?? []).map((make) =>
    make({
      env,
      reader,
      authorize: services.authorize,
      askWebhook: askWebhooks(webhooks),
      shapes: createShapes(resources),
      parseCertificateRequest,
    }),
  );
  core = {
    env,
    storage,
    cacher,
    store: new ObjectStore(storage, cacher, env),
    resources,
    admission: new AdmissionChain(plugins, env.clock),
    creators: options.creators ?? [],
    services,
    minWatchSeconds: options.minWatchSeconds ?? MIN_WATCH_SECONDS,
  };
  const stop = async (drain: () => Promise<void>) => {
    stopped.abort(new Error('server stopped'));
    cacher.endWatchers();
    await drain();
    drained.abort(new Error('server stopped'));
    webhooks.close();
    await following;
  };
  const registration = createRegistration(resources, cacher, schemas);
  const define = options.customResources;
  const custom =
    define &&
    (await followCustomResources({ core, registration, define, webhooks, signal: stopping }));
  return assemble(options, core, { registration, custom }, stopping, stop);
}

/** How the list of served resources changes. */
interface Changes {
  registration: Registration;
  custom: CustomResources | undefined;
}

type Stop = (drain: () => Promise<void>) => Promise<void>;

async function assemble(
  options: ApiServerOptions,
  core: Core,
  { registration, custom }: Changes,
  stopping: AbortSignal,
  stop: Stop,
): Promise<ApiServer> {
  const { env } = core;
  const background: Promise<void>[] = [];
  const health = new Health();
  const hooks = new Hooks(options.hooks ?? [], core, health);
  const announced = new AbortController();
  addChecks(health, core, AbortSignal.any([stopping, announced.signal]));
  for (const [name, check] of Object.entries(options.checks ?? {})) health.add(name, check);
  let address = '';
  const aggregation = options.aggregation && createAggregation(options.aggregation);
  if (aggregation) background.push(aggregation.run(core.services, core.resources, stopping));
  const limits = limitRequests(options, core, stopping);
  background.push(limits.done);
  const shared = {
    core,
    authorize: core.services.authorize,
    connect: new ConnectRoutes(options.connect ?? []),
    paths: [
      ...openApiPaths(options, core, aggregation?.documents),
      ...(options.paths ?? []),
      ...limits.paths,
    ],
    delegates: [...(aggregation ? [aggregation.delegate] : []), ...(options.delegates ?? [])],
    settle: custom && (() => custom.settle()),
    discovery: new Discovery(core.resources, () => address, aggregation?.versions),
    health,
    metrics: createServerMetrics(env),
    limiter: limits.limiter,
    refreshMetrics: limits.refreshMetrics,
    ...(options.audit && { audit: options.audit }),
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    signal: stopping,
  };
  const pipeline = new Pipeline({ ...shared, authenticate: core.services.authenticate });
  const secure = options.listen ? await listenWith(pipeline, options.listen) : NO_PORT;
  address = `${options.listen?.address ?? ''}:${secure.port}`;
  const plain =
    options.insecure &&
    (await listenWith(
      new Pipeline({ ...shared, authenticate: UNRESTRICTED, authorize: () => ({ allowed: true }) }),
      options.insecure,
    ));
  options.onListen?.(secure.port);
  const hooksDone = hooks.run(stopping);
  background.push(hooksDone, runCompaction(core.storage, core.cacher.root, env, stopping));
  const end = async () => {
    await stop(
      async () => void (await Promise.all([secure.close(), plain?.close(), hooks.stop()])),
    );
    await Promise.all(background);
  };
  return {
    register: (definition, table) => registration.register(definition, table),
    unregister: (resource) => registration.unregister(resource),
    port: secure.port,
    insecurePort: plain?.port,
    services: core.services,
    setCertificate: (context) => secure.setCertificate(context),
    serve: (exchange) => pipeline.serve(exchange),
    settled: async () => custom?.settle(),
    hooksDone,
    health: async (path, query) =>
      (HEALTH_PATH.test(path) && (await health.answer(path, new URLSearchParams(query)))) || {
        code: 404,
        text: '404 page not found\n',
      },
    announceStop: () => announced.abort(new Error('the server is going to stop')),
    stop: end,
  };
}

/** The limiter of requests in flight, with its metrics and debugging paths. */
function limitRequests(options: ApiServerOptions, core: Core, signal: AbortSignal) {
  const { reads, writes } = options.maxInFlight ?? {
    reads: MAX_REQUESTS_INFLIGHT,
    writes: MAX_MUTATING_REQUESTS_INFLIGHT,
  };
  if (!options.fairness)
    return {
      limiter: inFlightLimits({ reads, writes }),
      refreshMetrics: () => {},
      paths: [],
      done: Promise.resolve(),
    };
  const { env } = core;
  const control = new FlowControl({
    env,
    reader: core.services.reader,
    defaults: options.fairness,
    seats: reads + writes,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  control.start(signal);
  return {
    limiter: control,
    refreshMetrics: flowControlMetrics(control, env.metrics),
    paths: flowControlPaths(control),
    done: every(
      {
        env,
        signal,
        periodMs: BORROWING_PERIOD_MS,
        firstMs: BORROWING_PERIOD_MS,
        failed: 'cannot divide the seats of priority levels',
      },
      () => control.adjust(),
    ),
  };
}

const NO_PORT: Listener = { port: 0, setCertificate: () => {}, close: () => Promise.resolve() };

function listenWith(pipeline: Pipeline, options: ListenOptions): Promise<Listener> {
  const { strictTransport = '' } = options;
  return listen(options, {
    request(exchange) {
      exchange.strictTransport = strictTransport;
      void pipeline.serve(exchange);
    },
    upgrade(exchange) {
      exchange.strictTransport = strictTransport;
      void pipeline.serve(exchange, exchange);
    },
  });
}

function addChecks(health: Health, core: Core, stopping: AbortSignal): void {
  health.add('ping', () => {});
  health.add('log', () => {});
  health.add('etcd', () => core.storage.ping(AbortSignal.timeout(STORE_CHECK_MS)));
  health.add(
    'informer-sync',
    () => {
      if (!core.cacher.filled) throw new Error('caches are not filled');
    },
    true,
  );
  health.add('shutdown', () => stopping.throwIfAborted(), true);
}

/**
 * The handlers of the OpenAPI documents, which are made again when the list of resources changes.
 */
function openApiPaths(
  options: ApiServerOptions,
  core: Core,
  remote: RemoteDocuments | undefined,
): PathHandler[] {
  let made: { generation: number; openApi: OpenApi } | undefined;
  let descriptions: Descriptions = {};
  let loading: Promise<void> | undefined;
  const current = (): OpenApi => {
    const { generation } = core.resources;
    if (made?.generation !== generation) {
      const all = core.resources.all();
      const base = options.schemas ?? MESSAGES;
      const table = Object.assign(
        {},
        base,
        ...all.filter(({ schemas }) => schemas !== base).map(({ schemas }) => schemas),
      ) as SchemaTable;
      const facts = all.map(({ definition }) => definition.facts);
      const customs = new Map(
        all.flatMap(({ definition }) =>
          definition.codec ? [[definition.facts, definition.codec.published] as const] : [],
        ),
      );
      made = {
        generation,
        openApi: buildOpenApi({
          resources: facts,
          customs,
          ...(made && { former: made.openApi }),
          table,
          descriptions,
          version: VERSION.gitVersion,
        }),
      };
    }
    return made.openApi;
  };
  const load = async () => {
    descriptions = (await options.descriptions?.()) ?? {};
  };
  return openApiHandlers(current, () => core.env.clock.now(), remote).map((handler) => ({
    ...handler,
    async handle(request, services) {
      // The first request reads the descriptions from their file; the start need not wait for them.
      await (loading ??= load().catch((error: unknown) =>
        core.env.log.warn('cannot read the field descriptions', { error }),
      ));
      await handler.handle(request, services);
    },
  }));
}

/** Runs the post-start hooks, each until it succeeds. */
class Hooks {
  private readonly done = new Set<string>();

  constructor(
    private readonly hooks: readonly PostStartHook[],
    private readonly core: Core,
    health: Health,
  ) {
    for (const { name } of hooks) {
      health.add(
        `poststarthook/${name}`,
        () => {
          if (!this.done.has(name)) throw new Error('not finished');
        },
        true,
      );
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.hooks.map((hook) => this.runOne(hook, signal)));
  }

  async stop(): Promise<void> {
    const { core } = this;
    await Promise.all(
      this.hooks.map(async (hook) => {
        if (!hook.stop || !this.done.has(hook.name)) return;
        const late = new AbortController();
        const timer = core.env.clock.after(SHUTDOWN_GRACE_MS, () =>
          late.abort(new Error('not in time')),
        );
        const ended = new Promise<never>((_resolve, reject) =>
          late.signal.addEventListener('abort', () => reject(late.signal.reason as Error)),
        );
        await Promise.race([hook.stop(core.services), ended]).catch((error: unknown) =>
          core.env.log.warn('stop of a hook failed', { hook: hook.name, error }),
        );
        timer.cancel();
      }),
    );
  }

  private async runOne(hook: PostStartHook, signal: AbortSignal): Promise<void> {
    const { env, services, cacher } = this.core;
    const backoff = new Backoff(HOOK_RETRY_MS, env.random);
    const log = env.log.child({ hook: hook.name });
    const failed = 'post-start hook failed';
    await every({ env: { ...env, log }, signal, periodMs: 0, backoff, failed }, async () => {
      await hook.run(services, signal);
      // Authorization and flow control read the caches: a ready server knows what its hooks wrote.
      await cacher.fresh();
      this.done.add(hook.name);
      return DONE;
    });
  }
}
