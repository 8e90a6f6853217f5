// The network between the nodes: a bridge on the host, a veth pair per node, routes from the host
// to pods and services through the first node, and an nftables table that masquerades traffic from
// nodes to addresses outside the host.
import { exec, tryExec } from '../../pkg/system/exec.js';
import { applyHostSettings } from './host-settings.js';
import { nodeLayoutOf } from './layout.js';
import type { ClusterRecord } from './record.js';

/** The text of the table. Traffic that leaves the underlay is masqueraded, other traffic is not. */
export const renderTable = (record: ClusterRecord): string => `table ip ${tableOf(record)}
delete table ip ${tableOf(record)}
table ip ${tableOf(record)} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${record.underlay} oifname != "${record.bridge}" masquerade
  }
}
`;

export const tableOf = (record: ClusterRecord) => `wheelhouse-${record.name}`;

export async function createBridge(record: ClusterRecord): Promise<void> {
  await tryExec(['ip', 'link', 'delete', record.bridge]);
  const [, length] = record.underlay.split('/');
  const lines = [
    `link add ${record.bridge} type bridge forward_delay 0`,
    `address add ${record.gateway}/${length} dev ${record.bridge}`,
    ...(record.six ? [`address add ${record.six.gateway}/64 dev ${record.bridge} nodad`] : []),
    `link set ${record.bridge} up`,
  ];
  await exec(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  await exec(['nft', '-f', '-'], { input: renderTable(record) });
  applyHostSettings();
}

/** Connects the node's network namespace, which must exist, to the bridge. */
export async function connectNode(record: ClusterRecord, name: string): Promise<void> {
  const node = record.nodes.find((other) => other.name === name)!;
  const { net } = nodeLayoutOf(record.name, name);
  const [, length] = record.underlay.split('/');
  await tryExec(['ip', 'link', 'delete', node.link]);
  const outside = [
    `link add ${node.link} type veth peer name eth0 netns ${net}`,
    `link set ${node.link} master ${record.bridge} up`,
  ];
  const inside = [
    'link set lo up',
    `address add ${node.address}/${length} dev eth0`,
    ...(node.address6 ? [`address add ${node.address6}/64 dev eth0 nodad`] : []),
    'link set eth0 up',
    `route add default via ${record.gateway}`,
    // The host forwards no IPv6, but a connection from a node to a cluster IP needs a route before
    // it is translated.
    ...(record.six ? [`route add ::/0 via ${record.six.gateway}`] : []),
  ];
  await exec(['ip', '-batch', '-'], { input: `${outside.join('\n')}\n` });
  await exec(['nsenter', `--net=${net}`, 'ip', '-batch', '-'], { input: `${inside.join('\n')}\n` });
}

/** Lets the host, and so the API server's proxies, reach pods and cluster IPs. */
export async function routeToPods(record: ClusterRecord): Promise<void> {
  const { address, address6 } = record.nodes[0]!;
  const replace = async (family: string, via: string, ranges: readonly string[]) => {
    const to = ['via', via, 'dev', record.bridge];
    for (const range of ranges) await exec(['ip', family, 'route', 'replace', range, ...to]);
  };
  await replace('-4', address, [record.podNetwork, record.serviceRange]);
  const { six } = record;
  if (six) await replace('-6', address6!, [six.podNetwork, six.serviceRange]);
}

/** Removing the bridge removes the routes. */
export async function removeUnderlay(record: ClusterRecord): Promise<void> {
  for (const node of record.nodes) await tryExec(['ip', 'link', 'delete', node.link]);
  await tryExec(['ip', 'link', 'delete', record.bridge]);
  await tryExec(['nft', 'delete', 'table', 'ip', tableOf(record)]);
}
