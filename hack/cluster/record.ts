// A cluster's record: the addresses, ports and names that hack/up chose once and every later
// command reads. `decide` is pure; `observeHost` reads what this machine already uses.
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../pkg/system/exec.js';
import { atomicWrite } from '../../pkg/system/files/atomic-write.js';
import { cidrContains, parseCidr } from '../../pkg/util/netaddr/ip.js';
import { layoutOf, STATE } from './layout.js';
import { tolerating } from './tolerate.js';

export type Backend = 'vxlan' | 'udp' | 'host-gw';

export interface NodeRecord {
  name: string;
  /** Address on the underlay. */
  address: string;
  /** The IPv6 address on dual-stack clusters. */
  address6?: string;
  /** The host's end of the node's veth pair. */
  link: string;
}

/** The ranges and addresses of one family. */
interface FamilyRanges {
  underlay: string;
  gateway: string;
  podNetwork: string;
  serviceRange: string;
  dnsAddress: string;
}

export interface ClusterRecord extends FamilyRanges {
  name: string;
  /** Determines the address ranges; unique on this machine. */
  index: number;
  backend: Backend;
  /** Control plane components as processes of their own instead of one hyperkube. */
  separate: boolean;
  /** Without service-lb-controller. */
  noLoadBalancers?: boolean;
  bridge: string;
  ports: Ports;
  nodes: NodeRecord[];
  /** IPv6 of a dual-stack cluster; IPv4 stays the first family. */
  six?: FamilyRanges;
  /** Set when hack/up has succeeded; from then on the supervisor handles failures. */
  started?: boolean;
  /** Keys and store may not fit each other: hack/restore has begun and not ended. */
  restoring?: boolean;
}

export interface Wanted extends Pick<
  ClusterRecord,
  'name' | 'backend' | 'separate' | 'noLoadBalancers'
> {
  nodes: number;
  dualStack?: boolean;
}

/** Addresses and ports in use on the machine. */
export interface HostUse {
  indexes: ReadonlySet<number>;
  /** Destinations of routes, and addresses, in both families: '10.244.0.0/16', 'fd00::/64'. */
  networks: readonly string[];
  portIsFree(port: number): Promise<boolean>;
}

export const MAX_NODES = 50;
const MAX_CLUSTERS = 11; // pod networks 10.244 to 10.254
const UNDERLAYS = ['172.31', '172.30', '10.231'] as const;
const PORTS = {
  api: 6443,
  etcd: 2379,
  etcdPeer: 2380,
  etcdMetrics: 2381,
  scheduler: 10259,
  controllerManager: 10257,
};
type Ports = typeof PORTS;
const PORT_STRIDE = 100;

const cidrOf = (text: string) =>
  parseCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);

/** Whether two CIDRs or addresses have an address in common. */
export function overlaps(a: string, b: string): boolean {
  const [left, right] = [cidrOf(a), cidrOf(b)];
  if (!left || !right) return false;
  return cidrContains(left, right.network) || cidrContains(right, left.network);
}

/**
 * The IPv6 ranges of cluster `index`, with the numbering of its IPv4 ranges, in the private range
 * fd00::/8.
 */
function secondFamily(index: number): FamilyRanges {
  const underlay = `fd00:31:${index + 1}::`;
  const services = `fd00:${100 + index}::`;
  return {
    underlay: `${underlay}/64`,
    gateway: `${underlay}1`,
    podNetwork: `fd00:${244 + index}::/48`,
    serviceRange: `${services}/112`,
    dnsAddress: `${services}10`,
  };
}

/** The nodes of a cluster that has `count` of them. */
export function nodesOf(
  { index, gateway, six }: Pick<ClusterRecord, 'index' | 'gateway' | 'six'>,
  count: number,
): NodeRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `node-${i + 1}`,
    address: gateway.replace(/1$/, String(11 + i)),
    link: `whl${index}n${i + 1}`,
    ...(six && { address6: `fd00:31:${index + 1}::${11 + i}` }),
  }));
}

/** Chooses ranges and ports that the machine does not use. Throws when none are left. */
export async function decide(wanted: Wanted, host: HostUse): Promise<ClusterRecord> {
  const isFree = (range: string) => !host.networks.some((used) => overlaps(range, used));
  for (let index = 0; index < MAX_CLUSTERS; index++) {
    const prefix = UNDERLAYS.map((base) => `${base}.${index}`).find((base) =>
      isFree(`${base}.0/24`),
    );
    const podNetwork = `10.${244 + index}.0.0/16`;
    const serviceRange = `10.${100 + index}.0.0/16`;
    if (host.indexes.has(index)) continue;
    if (!prefix || !isFree(podNetwork) || !isFree(serviceRange)) continue;
    const six = wanted.dualStack ? secondFamily(index) : undefined;
    if (six && ![six.underlay, six.podNetwork, six.serviceRange].every(isFree)) continue;
    return {
      name: wanted.name,
      index,
      backend: wanted.backend,
      separate: wanted.separate,
      ...(wanted.noLoadBalancers && { noLoadBalancers: true }),
      bridge: `whl${index}`,
      underlay: `${prefix}.0/24`,
      gateway: `${prefix}.1`,
      podNetwork,
      serviceRange,
      dnsAddress: `10.${100 + index}.0.10`,
      ports: await freePorts(host),
      nodes: nodesOf({ index, gateway: `${prefix}.1`, ...(six && { six }) }, wanted.nodes),
      ...(six && { six }),
    };
  }
  throw new Error(
    `no free address ranges for another cluster: an underlay in ${UNDERLAYS.join(', ')}, pods in 10.244-254.0.0/16 and services in 10.100-110.0.0/16; free some with hack/down --name NAME`,
  );
}

async function freePorts(host: HostUse): Promise<Ports> {
  const chosen = new Set<number>();
  const ports = { ...PORTS };
  for (const key of Object.keys(ports) as (keyof Ports)[]) {
    let port = ports[key];
    while (chosen.has(port) || !(await host.portIsFree(port))) {
      port += PORT_STRIDE;
      if (port > 65_535) throw new Error(`no free port for ${key}`);
    }
    chosen.add(port);
    ports[key] = port;
  }
  return ports;
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Reads the routes, addresses, ports and cluster records of the machine. */
export async function observeHost(): Promise<HostUse> {
  const routes: { dst?: string }[] = [];
  for (const family of ['-4', '-6']) {
    const text = await exec(['ip', family, '-j', 'route', 'show', 'table', 'all']);
    routes.push(...(JSON.parse(text || '[]') as typeof routes));
  }
  // The default route, link-local and multicast destinations do not count.
  const networks = routes
    .map((route) => route.dst ?? '')
    .filter((dst) => /^\d|:/.test(dst) && !/^f[ef]/.test(dst));
  for (const { family, address } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
    if (family === 'IPv4') networks.push(address);
  return { indexes: new Set(listRecords().map((record) => record.index)), networks, portIsFree };
}

export function readRecord(name: string): ClusterRecord | undefined {
  const text = tolerating(['ENOENT'], () => readFileSync(layoutOf(name).record, 'utf8'));
  return text === undefined ? undefined : (JSON.parse(text) as ClusterRecord);
}

export async function writeRecord(
  record: ClusterRecord,
  file = layoutOf(record.name).record,
): Promise<void> {
  await atomicWrite(file, `${JSON.stringify(record, undefined, 2)}\n`, 0o644);
}

/** Every cluster of this checkout. */
export function listRecords(): ClusterRecord[] {
  const names = tolerating(['ENOENT'], () => readdirSync(STATE)) ?? [];
  return names.flatMap((name) => (name === 'images' ? [] : (readRecord(name) ?? [])));
}

/** The record of an existing cluster. Throws when there is none, and for wrong names. */
export function requireRecord(name: string): ClusterRecord {
  checkName(name);
  const record = readRecord(name);
  if (record) return record;
  const others = listRecords().map((other) => other.name);
  throw new Error(
    `there is no cluster "${name}" under ${join(STATE)}${others.length ? `; there are: ${others.join(', ')}` : '; start one with hack/up'}`,
  );
}

/** Cluster names become names of devices, folders and units. Throws for names that cannot. */
export function checkName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(name) || name === 'images') {
    throw new Error(
      `"${name}" is not a cluster name: use up to 30 of a-z, 0-9 and -, beginning with a letter ("images" is taken)`,
    );
  }
}
