// The services of one address family: the changed services, their rules, and the table that holds
// them in the kernel.
//
// Invariant: a family without services has no table, no watcher and no process. It becomes active
// with its first service and stays active.
import type { Node, Service } from '../apis/core/v1/types.js';
import type { EndpointSlice } from '../apis/discovery/v1/types.js';
import type { Nft } from '../system/nftables/nftables.js';
import type { Env } from '../util/env/env.js';
import { aborted } from '../util/wait/abortable.js';
import { forgetFlows, forgetLeftovers, staleFlows, type FlowFilter } from './conntrack.js';
import { FAMILY_NAMES } from './family.js';
import { addressesOf, type Family } from '../component-helpers/addresses.js';
import type { Registered } from '../util/metrics/registered.js';
import type { PROXY_METRICS } from './metrics.generated.js';
import {
  buildService,
  clusterIPOf,
  nodeAddressesOf,
  type ProxyNode,
  type ServiceModel,
} from './model.js';
import { TABLE, type LayoutSettings } from './nftables/layout.js';
import { renderService } from './nftables/render.js';
import { TableState } from './nftables/table.js';
import { TableSync } from './table-sync.js';
import { setOrDelete } from '../util/map/count.js';

/** State shared by both families. */
export interface Cluster {
  service(key: string): Service | undefined;
  slices(key: string): readonly EndpointSlice[];
  node(): Node | undefined;
  facts(): ProxyNode;
}

export interface FamilyOptions {
  layout: LayoutSettings;
  minSyncPeriodMs: number;
  conntrack: boolean;
  conntrackPrefix?: readonly string[];
  metrics: Registered<typeof PROXY_METRICS>;
  /** Called after each transaction. */
  synced(): void;
}

/** Owner of the elements that belong to the node rather than to a service. */
const NODE_OWNER = ' node';

export class FamilyProxy {
  readonly family: Family;
  /** Services with a healthCheckNodePort. */
  readonly checked = new Map<string, ServiceModel>();
  /** Services with UDP ports, because their conntrack entries may become stale. */
  private readonly udpServices = new Map<string, ServiceModel>();
  /** Services with a Local policy that have endpoints, but none on this node. */
  private readonly withoutLocalEndpoints = {
    internal: new Set<string>(),
    external: new Set<string>(),
  };
  private readonly dirty = new Set<string>();
  private nodeDirty = true;
  private flows: FlowFilter[] = [];
  private readonly state: TableState;
  private readonly sync: TableSync;
  private readonly labels: { ip_family: string };
  /** Times of the pending changes, milliseconds since the epoch. */
  private triggered: number[] = [];
  /** Set once the informers have synced. */
  private started = false;
  /** Aborts when the family becomes active. */
  private readonly activation = new AbortController();
  private isLate = false;
  private leftoversForgotten = false;

  constructor(
    private readonly env: Env,
    private readonly cluster: Cluster,
    private readonly nft: Nft,
    private readonly options: FamilyOptions,
    private readonly signal: AbortSignal,
  ) {
    const { layout, metrics } = options;
    this.family = layout.family;
    this.labels = { ip_family: FAMILY_NAMES[this.family].label };
    this.state = new TableState(layout);
    const family = this.labels.ip_family;
    this.sync = new TableSync(
      env,
      {
        family: this.family,
        table: TABLE,
        source: this.state,
        adopts: true,
        nft,
        minIntervalMs: options.minSyncPeriodMs,
        prepare: () => this.refresh(),
        queued: () => metrics.lastQueued.set(env.clock.now() / 1000, this.labels),
        synced: ({ full, seconds }) => {
          metrics.duration.observe(seconds, this.labels);
          (full ? metrics.fullDuration : metrics.partialDuration).observe(seconds, this.labels);
          metrics.lastSync.set(env.clock.now() / 1000, this.labels);
          const milliseconds = Math.round(seconds * 1000);
          const done = { family, full, elements: this.state.size, milliseconds };
          env.log[full ? 'info' : 'debug']('nftables synced', done);
          this.afterSync();
        },
        failed: (error) => {
          env.log.error('cannot program nftables, retrying with a full load', { family, error });
          metrics.syncFailures.inc(this.labels);
        },
      },
      signal,
    );
  }

  /** Whether the family has a table or is about to get one. */
  get active(): boolean {
    return this.activation.signal.aborted;
  }

  /** Marks a service as changed, or its endpoints. The next `request` programs it. */
  touch(key: string): void {
    if (!this.active) {
      const service = this.cluster.service(key);
      if (this.family === 6 && !(service && clusterIPOf(service, this.family))) return;
      this.activation.abort();
    }
    this.dirty.add(key);
  }

  touchNode(): void {
    this.nodeDirty = true;
  }

  /** Records the time of a pending change, for the programming latency. */
  noteTrigger(at: number): void {
    if (this.active) this.triggered.push(at);
  }

  /** Requests a transaction for the touched services. */
  request(): void {
    if (this.started && (this.dirty.size || this.nodeDirty)) this.sync.request();
  }

  /** Whether the rules are loaded, or are being loaded for a family that became active later. */
  get programmed(): boolean {
    return !this.active || this.isLate || this.sync.lastSyncMs > -Infinity;
  }

  /**
   * Milliseconds that a pending change has waited, and milliseconds since the kernel was last up to
   * date.
   */
  get lag(): { overdueMs: number; agoMs: number } {
    return {
      overdueMs: this.sync.overdueMs,
      agoMs: this.env.clock.monotonic() - this.sync.lastSyncMs,
    };
  }

  /** Runs from the first sync of the informers until abort. */
  async run(): Promise<void> {
    if (this.family === 4) this.activation.abort();
    if (!this.active) {
      await this.removeLeftovers();
      await aborted(AbortSignal.any([this.activation.signal, this.signal]));
      this.isLate = true;
    }
    if (this.signal.aborted) return;
    this.started = true;
    this.sync.requestFull();
    await this.sync.guard();
  }

  /** Removes a table that an earlier run left for a family without services. */
  private async removeLeftovers(): Promise<void> {
    try {
      await this.nft.deleteTable(FAMILY_NAMES[this.family].nft, TABLE);
    } catch (error) {
      this.options.metrics.cleanupFailures.inc(this.labels);
      this.env.log.warn('cannot remove an old table', { family: this.labels.ip_family, error });
    }
  }

  private refresh(): void {
    const { conntrack, layout } = this.options;
    if (this.nodeDirty) this.refreshNode();
    for (const key of this.dirty) {
      const service = this.cluster.service(key);
      const model =
        service &&
        buildService(service, this.cluster.slices(key), this.cluster.facts(), this.family);
      if (conntrack) {
        this.flows.push(...staleFlows(this.udpServices.get(key), model));
        const hasUdp = model?.ports.some((port) => port.protocol === 'udp');
        setOrDelete(this.udpServices, key, hasUdp ? model : undefined);
      }
      setOrDelete(this.checked, key, model?.healthCheckNodePort === undefined ? undefined : model);
      const lacks = model?.ports.some((port) => port.any && !port.local.length);
      const { internal, external } = this.withoutLocalEndpoints;
      internal[lacks && model!.internalLocal ? 'add' : 'delete'](key);
      external[lacks && model!.externalLocal ? 'add' : 'delete'](key);
      this.state.setPart(key, model && renderService(model, layout));
    }
    this.dirty.clear();
  }

  private refreshNode(): void {
    this.nodeDirty = false;
    const addresses = nodeAddressesOf(this.cluster.node());
    const elements = [...new Set(addressesOf(addresses, this.family))].map(
      (address) => ['nodeport-ips', address, ''] as const,
    );
    this.state.setPart(NODE_OWNER, { elements, chains: [], sets: [] });
  }

  private afterSync(): void {
    const { metrics, conntrack, conntrackPrefix } = this.options;
    const now = this.env.clock.now();
    for (const at of this.triggered)
      metrics.programmingLatency.observe(Math.max(0, (now - at) / 1000), this.labels);
    this.triggered = [];
    for (const [traffic_policy, { size }] of Object.entries(this.withoutLocalEndpoints))
      metrics.noLocalEndpoints.set(size, { ...this.labels, traffic_policy });
    this.options.synced();
    const flows = this.flows;
    this.flows = [];
    if (!conntrack) return;
    const { log } = this.env;
    const first = !this.leftoversForgotten;
    this.leftoversForgotten = true;
    const forgetting = first
      ? forgetLeftovers(this.udpServices.values(), this.family, log, conntrackPrefix)
      : flows.length
        ? forgetFlows(flows, log, conntrackPrefix)
        : undefined;
    forgetting?.catch((error: unknown) => log.warn('cannot run conntrack', { error }));
  }
}
