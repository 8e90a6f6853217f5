// kube-proxy: Services and EndpointSlices in, one nftables table out.
//   informers -> dirty service keys -> model.ts -> nftables/render.ts -> nftables/table.ts -> nft
//
// Invariants: nothing is programmed before Services, EndpointSlices and the node are listed, so a
// restart never takes working rules away; nothing is removed when the process ends; `cleanUp` needs
// no memory of what ran before.
import { ENDPOINT_SLICES, NODES, SERVICES } from '../apis/resource-types.js';
import type { Node, Service } from '../apis/core/v1/types.js';
import type { EndpointSlice } from '../apis/discovery/v1/types.js';
import { keyOf } from '../apimachinery/meta/object.js';
import type { Informer, InformerFactory } from '../client/informer.js';
import type { Nft } from '../system/nftables/nftables.js';
import type { Counter, Env, Histogram } from '../util/env/env.js';
import { forgetFlows, forgetLeftovers, staleFlows, type FlowFilter } from './conntrack.js';
import { ServiceHealthServers } from './health-check-node-ports.js';
import { buildService, LABEL_SELECTOR, SERVICE_NAME_LABEL, type NodeFacts, type ServiceModel } from './model.js';
import { TABLE, type LayoutSettings } from './nftables/layout.js';
import { renderService } from './nftables/render.js';
import { SYNC_BUCKETS, TableSync, type TableSyncOptions } from './table-sync.js';
import { TableState } from './nftables/table.js';

export interface ProxierOptions {
  nodeName: string;
  layout: LayoutSettings;
  minSyncPeriodMs: number;
  /** Delete stale UDP flows with `conntrack`. */
  conntrack: boolean;
  /** Words before `conntrack`, to run it in a namespace. */
  conntrackPrefix?: readonly string[];
}

/** Seconds, as upstream's. */
const LATENCY_BUCKETS = [0.25, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 45, 60, 120, 180, 240, 300];
/** Owner of the elements that come from the node itself. */
const NODE_OWNER = ' node';

export class Proxier {
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly node: Informer<Node>;
  private readonly models = new Map<string, ServiceModel>();
  private readonly dirty = new Set<string>();
  private nodeDirty = true;
  private facts: NodeFacts;
  private flows: FlowFilter[] = [];
  private readonly state: TableState;
  private readonly sync: TableSync;
  private readonly healthServers: ServiceHealthServers;
  private synced = false;
  /** The first transaction went through. */
  private started = false;
  private readonly startedAt: number;
  private triggered: number[] = [];
  private readonly latency: Histogram;

  constructor(
    private readonly env: Env,
    informers: InformerFactory,
    nft: Nft,
    private readonly options: ProxierOptions,
    private readonly signal: AbortSignal,
  ) {
    this.services = informers.informer(SERVICES, { labelSelector: LABEL_SELECTOR });
    this.slices = informers.informer(ENDPOINT_SLICES, {
      labelSelector: LABEL_SELECTOR,
      indexers: { service: (slice) => [serviceOf(slice)] },
    });
    this.node = informers.informer(NODES, { fieldSelector: `metadata.name=${options.nodeName}` });
    this.facts = { name: options.nodeName };
    this.state = new TableState(options.layout);
    this.sync = new TableSync(env, this.syncOptions(nft), signal);
    this.startedAt = env.clock.now();
    this.latency = env.metrics.histogram('kubeproxy_network_programming_duration_seconds', 'In Cluster Network Programming Latency in seconds', LATENCY_BUCKETS);
    this.healthServers = new ServiceHealthServers(env, () => this.healthy, signal);
  }

  private syncOptions(nft: Nft): TableSyncOptions {
    const { metrics, log, clock } = this.env;
    const duration = metrics.histogram('kubeproxy_sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds', SYNC_BUCKETS, ['ip_family']);
    const last = metrics.gauge('kubeproxy_sync_proxy_rules_last_timestamp_seconds', 'The last time proxy rules were successfully synced');
    const failures = metrics.counter('kubeproxy_sync_proxy_rules_nftables_sync_failures_total', 'Cumulative proxy nftables sync failures');
    return {
      table: TABLE,
      source: this.state,
      nft,
      minIntervalMs: this.options.minSyncPeriodMs,
      prepare: () => this.refresh(),
      synced: ({ full, seconds }) => {
        duration.observe(seconds, { ip_family: 'IPv4' });
        last.set(clock.now() / 1000);
        log[full ? 'info' : 'debug']('nftables synced', { full, elements: this.state.size, milliseconds: Math.round(seconds * 1000) });
        this.afterSync();
      },
      failed: (error) => {
        log.error('cannot program nftables, retrying with a full load', { error });
        failures.inc();
      },
    };
  }

  /** Runs until abort; the informers are run by their factory's owner. */
  async run(): Promise<void> {
    const serviceChanges = this.env.metrics.counter('kubeproxy_sync_proxy_rules_service_changes_total', 'Cumulative proxy rules Service changes');
    const endpointChanges = this.env.metrics.counter('kubeproxy_sync_proxy_rules_endpoint_changes_total', 'Cumulative proxy rules Endpoint changes');
    const touch = (key: string, changes: Counter) => {
      changes.inc();
      this.dirty.add(key);
      if (this.synced) this.sync.request();
    };
    const serviceChanged = (service: Service) => touch(keyOf(service), serviceChanges);
    this.services.addHandler({ added: serviceChanged, updated: serviceChanged, deleted: serviceChanged });
    const sliceChanged = (slice: EndpointSlice) => touch(serviceOf(slice), endpointChanges);
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
    const nodeChanged = () => {
      this.nodeDirty = true;
      if (this.synced) this.sync.request();
    };
    this.node.addHandler({ added: nodeChanged, updated: nodeChanged, deleted: nodeChanged });
    await Promise.all([this.services.waitForSync(this.signal), this.slices.waitForSync(this.signal), this.node.waitForSync(this.signal)]);
    this.synced = true;
    this.sync.requestFull();
    await this.sync.guard();
  }

  /** Rules are there and no change waits for long. */
  get healthy(): boolean {
    return this.synced && this.sync.lastSyncMs > -Infinity;
  }

  get lastSync(): { overdueMs: number; agoMs: number } {
    return { overdueMs: this.sync.overdueMs, agoMs: this.env.clock.monotonic() - this.sync.lastSyncMs };
  }

  /** The node is going away or not there for balancers: upstream's nodeEligible. */
  get nodeEligible(): boolean {
    const node = this.node.store.get(this.options.nodeName);
    return !node?.metadata.deletionTimestamp && !node?.spec?.taints?.some((taint) => taint.key === 'ToBeDeletedByClusterAutoscaler');
  }

  private refresh(): void {
    if (this.nodeDirty) this.refreshNode();
    for (const key of this.dirty) {
      const service = this.services.store.get(key);
      const model = service && buildService(service, this.slices.store.byIndex('service', key), this.facts);
      if (this.options.conntrack) this.flows.push(...staleFlows(this.models.get(key), model));
      if (model) this.models.set(key, model);
      else this.models.delete(key);
      this.state.setPiece(key, model && renderService(model, this.options.layout));
    }
    this.dirty.clear();
  }

  private refreshNode(): void {
    this.nodeDirty = false;
    const node = this.node.store.get(this.options.nodeName);
    const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
    if (zone !== this.facts.zone) {
      this.facts = { name: this.options.nodeName, ...(zone ? { zone } : {}) };
      for (const service of this.services.store.list()) this.dirty.add(keyOf(service));
    }
    const addresses = (node?.status?.addresses ?? []).filter((a) => (a.type === 'InternalIP' || a.type === 'ExternalIP') && !a.address.includes(':'));
    this.state.setPiece(NODE_OWNER, { elements: addresses.map((a) => ['nodeport-ips', a.address, ''] as const), chains: [], sets: [] });
  }

  private afterSync(): void {
    this.healthServers.update([...this.models.values()]);
    const now = this.env.clock.now();
    for (const at of this.triggered) this.latency.observe(Math.max(0, (now - at) / 1000));
    this.triggered = [];
    const flows = this.flows;
    this.flows = [];
    if (!this.options.conntrack) return;
    const { conntrackPrefix } = this.options;
    const forgetting = this.started ? (flows.length ? forgetFlows(flows, this.env.log, conntrackPrefix) : undefined) : forgetLeftovers(this.models.values(), this.env.log, conntrackPrefix);
    this.started = true;
    forgetting?.catch((error: unknown) => this.env.log.warn('cannot run conntrack', { error }));
  }

  /** When the change was made, for the time it took to the kernel; upstream's annotation. */
  private noteTrigger(slice: EndpointSlice): void {
    const at = Date.parse(slice.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'] ?? '');
    if (this.synced && at > this.startedAt) this.triggered.push(at);
  }
}

function serviceOf(slice: EndpointSlice): string {
  return `${slice.metadata.namespace ?? ''}/${slice.metadata.labels?.[SERVICE_NAME_LABEL] ?? ''}`;
}

/** Removes every rule of kube-proxy's, whoever made it. */
export async function cleanUp(nft: Nft): Promise<void> {
  await nft.deleteTable('ip', TABLE);
}
