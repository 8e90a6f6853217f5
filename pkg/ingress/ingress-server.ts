// The ingress controller: the cluster in, the configuration and the commands of HAProxy out, and
// what users read of it: status and events.
//   informers -> model.ts -> slots.ts, render.ts -> haproxy.ts
//
// Invariants: nothing is loaded before all kinds are listed, so that a restart forgets no host. A
// configuration that HAProxy refuses changes nothing: the one before it stays, until the ingresses
// are found without which HAProxy takes it. Endpoints need no reload.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ignoring } from '../apimachinery/errors/status-error.js';
import type { Secret } from '../apis/core/v1/types.js';
import type { Ingress } from '../apis/networking/v1/types.js';
import {
  ENDPOINT_SLICES,
  INGRESS_CLASSES,
  INGRESSES,
  SECRETS,
  SERVICES,
} from '../apis/resource-types.js';
import type { Client } from '../client/client.js';
import type { EventRecorder } from '../client/event-recorder.js';
import type { Informer, InformerFactory } from '../client/informer.js';
import { atomicWrite } from '../system/files/atomic-write.js';
import type { Env } from '../util/env/env.js';
import { Backoff } from '../util/backoff/backoff.js';
import { Wakeup } from '../util/wait/abortable.js';
import { every } from '../util/wait/every.js';
import { pemOf } from './certificate.js';
import type { Haproxy } from './haproxy.js';
import { RELOAD_MS, REPAIR_MS, REST_PER_RELOAD } from './limits.js';
import { modelOf, type Model, type World } from './model.js';
import { DEFAULT_CERTIFICATE, render, type Settings } from './render.js';
import { assigned, commandsFor, type Slots } from './slots.js';

export interface ServerOptions extends Settings {
  /** Certificate and key for hosts without their own. */
  defaultPem: string;
  /** 'namespace/name' of the service whose addresses the ingresses show. */
  service: string;
  client: Client;
  events: EventRecorder;
}

const MANAGER = 'wheelhouse-ingress-controller';
const SERVICE_NAME = 'kubernetes.io/service-name';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const nameOf = (pem: string): string => `${digest(pem)}.pem`;

const APPLY = { type: 'apply', subresource: 'status', fieldManager: MANAGER, force: true } as const;

/** Whether the status is this controller's, also one of an earlier process. */
const isOurs = ({ metadata }: Ingress): boolean =>
  metadata.managedFields?.some(
    ({ manager, subresource }) => manager === MANAGER && subresource === 'status',
  ) ?? false;

/** A name of all that only a reload can change. */
function shapeOf(model: Model, slots: SlotTable): string {
  const { sites, exact, prefixes, secure, certificates, backends } = model;
  const shapes = [...backends].map(
    ([name, { protocol, sticky }]) => `${name} ${protocol} ${sticky} ${slots.get(name)?.length}`,
  );
  const tables = [sites, exact, prefixes, secure, certificates].map((table) => [...table]);
  return digest(JSON.stringify([tables, shapes]));
}

/** A secret as it was read last; `pem` may be of an earlier version. */
interface ReadSecret {
  of: Secret | undefined;
  pem?: string;
  problem?: string;
}

type SlotTable = ReadonlyMap<string, Slots>;

/** The state with which the proxy runs. */
interface Loaded {
  generation: string;
  slots: SlotTable;
  /** When the next reload may begin, on the monotonic clock. */
  until: number;
}

export class IngressServer {
  private readonly changed = new Wakeup();
  private readonly world;
  /** The versions in use, by uid. */
  private accepted: ReadonlyMap<string, Ingress> = new Map();
  private read = new Map<string, ReadSecret>();
  private lastRead = this.read;
  /** Generations and versions of ingresses that HAProxy refuses, until when. */
  private readonly refused = new Map<string | Ingress, number>();
  private loaded: Loaded | undefined;
  private reported = new Set<string>();

  constructor(
    private readonly env: Env,
    informers: InformerFactory,
    private readonly proxy: Haproxy,
    private readonly options: ServerOptions,
    private readonly signal: AbortSignal,
  ) {
    this.world = {
      ingresses: informers.informer(INGRESSES),
      classes: informers.informer(INGRESS_CLASSES),
      services: informers.informer(SERVICES),
      slices: informers.informer(ENDPOINT_SLICES, {
        indexers: {
          service: ({ metadata: { namespace, labels } }) => [
            `${namespace}/${labels?.[SERVICE_NAME]}`,
          ],
        },
      }),
      secrets: informers.informer(SECRETS, { fieldSelector: 'type=kubernetes.io/tls' }),
    };
  }

  get ready(): boolean {
    return this.loaded !== undefined && this.proxy.running;
  }

  /** Runs until abort. */
  async run(): Promise<void> {
    const { env, signal, options } = this;
    const wake = () => this.changed.wake();
    const all = Object.values(this.world) as Informer<never>[];
    for (const informer of all) informer.addHandler({ added: wake, updated: wake, deleted: wake });
    await atomicWrite(join(options.folder, DEFAULT_CERTIFICATE), options.defaultPem, 0o600);
    await Promise.all(all.map((informer) => informer.waitForSync(signal)));
    const backoff = new Backoff({ baseMs: 500, maxMs: REPAIR_MS }, env.random);
    const loop = { env, signal, backoff, wakeup: this.changed, periodMs: REPAIR_MS };
    await every({ ...loop, failed: 'ingresses not served' }, () => this.sync());
  }

  /** Brings the proxy to the state of the cluster. */
  private async sync(): Promise<void> {
    const now = this.env.clock.monotonic();
    for (const [what, until] of this.refused) if (until <= now) this.refused.delete(what);
    [this.lastRead, this.read] = [this.read, new Map()];
    const model = this.modelOf(this.world.ingresses);
    await this.configure(model);
    await this.report(model);
  }

  private modelOf(ingresses: World['ingresses']): Model {
    return modelOf({
      ...this.world,
      ingresses,
      certificate: (key) => this.certificateOf(key),
      accepted: (uid) => this.accepted.get(uid),
      isRefused: (ingress) => this.refused.has(ingress),
    });
  }

  private slotsOf({ backends }: Model): SlotTable {
    const before = this.loaded?.slots;
    return new Map(
      [...backends].map(([name, { servers }]) => [
        name,
        assigned(before?.get(name) ?? [], servers),
      ]),
    );
  }

  private async configure(model: Model): Promise<void> {
    const slots = this.slotsOf(model);
    const generation = shapeOf(model, slots);
    if (generation !== this.loaded?.generation && !this.refused.has(generation)) {
      const wait = this.loaded ? this.loaded.until - this.env.clock.monotonic() : 0;
      if (wait <= 0) return this.load(model, slots, generation);
      this.env.clock.after(wait, () => this.changed.wake());
    }
    if (this.loaded) await this.command(this.loaded, slots);
  }

  private async load(model: Model, slots: SlotTable, generation: string): Promise<void> {
    const { clock, log } = this.env;
    const files = render(model, slots, this.options, nameOf, generation);
    const begun = clock.monotonic();
    const problem = await this.proxy.load(files, generation, this.signal);
    if (problem === undefined) {
      const now = clock.monotonic();
      const restMs = Math.max(RELOAD_MS, REST_PER_RELOAD * (now - begun));
      this.loaded = { generation, slots, until: now + restMs };
      this.accepted = new Map(model.used.map((ingress) => [ingress.metadata.uid!, ingress]));
      return log.info('loaded', { hosts: model.sites.size, backends: slots.size });
    }
    log.error('configuration refused', { problem });
    const until = clock.monotonic() + REPAIR_MS;
    this.refused.set(generation, until);
    if (await this.isTaken([])) {
      const isOld = (one: Ingress) => this.accepted.get(one.metadata.uid!) === one;
      const old = await this.taken([], model.used.filter(isOld));
      const taken = await this.taken(
        old,
        model.used.filter((one) => !isOld(one)),
      );
      for (const one of model.used) if (!taken.includes(one)) this.refused.set(one, until);
    }
    this.changed.wake(); // without those ingresses, or for the endpoints alone
  }

  /** All of `some`, and those of `more` with which HAProxy still takes the configuration. */
  private async taken(
    some: readonly Ingress[],
    more: readonly Ingress[],
  ): Promise<readonly Ingress[]> {
    const all = [...some, ...more];
    if (!more.length || (await this.isTaken(all))) return all;
    if (more.length === 1) return some;
    const half = more.length >> 1;
    return this.taken(await this.taken(some, more.slice(0, half)), more.slice(half));
  }

  private async isTaken(ingresses: readonly Ingress[]): Promise<boolean> {
    const store = { get: () => undefined, byIndex: () => [], list: () => [...ingresses] };
    const model = this.modelOf({ store });
    const files = render(model, this.slotsOf(model), this.options, nameOf, 'trial');
    return (await this.proxy.check(files, this.signal)) === undefined;
  }

  /** Brings the servers of the loaded backends to these slots. */
  private async command(loaded: Loaded, slots: SlotTable): Promise<void> {
    const after = new Map<string, Slots>();
    const commands: string[] = [];
    for (const [name, before] of loaded.slots) {
      const now = slots.get(name)?.slice(0, before.length) ?? before;
      after.set(name, now);
      commands.push(...commandsFor(name, before, now));
    }
    try {
      await this.proxy.command(commands);
      loaded.slots = after;
    } catch (error) {
      loaded.generation = ''; // the state of the servers is unknown: a reload renders it anew
      throw error;
    }
  }

  /** Writes the status of ingresses, and events about what was refused. */
  private async report(model: Model): Promise<void> {
    const { client, events, service } = this.options;
    const current = new Set<string>();
    for (const { ingress, reason, message } of model.refusals) {
      const key = JSON.stringify([ingress.metadata.uid, reason, message]);
      if (!current.has(key) && !this.reported.has(key))
        events.event(ingress, 'Warning', reason, message);
      current.add(key);
    }
    this.reported = current;
    const published = this.world.services.store.get(service);
    const addresses = (published?.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ({
      ...(ip ? { ip } : {}),
      ...(hostname ? { hostname } : {}),
    }));
    const served = new Set(model.served.map(({ metadata }) => metadata.uid));
    for (const ingress of this.world.ingresses.store.list()) {
      const isServed = served.has(ingress.metadata.uid);
      const shown = ingress.status?.loadBalancer?.ingress ?? [];
      if (isServed ? isDeepStrictEqual(shown, addresses) : !isOurs(ingress)) continue;
      const { apiVersion, kind } = ingress;
      const { name, namespace = '' } = ingress.metadata;
      const status = isServed && addresses.length ? { loadBalancer: { ingress: addresses } } : {};
      const body = { apiVersion, kind, metadata: { name, namespace }, status };
      await client.patch(INGRESSES, body.metadata, body, APPLY).catch(ignoring('NotFound'));
    }
  }

  /** A secret that breaks keeps its last certificate. */
  private certificateOf(key: string): Omit<ReadSecret, 'of'> {
    const of = this.world.secrets.store.get(key);
    const before = this.read.get(key) ?? this.lastRead.get(key);
    const entry = before && before.of === of ? before : readAnew(of, before?.pem);
    this.read.set(key, entry);
    return entry;
  }
}

function readAnew(of: Secret | undefined, last: string | undefined): ReadSecret {
  try {
    return { of, pem: pemOf(of) };
  } catch (error) {
    return { of, ...(of && last ? { pem: last } : {}), problem: (error as Error).message };
  }
}
