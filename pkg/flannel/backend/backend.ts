// What a backend is: it makes a device, says what its lease publishes, and turns the peers' leases
// into the kernel state that should be. The daemon does the rest: leases, reconciliation, files.
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
  /** Folder for small state files and sockets, that of subnet.env. */
  runDir: string;
  /** Folder of flannel-tun. */
  nativeDir: string;
  signal: AbortSignal;
}

/** What `desired` may know besides leases. */
export interface Facts {
  /** Routes of table main. */
  routes: readonly Route[];
}

export interface Backend {
  /** Its devices: one for each family that has one. */
  readonly devices: readonly string[];
  /** Whether `desired` asks for the facts' routes: reading them costs, with many peers. */
  readonly needsRoutes?: boolean;
  /** MTU for pods. */
  readonly mtu: number;
  /** UDP port of encapsulated packets, that must not be NATed. */
  readonly port?: number;
  /** The same over IPv6, where it differs. */
  readonly port6?: number;
  /** Published in the lease. */
  readonly attrs: Pick<LeaseAttrs, 'backendType' | 'backendData' | 'backendV6Data'>;
  /** Makes the devices as they should be, addresses included. Idempotent. Returns whether one was made anew. */
  ensureDevice(own: Subnets, links: readonly Link[]): Promise<boolean>;
  /** Whether a peer's lease is for this backend. */
  accepts(lease: Lease): boolean;
  /** The entries of a lease that did not change are best the same objects as before: see planUpdate. */
  desired(own: Subnets, peers: readonly Lease[], facts: Facts): Desired;
  /** Hands the peers to a data path outside the kernel's tables. */
  setPeers?(own: Subnets, peers: readonly Lease[]): Promise<void>;
  /** Calls back when something outside netlink needs a repair. */
  onBroken?(callback: () => void): void;
  /** Figures for /metrics and status. */
  stats?(): Promise<Record<string, number>>;
  /** When flanneld ends; must leave traffic running. */
  close?(): void;
}

export interface BackendType {
  readonly type: string;
  /** Reads options, prepares what the lease must publish. Throws ConfigError for options that cannot work. */
  open(context: BackendContext): Promise<Backend>;
}
