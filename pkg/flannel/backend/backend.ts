// The contract of a backend: it creates a device, contributes attributes to the lease, and computes
// from the peers' leases the kernel state that should exist. The daemon does the rest: leases,
// reconciliation, files.
//
// Invariant: `desired` is pure; only `ensureDevice` and `setPeers` touch the host.
import type { Env } from '../../util/env/env.js';
import type { Link, Netlink, Route } from '../../system/netlink/netlink.js';
import type { NetworkConfig } from '../config.js';
import type { Desired } from '../network/desired.js';
import type { Lease, LeaseAttrs, Subnets } from '../subnet/lease.js';

/** The interface that reaches the other nodes. */
export interface ExternalInterface {
  name: string;
  ip: string;
  mtu: number;
  /** The address that peers send to; differs from `ip` behind NAT. */
  publicIP: string;
  /** With EnableIPv6. */
  ip6?: string;
  publicIPv6?: string;
}

export interface BackendContext {
  env: Env;
  netlink: Netlink;
  config: NetworkConfig;
  external: ExternalInterface;
  /** Folder of subnet.env, also used for small state files and sockets. */
  runDir: string;
  /** Folder of flannel-tun. */
  nativeDir: string;
  signal: AbortSignal;
}

/** Observed host state that `desired` may read besides the leases. */
export interface HostState {
  /** Routes of table main. */
  routes: readonly Route[];
}

export interface Backend {
  /** The overlay devices: one for each address family that needs a device. */
  readonly devices: readonly string[];
  /**
   * Whether `desired` reads `host.routes`. Listing them is expensive with many peers, so it is
   * skipped otherwise.
   */
  readonly needsRoutes?: boolean;
  /** MTU for pods. */
  readonly mtu: number;
  /** UDP port of encapsulated packets, which must bypass NAT. */
  readonly port?: number;
  /** UDP port over IPv6, where it differs from `port`. */
  readonly port6?: number;
  /** The attributes that the lease publishes. */
  readonly attrs: Pick<LeaseAttrs, 'backendType' | 'backendData' | 'backendV6Data'>;
  /**
   * Creates or corrects the devices, including their addresses. Idempotent. Returns whether a
   * device was created.
   */
  ensureDevice(own: Subnets, links: readonly Link[]): Promise<boolean>;
  /** Whether a peer's lease belongs to this backend. */
  accepts(lease: Lease): boolean;
  /**
   * The kernel state for `peers`. Entries of an unchanged lease should be the same objects as in
   * the last call: planUpdate skips identical objects.
   */
  desired(own: Subnets, peers: readonly Lease[], host: HostState): Desired;
  /** Passes the peers to a data path outside the kernel's tables. */
  setPeers?(own: Subnets, peers: readonly Lease[]): Promise<void>;
  /** Registers a callback for failures that netlink does not report and that need a repair. */
  onBroken?(callback: () => void): void;
  /** Counters for /metrics and the status page. */
  stats?(): Promise<Record<string, number>>;
  /** Called when flanneld ends; traffic must continue to flow. */
  close?(): void;
}

export interface BackendType {
  readonly type: string;
  /**
   * Reads the options and prepares the attributes of the lease. Throws ConfigError for options that
   * cannot work.
   */
  open(context: BackendContext): Promise<Backend>;
}
