// hack/status --network: the lease of each node, its peers and the paths to them, and the traffic
// and drops of its overlay device. The data come from flanneld's /status and from the kernel,
// inside every node.
import type { PathHealth } from '../../pkg/flannel/network/path-prober.js';
import { exec } from '../../pkg/system/exec.js';
import { FLANNELD_HEALTHZ_PORT } from './components.js';
import { enterNode } from './layout.js';
import type { ClusterRecord } from './record.js';

export interface NodeNetwork {
  node: string;
  /** The reason when the node gave no data. */
  problem?: string;
  subnet?: string | undefined;
  /** On dual-stack clusters. */
  subnet6?: string | undefined;
  backend?: string | undefined;
  publicIP?: string | undefined;
  peers: {
    subnet: string;
    subnet6?: string;
    publicIP: string;
    publicIPv6?: string;
    path?: PathHealth;
    path6?: PathHealth;
  }[];
  /** One per address family of the backend. */
  devices: { name: string; mtu: number; rxBytes: number; txBytes: number; drops: number }[];
}

interface LinkStats {
  ifname: string;
  mtu: number;
  stats64: Record<'rx' | 'tx', { bytes: number; dropped: number; errors: number }>;
}

const ASK_MS = 5000;
const ASK_FLANNELD = `fetch('http://127.0.0.1:${FLANNELD_HEALTHZ_PORT}/status').then((r) => r.text()).then((t) => process.stdout.write(t))`;

async function ofNode(record: ClusterRecord, node: string): Promise<NodeNetwork> {
  const inside = (...words: string[]) =>
    exec([...enterNode(record.name, node), ...words], { timeoutMs: ASK_MS });
  try {
    const [status, links] = await Promise.all([
      inside(process.execPath, '-e', ASK_FLANNELD),
      inside('ip', '-json', '-statistics', 'link', 'show'),
    ]);
    const { subnet, subnet6, backend, publicIP, peers } = JSON.parse(status) as NodeNetwork;
    const overlay = (JSON.parse(links) as LinkStats[]).filter(({ ifname }) =>
      /^flannel(0|(-v6)?\.\d+|\.ipip|-wg(-v6)?)$/.test(ifname),
    );
    const devices = overlay.map(({ ifname, mtu, stats64: { rx, tx } }) => ({
      name: ifname,
      mtu,
      rxBytes: rx.bytes,
      txBytes: tx.bytes,
      drops: rx.dropped + tx.dropped + rx.errors + tx.errors,
    }));
    const others = peers.filter((peer) => peer.publicIP !== publicIP);
    return { node, subnet, subnet6, backend, publicIP, peers: others, devices };
  } catch (error) {
    const problem = (error as Error).message.trim().split('\n').at(-1)!;
    return { node, problem, peers: [], devices: [] };
  }
}

/** Never rejects; a node that does not answer carries the reason. */
export const networkOf = (record: ClusterRecord): Promise<NodeNetwork[]> =>
  Promise.all(record.nodes.map(({ name }) => ofNode(record, name)));

function pathText(path: PathHealth | undefined): string {
  if (!path) return 'not asked yet';
  if (!path.reachable) return 'no answer';
  return `${((path.rttSeconds ?? 0) * 1000).toFixed(2)} ms, MTU ${path.mtu ?? '?'}`;
}

const bytes = (count: number) =>
  count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;

/** Rows for two tables: nodes with their devices, and the paths between nodes. */
export function networkRows(networks: readonly NodeNetwork[]): {
  nodes: string[][];
  paths: string[][];
} {
  const both = ({ subnet, subnet6 }: Pick<NodeNetwork, 'subnet' | 'subnet6'>) =>
    [subnet, subnet6].filter(Boolean).join(' ');
  const nodes = networks.flatMap(({ node, problem, backend, devices, ...own }) => {
    const [first = ['-', '-', '-', '-'], ...rest] = devices.map((device) => [
      `${device.name}, MTU ${device.mtu}`,
      bytes(device.rxBytes),
      bytes(device.txBytes),
      String(device.drops),
    ]);
    return [
      [node, problem ? `? ${problem}` : both(own) || 'no lease', backend ?? '-', ...first],
      ...rest.map((device) => ['', '', '', ...device]),
    ];
  });
  const paths = networks.flatMap((network) =>
    network.peers.flatMap((peer) => [
      [network.node, peer.publicIP, both(peer), pathText(peer.path)],
      ...(peer.publicIPv6 ? [['', peer.publicIPv6, '', pathText(peer.path6)]] : []),
    ]),
  );
  return {
    nodes: [['NODE', 'SUBNET', 'BACKEND', 'DEVICE', 'RECEIVED', 'SENT', 'DROPS'], ...nodes],
    paths: [['NODE', 'PEER', 'SUBNET', 'PATH'], ...paths],
  };
}
