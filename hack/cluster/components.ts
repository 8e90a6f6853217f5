// The processes of a cluster and their flags. Pure.
import { join } from 'node:path';
import { cgroupOf } from './cgroups.js';
import { SOCKET } from './containerd.js';
import { binary, enterNode, layoutOf, nodeLayoutOf } from './layout.js';
import type { ClusterRecord } from './record.js';
import type { Service } from './service.js';

export const CLUSTER_DOMAIN = 'cluster.local';
export const NETWORK_CONFIG_KEY = '/coreos.com/network/config';
const ETCD_QUOTA_BYTES = 4 * 2 ** 30;

const flags = (table: Record<string, string | number | boolean | undefined>) =>
  Object.entries(table).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );

/** The value of a dual-stack flag: the first family, then the second. */
const bothFamilies = (first: string, second: string | undefined) =>
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
    ...(record.six ? { EnableIPv6: true, IPv6Network: record.six.podNetwork } : {}),
    Backend: { Type: record.backend },
  });

export function etcdService(record: ClusterRecord): Service {
  const { pki, etcd } = layoutOf(record.name);
  const { ports, gateway } = record;
  const urls = `https://127.0.0.1:${ports.etcd},https://${gateway}:${ports.etcd}`;
  const peer = `https://127.0.0.1:${ports.etcdPeer}`;
  const trust = join(pki, 'etcd/ca.crt');
  return {
    name: 'etcd',
    cgroup: cgroupOf(record.name, 'control-plane'),
    command: [
      '/usr/bin/etcd',
      ...flags({
        name: 'default',
        'data-dir': etcd,
        'listen-client-urls': urls,
        'advertise-client-urls': urls,
        'listen-peer-urls': peer,
        'initial-advertise-peer-urls': peer,
        'initial-cluster': `default=${peer}`,
        'listen-metrics-urls': `http://127.0.0.1:${ports.etcdMetrics}`,
        'cert-file': join(pki, 'etcd/server.crt'),
        'key-file': join(pki, 'etcd/server.key'),
        'trusted-ca-file': trust,
        'client-cert-auth': true,
        'peer-cert-file': join(pki, 'etcd/peer.crt'),
        'peer-key-file': join(pki, 'etcd/peer.key'),
        'peer-trusted-ca-file': trust,
        'peer-client-cert-auth': true,
        'quota-backend-bytes': ETCD_QUOTA_BYTES,
        'log-level': 'warn',
      }),
    ],
  };
}

/** TLS 1.2 with forward secrecy and authenticated encryption only; the suites of 1.3 are on. */
const CIPHER_SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
].join(',');
/** Enough for a pod of many workers; a fork bomb ends in its pod. */
const POD_MAX_PIDS = 4096;

function apiserverFlags(record: ClusterRecord): string[] {
  const { pki, encryption, auditLog, auditPolicy } = layoutOf(record.name);
  return flags({
    'bind-address': '0.0.0.0',
    'secure-port': record.ports.api,
    'advertise-address': record.gateway,
    'etcd-servers': `https://127.0.0.1:${record.ports.etcd}`,
    'etcd-cafile': join(pki, 'etcd/ca.crt'),
    'etcd-certfile': join(pki, 'apiserver-etcd-client.crt'),
    'etcd-keyfile': join(pki, 'apiserver-etcd-client.key'),
    'encryption-provider-config': encryption,
    'encryption-provider-config-automatic-reload': true,
    'audit-policy-file': auditPolicy,
    'audit-log-path': auditLog,
    'audit-log-mode': 'batch',
    'audit-log-maxage': 30,
    'audit-log-maxbackup': 10,
    'audit-log-maxsize': 100,
    'tls-cert-file': join(pki, 'apiserver.crt'),
    'tls-private-key-file': join(pki, 'apiserver.key'),
    'client-ca-file': join(pki, 'ca.crt'),
    'kubelet-client-certificate': join(pki, 'apiserver-kubelet-client.crt'),
    'kubelet-client-key': join(pki, 'apiserver-kubelet-client.key'),
    'kubelet-certificate-authority': join(pki, 'ca.crt'),
    'proxy-client-cert-file': join(pki, 'front-proxy-client.crt'),
    'proxy-client-key-file': join(pki, 'front-proxy-client.key'),
    'requestheader-client-ca-file': join(pki, 'front-proxy-ca.crt'),
    'requestheader-allowed-names': 'front-proxy-client',
    'service-account-key-file': join(pki, 'sa.pub'),
    'service-account-signing-key-file': join(pki, 'sa.key'),
    'service-account-issuer': `https://kubernetes.default.svc.${CLUSTER_DOMAIN}`,
    'service-cluster-ip-range': bothFamilies(record.serviceRange, record.six?.serviceRange),
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'tls-cipher-suites': CIPHER_SUITES,
    profiling: false,
    'enable-bootstrap-token-auth': true,
  });
}

/**
 * The supervisor runs one process of each, so a restarted process may keep the identity of the
 * ended one and does not wait for its lease to expire.
 */
const leaderIdentity = (record: ClusterRecord) => ({
  'leader-elect-identity': `${record.name}-control-plane`,
});

function controllerManagerFlags(record: ClusterRecord): string[] {
  const { pki, credentials } = layoutOf(record.name);
  return flags({
    kubeconfig: join(credentials, 'controller-manager.conf'),
    'bind-address': '127.0.0.1',
    'secure-port': record.ports.controllerManager,
    'root-ca-file': join(pki, 'ca.crt'),
    'cluster-signing-cert-file': join(pki, 'ca.crt'),
    'cluster-signing-key-file': join(pki, 'ca.key'),
    'service-account-private-key-file': join(pki, 'sa.key'),
    'terminated-pod-gc-threshold': 12_500,
    profiling: false,
    'use-service-account-credentials': true,
    ...leaderIdentity(record),
  });
}

function schedulerFlags(record: ClusterRecord): string[] {
  const { credentials } = layoutOf(record.name);
  return flags({
    kubeconfig: join(credentials, 'scheduler.conf'),
    'bind-address': '127.0.0.1',
    'secure-port': record.ports.scheduler,
    profiling: false,
    ...leaderIdentity(record),
  });
}

/** The control plane: one hyperkube, or its three components as processes of their own. */
export function controlPlane(record: ClusterRecord): Service[] {
  const parts: [string, string[]][] = [
    ['kube-apiserver', apiserverFlags(record)],
    ['kube-controller-manager', controllerManagerFlags(record)],
    ['kube-scheduler', schedulerFlags(record)],
  ];
  const common = { cgroup: cgroupOf(record.name, 'control-plane'), after: ['etcd'] };
  if (record.separate)
    return parts.map(([name, words]) => ({
      ...common,
      name,
      command: [...binary(name), ...words],
    }));
  const words = parts.flatMap(([name, own], i) => [...(i ? ['--'] : []), name, ...own]);
  return [{ ...common, name: 'hyperkube', command: [...binary('hyperkube'), ...words] }];
}

/** On loopback of each node: health, and leases, peers and paths at /status. */
export const FLANNELD_HEALTHZ_PORT = 8385;

/** The processes of one node, in starting order. */
export function nodeServices(record: ClusterRecord, node: string): Service[] {
  const { pki, credentials } = layoutOf(record.name);
  const { config } = nodeLayoutOf(record.name, node);
  const { address, address6 } = record.nodes.find(({ name }) => name === node)!;
  const commands: Record<string, string[]> = {
    containerd: ['/usr/bin/containerd', '--config', join(config, 'containerd.toml')],
    flanneld: [
      ...binary('flanneld'),
      ...flags({
        'etcd-endpoints': etcdUrl(record),
        'etcd-cafile': join(pki, 'etcd/ca.crt'),
        'etcd-certfile': join(pki, 'flanneld-etcd-client.crt'),
        'etcd-keyfile': join(pki, 'flanneld-etcd-client.key'),
        iface: 'eth0',
        'public-ip': address,
        'public-ipv6': address6,
        'ip-masq': true,
        'cni-conf-dir': '/etc/cni/net.d',
        'healthz-ip': '127.0.0.1',
        'healthz-port': FLANNELD_HEALTHZ_PORT,
      }),
    ],
    kubelet: [
      ...binary('kubelet'),
      ...flags({
        kubeconfig: join(credentials, `kubelet-${node}.conf`),
        'hostname-override': node,
        'node-ip': bothFamilies(address, address6),
        'container-runtime-endpoint': `unix://${SOCKET}`,
        'root-dir': '/var/lib/kubelet',
        'pod-manifest-path': '/etc/kubernetes/manifests',
        'cgroup-root': cgroupOf(record.name, node),
        'cluster-dns': record.dnsAddress,
        'cluster-domain': CLUSTER_DOMAIN,
        'client-ca-file': join(pki, 'ca.crt'),
        'tls-cert-file': join(pki, 'nodes', node, 'kubelet.crt'),
        'tls-private-key-file': join(pki, 'nodes', node, 'kubelet.key'),
        'tls-cipher-suites': CIPHER_SUITES,
        'pod-max-pids': POD_MAX_PIDS,
        // The disk belongs to the host and holds other data. Its fill level must evict no pods, and
        // must remove no images, since no registry has them.
        'eviction-hard': 'memory.available<100Mi',
        'image-gc-high-threshold': 100,
      }),
    ],
    'kube-proxy': [
      ...binary('kube-proxy'),
      ...flags({
        kubeconfig: join(credentials, 'kube-proxy.conf'),
        'hostname-override': node,
        'cluster-cidr': bothFamilies(record.podNetwork, record.six?.podNetwork),
        'proxy-mode': 'nftables',
      }),
    ],
  };
  return Object.entries(commands).map(([name, command]) => ({
    name: `${node}.${name}`,
    node,
    cgroup: cgroupOf(record.name, `${node}/system`),
    command: [...enterNode(record.name, node), ...command],
    after: name === 'containerd' ? [] : [`${node}.containerd`],
  }));
}

export function allServices(record: ClusterRecord): Service[] {
  return [
    etcdService(record),
    ...controlPlane(record),
    ...record.nodes.flatMap(({ name }) => nodeServices(record, name)),
  ];
}
