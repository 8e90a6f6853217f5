// kube-proxy: Services and EndpointSlices in, one nftables table per address family out.
//   informers -> family-proxy.ts (dirty keys) -> model.ts -> nftables/render.ts, nftables/table.ts
//             -> table-sync.ts -> nft
//
// Invariants: nothing is programmed before Services, EndpointSlices and the Node are listed, so a
// restart never removes working rules. Nothing is removed when the process ends. Removing the
// tables needs no record of earlier runs.
import { ENDPOINT_SLICES, NODES, SERVICES } from '../apis/resource-types.js';
import type { Node, Service } from '../apis/core/v1/types.js';
import type { EndpointSlice } from '../apis/discovery/v1/types.js';
import { keyOf } from '../apimachinery/meta/object.js';
import type { Informer, InformerFactory } from '../client/informer.js';
import type { Nft } from '../system/nftables/nftables.js';
import type { Env } from '../util/env/env.js';
import { FAMILY_NAMES } from './family.js';
import { FamilyProxy } from './family-proxy.js';
import { ServiceHealthServers } from './health-check-node-ports.js';
import { HEALTHY_WITHIN_MS } from './limits.js';
import { registered, type Registered } from '../util/metrics/registered.js';
import { PROXY_METRICS } from './metrics.generated.js';
import {
  CHANGE_TIME,
  LABEL_SELECTOR,
  nodeAddressesOf,
  SERVICE_NAME_LABEL,
  type ProxyNode,
} from './model.js';
import type { LayoutSettings } from './nftables/layout.js';
import { slimService, slimSlice } from './slim.js';

export interface ProxierOptions {
  nodeName: string;
  /**
   * One layout per address family. The IPv4 table always exists; the IPv6 table is created with the
   * first IPv6 service.
   */
  layouts: readonly LayoutSettings[];
  minSyncPeriodMs: number;
  /** Delete stale UDP flows with `conntrack`. */
  conntrack: boolean;
  /** Words before `conntrack`, to run it in a namespace. */
  conntrackPrefix?: readonly string[];
}

export class Proxier {
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly node: Informer<Node>;
  private readonly families: readonly FamilyProxy[];
  private facts: ProxyNode;
  private readonly metrics: Registered<typeof PROXY_METRICS>;
  private readonly healthServers: ServiceHealthServers;
  private synced = false;
  private pending = { services: 0, endpoints: 0 };
  private readonly startedAt: number;

  constructor(
    private readonly env: Env,
    informers: InformerFactory,
    nft: Nft,
    private readonly options: ProxierOptions,
    private readonly signal: AbortSignal,
  ) {
    this.services = informers.informer(SERVICES, {
      labelSelector: LABEL_SELECTOR,
      transform: slimService,
    });
    this.slices = informers.informer(ENDPOINT_SLICES, {
      labelSelector: LABEL_SELECTOR,
      transform: slimSlice,
      indexers: { service: (slice) => [serviceOf(slice)] },
    });
    this.node = informers.informer(NODES, { fieldSelector: `metadata.name=${options.nodeName}` });
    this.facts = { name: options.nodeName };
    this.startedAt = env.clock.now();
    this.metrics = registered(env.metrics, PROXY_METRICS);
    this.healthServers = new ServiceHealthServers(env, () => this.healthy, signal);
    this.families = options.layouts.map((layout) => this.makeFamily(nft, layout));
  }

  private makeFamily(nft: Nft, layout: LayoutSettings): FamilyProxy {
    const { services, slices, node, options } = this;
    const cluster = {
      service: (key: string) => services.store.get(key),
      slices: (key: string) => slices.store.byIndex('service', key),
      node: () => node.store.get(options.nodeName),
      facts: () => this.facts,
    };
    const synced = () => this.afterSync();
    const own = { ...options, layout, metrics: this.metrics, synced };
    return new FamilyProxy(this.env, cluster, nft, own, this.signal);
  }

  /** Runs until abort; the owner of the factory runs the informers. */
  async run(): Promise<void> {
    const { serviceChanges, endpointChanges } = this.metrics;
    const touch = (key: string, of?: EndpointSlice) => {
      for (const family of this.families)
        if (!of || of.addressType === FAMILY_NAMES[family.family].label) family.touch(key);
      this.pending[of ? 'endpoints' : 'services']++;
      if (this.synced) this.request();
    };
    const serviceChanged = (service: Service) => {
      serviceChanges.inc();
      touch(keyOf(service));
    };
    this.services.addHandler(always(serviceChanged));
    const sliceChanged = (slice: EndpointSlice) => {
      endpointChanges.inc();
      touch(serviceOf(slice), slice);
    };
    this.slices.addHandler({
      added: (slice) => {
        this.noteTrigger(slice);
        sliceChanged(slice);
      },
      updated: (slice, old) => {
        this.noteTrigger(slice);
        if (serviceOf(old) !== serviceOf(slice)) sliceChanged(old);
        sliceChanged(slice);
      },
      deleted: sliceChanged,
    });
    this.node.addHandler(always(() => this.nodeChanged()));
    const informers = [this.services, this.slices, this.node];
    await Promise.all(informers.map((informer) => informer.waitForSync(this.signal)));
    this.synced = true;
    await Promise.all(this.families.map((family) => family.run()));
  }

  private request(): void {
    this.metrics.servicesPending.set(this.pending.services);
    this.metrics.endpointsPending.set(this.pending.endpoints);
    for (const family of this.families) family.request();
  }

  private nodeChanged(): void {
    const node = this.node.store.get(this.options.nodeName);
    const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
    const addresses = nodeAddressesOf(node);
    if (zone !== this.facts.zone || addresses.join() !== this.facts.addresses?.join()) {
      this.facts = { name: this.options.nodeName, ...(zone && { zone }), addresses };
      for (const service of this.services.store.list())
        for (const family of this.families) family.touch(keyOf(service));
    }
    for (const family of this.families) family.touchNode();
    if (this.synced) this.request();
  }

  /** Whether the rules are loaded. */
  get healthy(): boolean {
    return this.synced && this.families.every((family) => family.programmed);
  }

  /**
   * Whether changes reach the kernel in time: false when one waits longer than HEALTHY_WITHIN_MS.
   */
  get current(): boolean {
    return (
      this.healthy && this.families.every((family) => family.lag.overdueMs < HEALTHY_WITHIN_MS)
    );
  }

  /** Milliseconds since all families were up to date; undefined before their first sync. */
  get lastSyncAgoMs(): number | undefined {
    const ago = Math.max(
      ...this.families.filter((family) => family.active).map((family) => family.lag.agoMs),
    );
    return Number.isFinite(ago) ? ago : undefined;
  }

  /**
   * False while the Node is being deleted or excluded from load balancers (upstream's
   * nodeEligible).
   */
  get nodeEligible(): boolean {
    const node = this.node.store.get(this.options.nodeName);
    return (
      !node?.metadata.deletionTimestamp &&
      !node?.spec?.taints?.some((taint) => taint.key === 'ToBeDeletedByClusterAutoscaler')
    );
  }

  private afterSync(): void {
    this.healthServers.update(this.families.flatMap((family) => [...family.checked.values()]));
    this.pending = { services: 0, endpoints: 0 };
    this.metrics.servicesPending.set(0);
    this.metrics.endpointsPending.set(0);
  }

  /** Records the time of the change, from upstream's annotation, for the programming latency. */
  private noteTrigger(slice: EndpointSlice): void {
    const at = Date.parse(slice.metadata.annotations?.[CHANGE_TIME] ?? '');
    if (!this.synced || !(at > this.startedAt)) return;
    for (const family of this.families)
      if (slice.addressType === FAMILY_NAMES[family.family].label) family.noteTrigger(at);
  }
}

const always = <T>(changed: (object: T) => void) => ({
  added: changed,
  updated: changed,
  deleted: changed,
});

const serviceOf = (slice: EndpointSlice): string =>
  `${slice.metadata.namespace ?? ''}/${slice.metadata.labels?.[SERVICE_NAME_LABEL] ?? ''}`;
