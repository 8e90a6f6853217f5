// The vxlan backend: one kernel vxlan device, and for each peer a permanent neighbour, a forwarding
// entry and an onlink route. The same device attributes and entries as flannel's.
import { applyAll, type Change, type Link, type Route } from '../../system/netlink/netlink.js';
import { ensureSysctl } from '../../system/sysctl/sysctl.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.js';
import { field } from '../config.js';
import type { Desired } from '../network/desired.js';
import { isDirect } from '../network/direct.js';
import { base, containsNet, formatIpv4, formatNet, parseCidr, type Ipv4Net } from '../subnet/ipv4.js';
import type { Lease } from '../subnet/lease.js';
import { writeAtomically } from '../subnet/subnet-env.js';
import type { Backend, BackendContext, BackendType, Facts } from './backend.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Outer IPv4, UDP, VXLAN and inner Ethernet headers. */
const VXLAN_OVERHEAD = 50;
const KERNEL_PORT = 8472;

export interface VxlanOptions {
  vni: number;
  port: number;
  gbp: boolean;
  learning: boolean;
  directRouting: boolean;
  mtu: number;
}

interface VxlanFile {
  VNI: number;
  Port: number;
  GBP: boolean;
  Learning: boolean;
  DirectRouting: boolean;
  MTU: number;
}

export function parseVxlanOptions(options: Record<string, unknown>, externalMtu: number): VxlanOptions {
  const file = checkConfig<VxlanFile>('Backend', BACKEND_SCHEMAS.vxlan, options);
  return {
    vni: file.VNI,
    port: file.Port || KERNEL_PORT,
    gbp: file.GBP,
    learning: file.Learning,
    directRouting: file.DirectRouting,
    mtu: (file.MTU || externalMtu) - VXLAN_OVERHEAD,
  };
}

/** The VTEP's MAC that a peer publishes; undefined for data that is not vxlan's or of another VNI. */
export function vtepOf(lease: Lease, vni: number): string | undefined {
  const data = lease.attrs.backendData;
  if (typeof data !== 'object' || data === null) return undefined;
  const mac = field(data as Record<string, unknown>, 'VtepMAC');
  const theirs = field(data as Record<string, unknown>, 'VNI');
  if (typeof mac !== 'string' || !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac)) return undefined;
  return theirs === undefined || theirs === vni ? mac.toLowerCase() : undefined;
}

/** Kernel state for the peers; those on our own segment get a plain route with DirectRouting. */
export function desiredVxlan(device: string, options: VxlanOptions, network: Ipv4Net, external: string, peers: readonly Lease[], routes: readonly Route[]): Desired {
  const desired = { routes: [] as Desired['routes'][number][], neighbours: [] as Desired['neighbours'][number][], fdb: [] as Desired['fdb'][number][] };
  for (const peer of peers) {
    const mac = vtepOf(peer, options.vni);
    const to = formatNet(peer.subnet);
    if (options.directRouting && isDirect(peer.attrs.publicIP, routes, device)) {
      desired.routes.push({ to, via: peer.attrs.publicIP, device: external });
    } else if (mac) {
      const address = formatIpv4(base(peer.subnet));
      desired.neighbours.push({ device, address, mac });
      desired.fdb.push({ device, mac, to: peer.attrs.publicIP });
      desired.routes.push({ to, via: address, device, onlink: true });
    }
  }
  return { ...desired, ownsRoute: (route) => ownsOverlayRoute(route, network, device, external) };
}

/** Everything on the overlay device, and gateway routes into the pod network that a daemon like us made. */
export function ownsOverlayRoute(route: Route, network: Ipv4Net, device: string | undefined, external: string): boolean {
  if (route.protocol !== 'boot') return false;
  if (device !== undefined && route.device === device) return true;
  const to = parseCidr(route.to);
  return to !== undefined && containsNet(network, to) && route.device === external && route.via !== undefined;
}

function randomMac(random: { next(): number }): string {
  const bytes = Array.from({ length: 6 }, () => Math.floor(random.next() * 256));
  bytes[0] = (bytes[0]! & 0xfe) | 0x02; // unicast, locally administered
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The MAC to use: that of a device that is there, the one used last, or a new one. */
async function chooseMac(context: BackendContext, device: string, stateFile: string): Promise<string> {
  const existing = (await context.netlink.links()).find((link) => link.name === device && link.kind === 'vxlan');
  if (existing) return existing.mac;
  const kept = await readFile(stateFile, 'utf8').catch(() => '');
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(kept.trim()) ? kept.trim() : randomMac(context.env.random);
}

function isSame(link: Link, context: BackendContext, options: VxlanOptions): boolean {
  const { vxlan } = link;
  return (
    vxlan !== undefined &&
    vxlan.vni === options.vni &&
    vxlan.device === context.external.name &&
    vxlan.local === context.external.ip &&
    vxlan.port === options.port &&
    vxlan.learning === options.learning &&
    vxlan.gbp === options.gbp
  );
}

async function ensureVxlan(context: BackendContext, options: VxlanOptions, name: string, mac: string, own: Ipv4Net, links: readonly Link[]): Promise<boolean> {
  const { netlink, external, env } = context;
  const existing = links.find((link) => link.name === name);
  const keep = existing !== undefined && isSame(existing, context, options);
  const changes: Change[] = [];
  if (existing && !keep) changes.push({ type: 'link-delete', name });
  if (!keep) {
    env.log.info('creating the vxlan device', { device: name, vni: options.vni, mac, local: external.ip, over: external.name });
    const vxlan = { vni: options.vni, local: external.ip, device: external.name, port: options.port, learning: options.learning, gbp: options.gbp };
    changes.push({ type: 'link-add', link: { kind: 'vxlan', name, mac, vxlan } });
  }
  const wrongMac = keep && existing.mac !== mac;
  if (!keep || existing.mtu !== options.mtu || wrongMac) changes.push({ type: 'link-set', name, mtu: options.mtu, ...(wrongMac ? { mac } : {}) });
  await applyAll(netlink, changes);
  if (!keep) await ensureSysctl(`net/ipv6/conf/${name}/accept_ra`, 0);
  await ensureSysctl(`net/ipv4/conf/${name}/rp_filter`, 2);

  const address = `${formatIpv4(base(own))}/32`;
  const addresses = keep ? (await netlink.addresses(name)).filter((a) => !a.address.includes(':')) : [];
  const rest: Change[] = addresses.filter((a) => a.address !== address).map((a) => ({ type: 'address-delete', device: name, address: a.address }));
  if (!addresses.some((a) => a.address === address)) rest.push({ type: 'address-replace', device: name, address });
  if (!keep || !existing.up) rest.push({ type: 'link-set', name, up: true });
  await applyAll(netlink, rest);
  return !keep;
}

export const vxlan: BackendType = {
  type: 'vxlan',
  async open(context): Promise<Backend> {
    const options = parseVxlanOptions(context.config.backend.options, context.external.mtu);
    const device = `flannel.${options.vni}`;
    const stateFile = join(context.runDir, `vtep-${options.vni}`);
    const mac = await chooseMac(context, device, stateFile);
    await writeAtomically(stateFile, `${mac}\n`);
    return {
      device,
      mtu: options.mtu,
      port: options.port,
      attrs: { backendType: 'vxlan', backendData: { VNI: options.vni, VtepMAC: mac } },
      ensureDevice: (own, links) => ensureVxlan(context, options, device, mac, own, links),
      accepts: (lease) => lease.attrs.backendType === 'vxlan' && vtepOf(lease, options.vni) !== undefined,
      desired: (_own, peers, facts: Facts) => desiredVxlan(device, options, context.config.network, context.external.name, peers, facts.routes),
    };
  },
};
