// The lease manager: keeps this node's subnet lease and follows all leases in etcd, by flannel's
// protocol (LocalManager) without its known defects. A lost allocation race is retried; a
// reservation stays a reservation; a snapshot replaces the whole set; a deleted own key is
// recreated while the subnet is free.
//
// Invariants: a subnet is created only by a transaction that finds no such key, and rewritten only
// by a transaction that finds our own last revision. Two keys can name one subnet (10.5.1.0-24 and
// 10.5.1.0-24&fd00::-64), so all leases are listed after each creation: of two overlapping leases
// the older is valid, and the other is deleted before it is used. No two nodes ever own one subnet.
import type { Env } from '../../util/env/env.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { every } from '../../util/wait/every.js';
import { retry, warnOnce } from '../../util/wait/retry.js';
import {
  CompactedError,
  type KeyValue,
  type Storage,
  type StorageEvent,
} from '../../storage/storage.js';
import { ConfigError, parseNetworkConfig, type NetworkConfig } from '../config.js';
import { ALLOCATION_ATTEMPTS, CONFIG_RETRY_MS, RETRY } from '../limits.js';
import { chooseSubnet, earlierOwner } from './allocate.js';
import { formatNet } from '../../util/netaddr/net.js';
import {
  describeSubnets,
  encodeLeaseAttrs,
  parseLeaseAttrs,
  parseSubnetKey,
  subnetKey,
  type Lease,
  type LeaseAttrs,
  type Subnets,
} from './lease.js';
import { setOrDelete } from '../../util/map/count.js';

export interface ManagerOptions {
  /** Default '/coreos.com/network'. */
  prefix: string;
  leaseTtlSeconds: number;
  /** Renew at least this many milliseconds before expiry. */
  renewMarginMs: number;
}

/** Leases by key, including this node's own. */
export type Leases = ReadonlyMap<string, Lease>;

/**
 * The operations on leases that the daemon needs, whether leases are kept in etcd (this file) or in
 * Nodes (kube-manager.ts).
 */
export interface LeaseManager {
  /** Waits until a valid network config exists. */
  config(signal: AbortSignal): Promise<NetworkConfig>;
  acquire(
    config: NetworkConfig,
    attrs: LeaseAttrs,
    previous: Partial<Subnets> | undefined,
    signal: AbortSignal,
  ): Promise<Lease>;
  /** Follows all leases until abort; resolves when the own lease is lost. */
  run(own: Lease, onLeases: (leases: Leases) => void, signal: AbortSignal): Promise<void>;
}

/** No subnet is left in the configured range. */
export class OutOfSubnetsError extends Error {
  override name = 'OutOfSubnetsError';
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Without an etcd lease, the key never expires. */
const putOf = (key: string, attrs: LeaseAttrs, lease: string | undefined) => ({
  type: 'put' as const,
  key,
  value: encoder.encode(encodeLeaseAttrs(attrs)),
  ...(lease && { lease }),
});

export class SubnetManager implements LeaseManager {
  private readonly subnets: string;

  constructor(
    private readonly env: Env,
    private readonly storage: Storage,
    private readonly options: ManagerOptions,
  ) {
    this.subnets = `${options.prefix}/subnets/`;
  }

  /** Waits until the network config exists and is valid. */
  async config(signal: AbortSignal): Promise<NetworkConfig> {
    const { clock, log } = this.env;
    const key = `${this.options.prefix}/config`;
    const again = warnOnce(log, 'waiting for the network config');
    return retry({ clock, signal, wait: CONFIG_RETRY_MS, again }, async () => {
      const { kv } = await this.storage.get(key, { signal });
      if (!kv) throw new ConfigError(`no network config at ${key}`);
      return parseNetworkConfig(decoder.decode(kv.value));
    });
  }

  /**
   * Acquires a subnet for `attrs.publicIP`: the one it holds, else the previous one, else a free
   * one.
   */
  async acquire(
    config: NetworkConfig,
    attrs: LeaseAttrs,
    previous: Partial<Subnets> | undefined,
    signal: AbortSignal,
  ): Promise<Lease> {
    const backoff = new Backoff(RETRY, this.env.random);
    const { clock, log } = this.env;
    const again = warnOnce(log, 'cannot acquire a subnet, retrying');
    let races = 0;
    return retry({ clock, signal, wait: backoff, again }, async () => {
      for (;;) {
        const taken = await this.tryAcquire(config, attrs, previous);
        if (taken && (await this.isFirst(taken))) return taken;
        if (++races % ALLOCATION_ATTEMPTS === 0)
          log.warn('lost the race for a subnet many times', { races });
        signal.throwIfAborted();
      }
    });
  }

  /** Undefined when another node was faster. */
  private async tryAcquire(
    config: NetworkConfig,
    attrs: LeaseAttrs,
    previous: Partial<Subnets> | undefined,
  ): Promise<Lease | undefined> {
    const { leases } = await this.list();
    const wanted = { config, publicIP: attrs.publicIP, previous };
    const { choice, stale } = chooseSubnet(wanted, [...leases.values()], this.env.random);
    for (const lease of stale) {
      const subnet = describeSubnets(lease);
      this.env.log.info('giving up a subnet that the config no longer allows', { subnet });
      await this.remove(lease);
    }
    const networks = [config, ...(config.ipv6 ? [config.ipv6] : [])];
    switch (choice.type) {
      case 'none':
        throw new OutOfSubnetsError(
          `out of subnets in ${networks.map(({ network }) => formatNet(network)).join(' or ')}`,
        );
      case 'reuse':
        return this.write(choice.lease.key, choice.lease, attrs, choice.lease);
      case 'create':
        return this.write(this.subnets + subnetKey(choice.subnets), choice.subnets, attrs);
    }
  }

  /** Whether no older lease of another node overlaps ours; deletes ours otherwise. */
  private async isFirst(own: Lease): Promise<boolean> {
    const other = earlierOwner(own, (await this.list()).leases.values());
    if (!other) return true;
    this.env.log.info('another node took an overlapping subnet first', {
      subnet: describeSubnets(own),
      owner: other.attrs.publicIP,
    });
    await this.remove(own);
    return false;
  }

  /** Deletes the key of a lease that nobody has changed since. */
  private async remove({ key, modRevision }: Lease): Promise<void> {
    await this.storage.transact([{ key, modRevision }], [{ type: 'delete', key }]);
  }

  /**
   * Writes the lease if the key still equals `before` (undefined: does not exist). Undefined when
   * that condition fails.
   */
  private async write(
    key: string,
    { subnet, subnet6 }: Subnets,
    attrs: LeaseAttrs,
    before?: Lease,
  ): Promise<Lease | undefined> {
    const reserved = before !== undefined && before.leaseId === undefined;
    const leaseId = reserved ? undefined : await this.leaseFor(before);
    const compare = before ? { key, modRevision: before.modRevision } : { key, createRevision: 0 };
    const result = await this.storage.transact([compare], [putOf(key, attrs, leaseId)]);
    const modRevision = result.revision;
    const createRevision = before?.createRevision ?? modRevision;
    const subnets = { subnet, ...(subnet6 && { subnet6 }) };
    const held = leaseId ? { leaseId } : {};
    if (result.succeeded) return { key, ...subnets, attrs, modRevision, createRevision, ...held };
    if (leaseId && leaseId !== before?.leaseId) await this.storage.revokeLease(leaseId);
    return undefined;
  }

  /** The etcd lease of the key when its full TTL remains, else a new etcd lease. */
  private async leaseFor(before: Lease | undefined): Promise<string> {
    const ttl = this.options.leaseTtlSeconds;
    if (before?.leaseId && (await this.storage.keepAliveLease(before.leaseId)) === ttl)
      return before.leaseId;
    return this.storage.grantLease(ttl);
  }

  /** Lists all leases at one revision. */
  async list(signal?: AbortSignal): Promise<{ leases: Map<string, Lease>; revision: number }> {
    const { kvs, revision } = await this.storage.list(this.subnets, signal ? { signal } : {});
    const leases = new Map<string, Lease>();
    for (const kv of kvs) {
      const lease = this.parse(kv);
      if (lease) leases.set(lease.key, lease);
    }
    return { leases, revision };
  }

  private parse(kv: KeyValue): Lease | undefined {
    const subnets = parseSubnetKey(kv.key.slice(this.subnets.length));
    const attrs = subnets && parseLeaseAttrs(decoder.decode(kv.value));
    if (!subnets || !attrs) {
      this.env.log.warn('ignoring a key that is not a lease', { key: kv.key });
      return undefined;
    }
    return {
      key: kv.key,
      ...subnets,
      attrs,
      modRevision: kv.modRevision,
      createRevision: kv.createRevision,
      ...(kv.lease && { leaseId: kv.lease }),
    };
  }

  /**
   * Keeps the own lease and follows all leases until abort; `onLeases` gets the complete set after
   * each change. Resolves when the own subnet belongs to another node: the caller must stop using
   * it.
   */
  async run(own: Lease, onLeases: (leases: Leases) => void, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const holder = new OwnLease(this.env, this.storage, own, this.options, {
      lost: () => stop.abort(),
      isFirst: (lease) => this.isFirst(lease),
    });
    const renewing = holder.keepRenewing(both);
    try {
      await this.follow(holder, onLeases, both);
    } finally {
      stop.abort();
      await renewing;
    }
    signal.throwIfAborted();
  }

  private async follow(
    holder: OwnLease,
    onLeases: (leases: Leases) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const backoff = new Backoff(RETRY, this.env.random);
    const failed = (error: unknown) => {
      if (error instanceof CompactedError) this.env.log.info('leases compacted, listing again');
      else this.env.log.warn('watching the leases failed, listing again', { error });
    };
    await every({ env: this.env, signal, periodMs: 0, backoff, failed }, async () => {
      const { leases, revision } = await this.list(signal);
      await holder.observe(leases.get(holder.lease.key));
      holder.yieldTo(earlierOwner(holder.lease, leases.values()));
      if (signal.aborted) return;
      onLeases(leases);
      const batches = this.storage.watch(this.subnets, { fromRevision: revision + 1, signal });
      for await (const { events } of batches) {
        backoff.reset();
        if (!events.length) continue;
        for (const event of events) await this.applyEvent(leases, holder, event);
        holder.yieldTo(earlierOwner(holder.lease, leases.values()));
        if (signal.aborted) return;
        onLeases(leases);
      }
    });
  }

  private async applyEvent(
    leases: Map<string, Lease>,
    holder: OwnLease,
    event: StorageEvent,
  ): Promise<void> {
    const lease = event.type === 'put' ? this.parse(event.kv) : undefined;
    setOrDelete(leases, event.kv.key, lease);
    if (event.kv.key === holder.lease.key) await holder.observe(lease);
  }
}

/** The lease of this node: renewed, and recreated when it disappeared while the subnet is free. */
class OwnLease {
  constructor(
    private readonly env: Env,
    private readonly storage: Storage,
    public lease: Lease,
    private readonly options: ManagerOptions,
    private readonly to: { lost(): void; isFirst(lease: Lease): Promise<boolean> },
  ) {}

  /** Handles the current state of the own key in the store. */
  async observe(lease: Lease | undefined): Promise<void> {
    if (!lease) return this.restore();
    if (lease.attrs.publicIP !== this.lease.attrs.publicIP) return this.lose(lease.attrs.publicIP);
    if (lease.modRevision >= this.lease.modRevision)
      this.lease = { ...lease, attrs: this.lease.attrs };
  }

  /**
   * Gives up the subnet to an older lease that overlaps ours, which happens after a restore that
   * failed its check.
   */
  yieldTo(other: Lease | undefined): void {
    if (other) this.lose(other.attrs.publicIP);
  }

  private lose(owner: string | undefined): void {
    const subnet = describeSubnets(this.lease);
    this.env.log.error('our subnet belongs to another node now', { subnet, owner });
    this.to.lost();
  }

  private async restore(): Promise<void> {
    const { key } = this.lease;
    const reserved = this.lease.leaseId === undefined;
    const leaseId = reserved
      ? undefined
      : await this.storage.grantLease(this.options.leaseTtlSeconds);
    const put = putOf(key, this.lease.attrs, leaseId);
    const absent = { key, createRevision: 0 };
    const result = await this.storage.transact([absent], [put], [{ type: 'get', key }]);
    if (result.succeeded) {
      const { revision } = result;
      const created = { modRevision: revision, createRevision: revision };
      const again = { ...this.lease, ...created, ...(leaseId && { leaseId }) };
      if (!(await this.to.isFirst(again))) return this.to.lost();
      const subnet = describeSubnets(this.lease);
      this.env.log.warn('the own lease had disappeared; took the same subnet again', { subnet });
      this.lease = again;
      return;
    }
    if (leaseId) await this.storage.revokeLease(leaseId);
    const owner = result.results[0] && parseLeaseAttrs(decoder.decode(result.results[0].value));
    if (owner?.publicIP === this.lease.attrs.publicIP) return; // the watch will deliver it
    this.lose(owner?.publicIP);
  }

  /** Renews the etcd lease until abort. Never rejects. */
  async keepRenewing(signal: AbortSignal): Promise<void> {
    const ttlMs = this.options.leaseTtlSeconds * 1000;
    const interval = Math.max(1000, Math.min(ttlMs / 3, ttlMs - this.options.renewMarginMs));
    const bounds = { baseMs: 1000, maxMs: Math.min(60_000, interval), jitter: 0.5 };
    const backoff = new Backoff(bounds, this.env.random);
    const failed = 'cannot renew the subnet lease, retrying';
    const options = { periodMs: interval, firstMs: interval, backoff, failed };
    await every({ env: this.env, signal, ...options }, async () => {
      const { leaseId } = this.lease;
      if (!leaseId) return; // a reservation never expires
      const remaining = await this.storage.keepAliveLease(leaseId);
      if (remaining === 0) await this.restore();
    });
  }
}
