// flanneld: leases a subnet for this node, connects it to the subnets of other nodes through a
// backend, and configures the container runtime. The file reads in the order in which the daemon
// starts.
//
// Leases are kept in subnet/; the state that a backend programs is in backend/; reconciler.ts
// applies it.
// Invariants: nothing is removed when the daemon ends, so that a restart cuts no connection. The
// subnet is used only while this node holds its lease. Files are written only once the network
// carries packets.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { atomicWrite } from '../system/files/atomic-write.js';
import type { OpenEcho } from '../system/icmp/echo.js';
import { applyAll, type Change, type Netlink } from '../system/netlink/netlink.js';
import type { Nft } from '../system/nftables/nftables.js';
import { ensureSysctl, readSysctl } from '../system/sysctl/sysctl.js';
import type { Env } from '../util/env/env.js';
import { DONE, every } from '../util/wait/every.js';
import { retry, warnOnce } from '../util/wait/retry.js';
import type { Backend, ExternalInterface } from './backend/backend.js';
import { backendNamed } from './backend/backends.js';
import { BRIDGE, writeConflist } from './cni.js';
import { ConfigError, describeConfig, type NetworkConfig } from './config.js';
import { chooseInterface, type InterfaceChoice } from './interface.js';
import { CONFIG_RETRY_MS, RETRY } from './limits.js';
import { FLANNEL_TABLE6, renderTrafficRules } from './masquerade.js';
import { PathProber, type PathHealth } from './network/path-prober.js';
import { Reconciler } from './reconciler.js';
import { containsNet, formatNet, parseNet } from '../util/netaddr/net.js';
import { describeSubnets, type Lease, type Subnets } from './subnet/lease.js';
import type { LeaseManager, Leases } from './subnet/manager.js';
import { readSubnetEnv, renderSubnetEnv } from './subnet/subnet-env.js';

export interface FlannelOptions {
  choice: InterfaceChoice;
  subnetFile: string;
  ipMasq: boolean;
  ipMasqFullyRandom: boolean;
  forwardRules: boolean;
  noMasqueradeTo: readonly string[];
  blackholeRoute: boolean;
  /** '' disables the CNI config. */
  cniConfDir: string;
  cniPlugin: 'bridge' | 'ptp';
  cniDataDir: string;
  nativeDir: string;
}

export interface FlannelHost {
  netlink: Netlink;
  nft: Nft;
  leases: LeaseManager;
  /** Absent: paths to peers are not probed. */
  openEcho?: OpenEcho;
}

/** State shown by /readyz and the status page. */
export interface FlannelStatus {
  ready: boolean;
  subnet?: string;
  subnet6?: string;
  backend?: string;
  publicIP?: string;
  peers: () => ReturnType<typeof peerStatus>[];
  stats: () => Promise<Record<string, number>>;
  /**
   * Health of the underlay by the public IP of the peer; peers that were not probed yet are absent.
   */
  paths: () => ReadonlyMap<string, PathHealth>;
}

/** Runs flanneld until abort. */
export async function runDaemon(
  env: Env,
  host: FlannelHost,
  options: FlannelOptions,
  status: FlannelStatus,
  signal: AbortSignal,
): Promise<void> {
  const config = await host.leases.config(signal);
  env.log.info('network config', { network: describeConfig(config), backend: config.backend.type });
  await ensureSysctl('net/ipv4/ip_forward', 1);
  await ensureSysctl('net/bridge/bridge-nf-call-iptables', 1);
  if (config.ipv6) await prepareIpv6();
  // Left by a run with EnableIPv6. Kernels without IPv6 refuse the command.
  else await host.nft.deleteTable('ip6', FLANNEL_TABLE6).catch(() => {});
  const runDir = dirname(options.subnetFile);
  await mkdir(runDir, { recursive: true, mode: 0o755 });
  // Each pass serves one state of the external interface.
  for (;;) {
    const { netlink } = host;
    const { choice, nativeDir } = options;
    const isDual = config.ipv6 !== undefined;
    const external = await waitForInterface(env, netlink, choice, isDual, signal);
    if (external.ip6) await keepRouterAdvertisements(external.name);
    const context = { env, netlink, config, external, runDir, nativeDir, signal };
    const backend = await backendNamed(config.backend.type).open(context);
    status.backend = config.backend.type;
    status.publicIP = external.publicIP;
    status.stats = () => backend.stats?.() ?? Promise.resolve({});
    try {
      await holdLeases({ env, host, options, status, config, external, backend }, signal);
    } finally {
      backend.close?.();
    }
  }
}

async function prepareIpv6(): Promise<void> {
  // New interfaces, among them the bridge of the pods, inherit the value of "default".
  await ensureSysctl('net/ipv6/conf/default/disable_ipv6', 0);
  await ensureSysctl('net/bridge/bridge-nf-call-ip6tables', 1);
}

/**
 * A host that forwards ignores router advertisements and would lose its default route. accept_ra=2
 * makes it keep listening.
 */
async function keepRouterAdvertisements(device: string): Promise<void> {
  if ((await readSysctl(`net/ipv6/conf/${device}/accept_ra`)) === '1')
    await ensureSysctl(`net/ipv6/conf/${device}/accept_ra`, 2);
  await ensureSysctl('net/ipv6/conf/all/forwarding', 1);
}

/** Waits for the interface, because one that lost its address may get it back. */
async function waitForInterface(
  env: Env,
  netlink: Netlink,
  choice: InterfaceChoice,
  ipv6: boolean,
  signal: AbortSignal,
): Promise<ExternalInterface> {
  const warn = warnOnce(env.log, 'waiting for an interface');
  const again = (error: unknown): void => {
    if (!(error instanceof ConfigError)) throw error;
    warn(error);
  };
  const external = await retry({ clock: env.clock, signal, wait: CONFIG_RETRY_MS, again }, () =>
    chooseInterface(netlink, choice, ipv6),
  );
  env.log.info('using interface', { ...external });
  return external;
}

/**
 * Acquires a lease and serves it; acquires another when a peer takes the subnet. Returns when the
 * external interface changes.
 */
async function holdLeases(base: Omit<Serving, 'lease'>, signal: AbortSignal): Promise<void> {
  const { env, host, options, status, config, external, backend } = base;
  for (;;) {
    const before = await readSubnetEnv(options.subnetFile);
    const { publicIP, publicIPv6 } = external;
    const attrs = { publicIP, ...(publicIPv6 && { publicIPv6 }), ...backend.attrs };
    const lease = await host.leases.acquire(config, attrs, before, signal);
    const subnet = describeSubnets(lease);
    env.log.info('lease acquired', { subnet, reserved: lease.leaseId === undefined });
    const ended = await serveLease({ ...base, lease }, signal);
    if (ended === 'external-changed') {
      env.log.warn('the external interface changed', { name: external.name });
      return;
    }
    status.ready = false;
    env.log.error('lease lost: giving up the subnet and acquiring another', { subnet });
  }
}

interface Serving {
  env: Env;
  host: FlannelHost;
  options: FlannelOptions;
  status: FlannelStatus;
  config: NetworkConfig;
  external: ExternalInterface;
  backend: Backend;
  lease: Lease;
}

async function serveLease(
  serving: Serving,
  signal: AbortSignal,
): Promise<'lost' | 'external-changed'> {
  const { env, host, status, backend, external, lease } = serving;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const reconciler = new Reconciler(env, host.netlink, backend, lease, external, both);
  let publishing: Promise<void> | undefined;
  let probing: Promise<void> | undefined;
  let ended: 'lost' | 'external-changed' = 'lost';
  reconciler.onReady = () => {
    publishing ??= publishUntilDone(serving, both);
  };
  reconciler.onExternalChange = () => {
    ended = 'external-changed';
    stop.abort(new Error('the external interface changed'));
  };
  const openEcho: OpenEcho = host.openEcho ?? (() => Promise.reject(new Error('no echo')));
  const prober = new PathProber(env, openEcho, external.mtu);
  status.paths = () => prober.health;
  const onLeases = (leases: Leases) => {
    const ips = new Set<string | undefined>();
    for (const { attrs } of leases.values()) {
      ips.add(attrs.publicIP);
      if (external.publicIPv6) ips.add(attrs.publicIPv6);
    }
    for (const own of [external.publicIP, external.publicIPv6]) ips.delete(own);
    prober.setPeers([...ips].filter((ip) => ip !== undefined));
    status.peers = () => [...leases.values()].map(peerStatus);
    reconciler.setLeases([...leases.values()]);
  };
  try {
    await host.nft.apply(trafficRules(serving));
    await reconciler.watchKernel();
    if (host.openEcho) probing = prober.run(both);
    await host.leases.run(lease, onLeases, both);
  } catch (error) {
    if (signal.aborted || !stop.signal.aborted) throw error;
  } finally {
    stop.abort();
    await Promise.all([publishing, probing]);
  }
  return ended;
}

function peerStatus({ subnet, subnet6, attrs }: Lease) {
  const { publicIP, publicIPv6, backendType } = attrs;
  return {
    subnet: formatNet(subnet),
    ...(subnet6 && { subnet6: formatNet(subnet6) }),
    publicIP,
    ...(publicIPv6 && { publicIPv6 }),
    backendType,
  };
}

function trafficRules({ options, config, lease, backend }: Serving): string {
  return renderTrafficRules({
    network: config.network,
    subnet: lease.subnet,
    ...(config.ipv6 &&
      lease.subnet6 && { ipv6: { network: config.ipv6.network, subnet: lease.subnet6 } }),
    masquerade: options.ipMasq,
    fullyRandom: options.ipMasqFullyRandom,
    forward: options.forwardRules,
    noMasqueradeTo: options.noMasqueradeTo,
    port: backend.port,
    port6: backend.port6,
  });
}

/** Publishes the network to the node, with retries. Never rejects. */
async function publishUntilDone(serving: Serving, signal: AbortSignal): Promise<void> {
  const { env, status, lease } = serving;
  const failed = 'cannot publish the network to the node, retrying';
  await every({ env, signal, periodMs: RETRY.maxMs, failed }, async () => {
    await publish(serving);
    status.subnet = formatNet(lease.subnet);
    if (lease.subnet6) status.subnet6 = formatNet(lease.subnet6);
    status.ready = true;
    env.log.info('network is up', { subnet: describeSubnets(lease), mtu: serving.backend.mtu });
    return DONE;
  });
}

async function publish({ env, host, options, config, backend, lease }: Serving): Promise<void> {
  const { subnet, subnet6 } = lease;
  await dropForeignBridge(env, host.netlink, lease);
  if (options.blackholeRoute || options.cniPlugin === 'ptp') {
    const type = options.blackholeRoute ? 'blackhole' : 'unreachable';
    const nets = [formatNet(subnet), ...(subnet6 ? [formatNet(subnet6)] : [])];
    const routes = nets.map((to): Change => ({ type: 'route-replace', route: { type, to } }));
    await applyAll(host.netlink, routes);
  }
  const { mtu } = backend;
  const second = config.ipv6 && subnet6 ? { network6: config.ipv6.network, subnet6 } : {};
  const known = { network: config.network, subnet, ...second, mtu, ipMasq: options.ipMasq };
  await atomicWrite(options.subnetFile, renderSubnetEnv(known), 0o644);
  if (!options.cniConfDir) return;
  const { cniPlugin: plugin, cniDataDir: dataDir } = options;
  const network = { plugin, subnet, ...(subnet6 && { subnet6 }), mtu, ipMasq: false, dataDir };
  await writeConflist(options.cniConfDir, network, env.log);
}

/**
 * A bridge with an address of another subnet makes every new pod fail. Removes the bridge when it
 * has no ports, else only the address.
 */
async function dropForeignBridge(env: Env, netlink: Netlink, own: Subnets): Promise<void> {
  const device = BRIDGE;
  const links = await netlink.links();
  if (!links.some((link) => link.name === device && link.kind === 'bridge')) return;
  const addresses = (await netlink.addresses(device))
    .filter((a) => a.scope === 'global' && !isPodAddress(a.address, own))
    .map((a) => a.address);
  if (!addresses.length) return;
  const inUse = links.some((link) => link.master === device);
  const warning = "the pods' bridge has an address outside our subnet";
  env.log.warn(warning, { bridge: device, addresses, inUse });
  await netlink.apply(
    inUse
      ? addresses.map((address): Change => ({ type: 'address-delete', device, address }))
      : [{ type: 'link-delete', name: device }],
  );
}

function isPodAddress(address: string, { subnet, subnet6 }: Subnets): boolean {
  const v4 = parseNet(address, 4);
  if (v4) return containsNet(subnet, { ...v4, length: 32 });
  const v6 = parseNet(address, 6);
  return v6 !== undefined && subnet6 !== undefined && containsNet(subnet6, { ...v6, length: 128 });
}
