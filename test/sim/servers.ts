// The API servers of a simulated cluster: real servers over one memory store, each with a network
// of its own. The actions of a crashed server reach neither the store nor clients.
import { joinApiServer } from '../../cmd/kube-apiserver/join.js';
import { membersOf } from '../../pkg/apiserver/authz/authorization.js';
import type { ApiServer } from '../../pkg/apiserver/server/api-server.js';
import type { Exchange } from '../../pkg/apiserver/http/exchange.js';
import { StorageUnavailableError, type Storage } from '../../pkg/storage/storage.js';
import { sleep, type Env } from '../../pkg/util/env/env.js';
import type { Faults } from './faults.js';
import type { Hooks } from './hooks.js';
import { isOfMetrics, type Metrics } from './metrics.js';

const STORE_STALL_MAX_MS = 3_000;

/** The store over the network of a process that may crash. */
function remoteStore(store: Storage, env: Env, faults: Faults, isDead: () => boolean): Storage {
  const wait = () => sleep(env.clock, faults.between(0, 2));
  const hang = () => new Promise<never>(() => {});
  const call = async <T>(operation: () => Promise<T>): Promise<T> => {
    const fails = faults.happens('store');
    await wait();
    if (isDead()) return hang();
    if (fails && faults.between(0, 1))
      throw new StorageUnavailableError('etcdserver: request timed out');
    const result = await operation();
    await wait();
    if (isDead()) return hang();
    if (fails)
      throw new StorageUnavailableError(
        'etcdserver: request timed out, possibly due to connection lost',
      );
    return result;
  };
  return {
    get: (key, options) => call(() => store.get(key, options)),
    list: (prefix, options) => call(() => store.list(prefix, options)),
    transact: (compares, success, failure) =>
      call(() => store.transact(compares, success, failure)),
    put: (key, value, options) => call(() => store.put(key, value, options)),
    delete: (key) => call(() => store.delete(key)),
    async *watch(prefix, options) {
      for await (const batch of store.watch(prefix, options)) {
        await sleep(
          env.clock,
          faults.happens('stalled')
            ? faults.between(100, STORE_STALL_MAX_MS)
            : faults.between(0, 2),
          options.signal,
        );
        if (isDead()) await hang();
        yield batch;
      }
    },
    currentRevision: (signal) => call(() => store.currentRevision(signal)),
    requestProgress: () => store.requestProgress(),
    grantLease: (ttl) => call(() => store.grantLease(ttl)),
    keepAliveLease: (lease) => call(() => store.keepAliveLease(lease)),
    revokeLease: (lease) => call(() => store.revokeLease(lease)),
    compact: (revision) => call(() => store.compact(revision)),
    ping: () => call(() => store.ping()),
    close: () => Promise.resolve(),
  };
}

export interface SimServerOptions {
  name: string;
  address: string;
  store: Storage;
  faults: Faults;
  hooks: Hooks;
  metrics: Metrics;
  /** Each start creates a new server. */
  env(): Env;
}

const AUTHORIZERS = membersOf(['Node', 'RBAC']);

export class SimServer {
  up = false;
  /** Functions that break the responses in progress. */
  readonly exchanges = new Set<() => void>();
  private server: ApiServer | undefined;
  private life = new AbortController();

  constructor(readonly options: SimServerOptions) {}

  get name(): string {
    return this.options.name;
  }

  async start(): Promise<void> {
    const life = new AbortController();
    this.life = life;
    const { store, faults, address } = this.options;
    const env = this.options.env();
    const server = await joinApiServer(
      {
        env,
        storage: remoteStore(store, env, faults, () => life.signal.aborted),
        prefix: '/registry',
        serviceClusterIPRange: '10.100.0.0/16',
        nodePortRange: '30000-32767',
        authentication: {},
        authorizers: () => AUTHORIZERS,
        enableAdmission: [],
        disableAdmission: [],
        kubelet: {},
        advertiseAddress: address,
        webhooks: this.options.hooks,
        eventTtlSeconds: 3600,
      },
      life.signal,
    );
    if (life.signal.aborted) return;
    this.server = server;
    this.up = true;
  }

  /** Resolves when the store has the default objects: roles, namespaces. */
  get furnished(): Promise<void> {
    return this.server!.hooksDone;
  }

  async serve(exchange: Exchange): Promise<void> {
    const { method, url } = exchange;
    if (!isOfMetrics(url)) return this.server!.serve(exchange);
    const [status, body] = this.options.metrics.answer(method, url);
    exchange.respond(status, { 'content-type': 'application/json' }, JSON.stringify(body));
  }

  crash(): void {
    this.up = false;
    this.life.abort(new Error('crashed'));
    for (const cut of this.exchanges) cut();
    this.exchanges.clear();
  }
}
