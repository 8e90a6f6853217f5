// hack/status --network: each node's lease, the peers it reaches and how, and what its overlay
// device carried and dropped. Asks flanneld's /status and the kernel inside every node.
import { exec } from '../../pkg/system/exec.js';
import { FLANNELD_HEALTHZ_PORT } from './components.js';
import { enterNode } from './layout.js';
import type { ClusterRecord } from './record.js';

export interface NodeNetwork {
  node: string;
  /** Why nothing is known of the node. */
  problem?: string;
  subnet?: string;
  backend?: string;
  publicIP?: string;
  peers: { subnet: string; publicIP: string; path?: { reachable: boolean; rttSeconds?: number; mtu?: number } }[];
  device?: { name: string; mtu: number; rxBytes: number; txBytes: number; drops: number };
}

interface LinkStats {
  ifname: string;
  mtu: number;
  stats64: Record<'rx' | 'tx', { bytes: number; dropped: number; errors: number }>;
}

const ASK_MS = 5000;
const ASK_FLANNELD = `fetch('http://127.0.0.1:${FLANNELD_HEALTHZ_PORT}/status').then((r) => r.text()).then((t) => process.stdout.write(t))`;

async function ofNode(record: ClusterRecord, node: string): Promise<NodeNetwork> {
  const inside = (...words: string[]) => exec([...enterNode(record.name, node), ...words], { timeoutMs: ASK_MS });
  try {
    const [status, links] = await Promise.all([inside(process.execPath, '-e', ASK_FLANNELD), inside('ip', '-json', '-statistics', 'link', 'show')]);
    const { subnet, backend, publicIP, peers } = JSON.parse(status) as NodeNetwork;
    const link = (JSON.parse(links) as LinkStats[]).find(({ ifname }) => /^flannel(\.\d+|0)$/.test(ifname));
    const device = link && {
      name: link.ifname,
      mtu: link.mtu,
      rxBytes: link.stats64.rx.bytes,
      txBytes: link.stats64.tx.bytes,
      drops: link.stats64.rx.dropped + link.stats64.tx.dropped + link.stats64.rx.errors + link.stats64.tx.errors,
    };
    return { node, ...(subnet ? { subnet } : {}), ...(backend ? { backend } : {}), ...(publicIP ? { publicIP } : {}), peers: peers.filter((peer) => peer.publicIP !== publicIP), ...(device ? { device } : {}) };
  } catch (error) {
    return { node, problem: (error as Error).message.trim().split('\n').at(-1)!, peers: [] };
  }
}

/** Never rejects: a node that does not answer says why. */
export function networkOf(record: ClusterRecord): Promise<NodeNetwork[]> {
  return Promise.all(record.nodes.map(({ name }) => ofNode(record, name)));
}

function pathText({ path }: NodeNetwork['peers'][number]): string {
  if (!path) return 'not asked yet';
  if (!path.reachable) return 'no answer';
  return `${((path.rttSeconds ?? 0) * 1000).toFixed(2)} ms, MTU ${path.mtu ?? '?'}`;
}

const bytes = (count: number) => (count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`);

/** Rows for two tables: nodes with their devices, and the paths between nodes. */
export function networkRows(networks: readonly NodeNetwork[]): { nodes: string[][]; paths: string[][] } {
  const nodes = networks.map(({ node, problem, subnet, backend, device }) => [
    node,
    problem ? `? ${problem}` : (subnet ?? 'no lease'),
    backend ?? '-',
    device ? `${device.name}, MTU ${device.mtu}` : '-',
    device ? bytes(device.rxBytes) : '-',
    device ? bytes(device.txBytes) : '-',
    device ? String(device.drops) : '-',
  ]);
  const paths = networks.flatMap((network) => network.peers.map((peer) => [network.node, peer.publicIP, peer.subnet, pathText(peer)]));
  return { nodes: [['NODE', 'SUBNET', 'BACKEND', 'DEVICE', 'RECEIVED', 'SENT', 'DROPS'], ...nodes], paths: [['NODE', 'PEER', 'SUBNET', 'PATH'], ...paths] };
}
