// The processes of a cluster; components.yaml has their flags. Pure.
import { join } from 'node:path';
import { cgroupOf } from './cgroups.js';
import { COMPONENT_FLAGS } from './components.generated.js';
import { SOCKET } from './containerd.js';
import { HEARTBEAT, renderHeartbeatWatch } from './heartbeats.js';
import { binary, enterNode, layoutOf, nodeLayoutOf } from './layout.js';
import type { ClusterRecord } from './record.js';
import type { Service } from './service.js';

export const CLUSTER_DOMAIN = 'cluster.local';
export const NETWORK_CONFIG_KEY = '/coreos.com/network/config';

/** The value of a dual-stack flag: the first family, then the second. */
export const bothFamilies = (first: string, second: string | undefined) =>
  [first, second].filter(Boolean).join(',');

/** The first address of the service range: the cluster IP of the service `kubernetes`. */
export const apiServiceAddress = (record: ClusterRecord) =>
  record.serviceRange.replace(/\.0\/\d+$/, '.1');

/** The API server's URL for nodes: the host's address on the underlay. */
export const nodeApiUrl = (record: ClusterRecord) =>
  `https://${record.gateway}:${record.ports.api}`;

/** The API server's URL on this machine. */
export const hostApiUrl = (record: ClusterRecord) => `https://127.0.0.1:${record.ports.api}`;

export const etcdUrl = (record: ClusterRecord) => `https://${record.gateway}:${record.ports.etcd}`;

/** Flannel's network configuration, which hack/up writes to etcd. */
export const networkConfig = (record: ClusterRecord) =>
  JSON.stringify({
    Network: record.podNetwork,
    ...(record.six && { EnableIPv6: true, IPv6Network: record.six.podNetwork }),
    Backend: { Type: record.backend },
  });

/** On loopback of each node: health, and leases, peers and paths at /status. */
export const FLANNELD_HEALTHZ_PORT = 8385;

type Values = Readonly<Record<string, string | number>>;

function valuesOf(record: ClusterRecord, node?: string): Values {
  const { address = '', address6 = '' } = record.nodes.find(({ name }) => name === node) ?? {};
  const { etcd: etcdPort, ...ports } = record.ports;
  return {
    ...layoutOf(record.name),
    ...ports,
    etcdPort,
    cluster: record.name,
    controllers: `*,bootstrapsigner,tokencleaner${record.noLoadBalancers ? '' : ',service-lb-controller'}`,
    gateway: record.gateway,
    serviceRanges: bothFamilies(record.serviceRange, record.six?.serviceRange),
    podNetworks: bothFamilies(record.podNetwork, record.six?.podNetwork),
    dns: record.dnsAddress,
    domain: CLUSTER_DOMAIN,
    containerd: SOCKET,
    flanneldHealthz: FLANNELD_HEALTHZ_PORT,
    node: node ?? '',
    address,
    address6,
    addresses: bothFamilies(address, address6),
    cgroup: cgroupOf(record.name, node),
  };
}

/** Throws for a value that the table names and nobody gives. */
function flagsOf(program: string, values: Values): string[] {
  return Object.entries(COMPONENT_FLAGS[program]!).flatMap(([flag, value]) => {
    const text = String(value).replace(/\{(\w+)\}/g, (_, name: string) => {
      if (values[name] === undefined) throw new Error(`--${flag} asks for {${name}}`);
      return String(values[name]);
    });
    return text ? [`--${flag}=${text}`] : [];
  });
}

export const etcdFlags = (record: ClusterRecord): string[] => flagsOf('etcd', valuesOf(record));

const etcdService = (record: ClusterRecord): Service => ({
  name: 'etcd',
  cgroup: cgroupOf(record.name, 'control-plane'),
  command: ['/usr/bin/etcd', ...etcdFlags(record)],
});

/** Ends processes in which nothing runs any more. */
const watchdogService = (record: ClusterRecord): Service => ({
  name: 'watchdog',
  cgroup: cgroupOf(record.name, 'control-plane'),
  command: ['/bin/sh', '-c', renderHeartbeatWatch(layoutOf(record.name).heartbeats)],
});

const heartbeatOf = (record: ClusterRecord, name: string): Pick<Service, 'env'> => ({
  env: { [HEARTBEAT]: join(layoutOf(record.name).heartbeats, name) },
});

/**
 * The Linux capabilities of programs that need few. All of them read files below the checkout,
 * which folders of its owner may enclose. Absent: all capabilities.
 */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  hyperkube: [],
  'kube-apiserver': [],
  'kube-controller-manager': [],
  'kube-scheduler': [],
  flanneld: ['net_admin', 'net_raw'],
  'kube-proxy': ['net_admin'],
};

/** The words before a command that leave it and its children those capabilities. */
function restrict(name: string): string[] {
  const kept = CAPABILITIES[name];
  if (!kept) return [];
  const set = ['-all', ...['dac_read_search', ...kept].map((one) => `+${one}`)].join(',');
  return ['setpriv', `--bounding-set=${set}`, '--inh-caps=-all', '--no-new-privs'];
}

/** The control plane: one hyperkube, or its three components as processes of their own. */
export function controlPlane(record: ClusterRecord): Service[] {
  const values = valuesOf(record);
  const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
    (name): [string, string[]] => [name, flagsOf(name, values)],
  );
  const common = { cgroup: cgroupOf(record.name, 'control-plane'), after: ['etcd'] };
  if (record.separate)
    return parts.map(([name, words]) => ({
      ...common,
      ...heartbeatOf(record, name),
      name,
      command: [...restrict(name), ...binary(name), ...words],
    }));
  const words = parts.flatMap(([name, own], i) => [...(i ? ['--'] : []), name, ...own]);
  const command = [...restrict('hyperkube'), ...binary('hyperkube'), ...words];
  return [{ ...common, ...heartbeatOf(record, 'hyperkube'), name: 'hyperkube', command }];
}

/** The processes of one node, in starting order. */
function nodeServices(record: ClusterRecord, node: string): Service[] {
  const { config } = nodeLayoutOf(record.name, node);
  const values = valuesOf(record, node);
  const ours = ['flanneld', 'kubelet', 'kube-proxy'].map((name): [string, string[]] => [
    name,
    [...binary(name), ...flagsOf(name, values)],
  ]);
  const containerd = ['/usr/bin/containerd', '--config', join(config, 'containerd.toml')];
  return [['containerd', containerd] as const, ...ours].map(([name, command]) => ({
    name: `${node}.${name}`,
    node,
    cgroup: cgroupOf(record.name, `${node}/system`),
    ...(name !== 'containerd' && heartbeatOf(record, `${node}.${name}`)),
    command: [...enterNode(record.name, node), ...restrict(name), ...command],
    after: name === 'containerd' ? [] : [`${node}.containerd`],
  }));
}

export const allServices = (record: ClusterRecord): Service[] => [
  etcdService(record),
  watchdogService(record),
  ...controlPlane(record),
  ...record.nodes.flatMap(({ name }) => nodeServices(record, name)),
];
