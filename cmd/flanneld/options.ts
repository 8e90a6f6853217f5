// Flags of flanneld, under flannel's names. Each flag can also be set by FLANNELD_<NAME> in the
// environment.
import { type Config, FlagError, LOG_LEVEL, parseFlags } from '../flags.js';
import { familyOf } from '../../pkg/util/netaddr/ip.js';

export const FLAGS = {
  'etcd-endpoints': {
    type: 'list',
    default: ['http://127.0.0.1:4001', 'http://127.0.0.1:2379'],
    help: 'A comma-delimited list of etcd endpoints.',
  },
  'etcd-prefix': { type: 'string', default: '/coreos.com/network', help: 'Etcd prefix.' },
  'etcd-keyfile': { type: 'string', help: 'SSL key file used to secure etcd communication.' },
  'etcd-certfile': {
    type: 'string',
    help: 'SSL certification file used to secure etcd communication.',
  },
  'etcd-cafile': {
    type: 'string',
    help: 'SSL Certificate Authority file used to secure etcd communication.',
  },
  iface: {
    type: 'list',
    help: 'Interface to use (IP or name) for inter-host communication. Can be given several times; the first match wins.',
  },
  'iface-regex': {
    type: 'list',
    help: 'Regex to match the interface to use; IPs first, then names. Can be given several times.',
  },
  'iface-can-reach': {
    type: 'string',
    help: 'Use the interface that the kernel routes this address through.',
  },
  'public-ip': {
    type: 'string',
    help: "IP accessible by other nodes for inter-host communication; default the interface's address.",
  },
  'public-ipv6': {
    type: 'string',
    help: "IPv6 accessible by other nodes for inter-host communication, with EnableIPv6; default the interface's address.",
  },
  'subnet-file': {
    type: 'string',
    default: '/run/flannel/subnet.env',
    help: 'File where env variables (subnet, MTU, ...) will be written to. Sockets and small state files are kept beside it.',
  },
  'subnet-lease-renew-margin': {
    type: 'number',
    default: 60,
    help: 'Subnet lease renewal margin, in minutes (1 to 1439).',
  },
  'subnet-lease-ttl': {
    type: 'number',
    default: 86400,
    help: 'TTL of the subnet lease, in seconds.',
  },
  'ip-masq': {
    type: 'boolean',
    help: 'Setup IP masquerade rule for traffic destined outside of overlay network.',
  },
  'ip-masq-fully-random-disable': {
    type: 'boolean',
    help: 'Do not choose source ports at random when masquerading.',
  },
  'no-masq-cidrs': {
    type: 'list',
    help: "Networks outside the overlay that see pods' own addresses.",
  },
  'iptables-forward-rules': {
    type: 'boolean',
    default: true,
    help: 'Add default accept rules for forwarded overlay traffic.',
  },
  'ip-blackhole-route': { type: 'boolean', help: 'Add a blackhole route for the local subnet.' },
  'cni-conf-dir': {
    type: 'string',
    help: 'Folder to write 10-flannel.conflist to once the network is up; absent: no CNI config is written.',
  },
  'cni-plugin': {
    type: 'string',
    default: 'bridge',
    choices: ['bridge', 'ptp'],
    help: 'How pods join: a bridge cni0, or a point-to-point link and route for each pod.',
  },
  'cni-data-dir': {
    type: 'string',
    default: '/run/cni-ipam-state',
    help: 'Where the host-local plugin keeps allocated addresses.',
  },
  'native-dir': {
    type: 'string',
    help: 'Folder of flannel-tun; default beside the program, or WHEELHOUSE_NATIVE_DIR.',
  },
  'healthz-ip': {
    type: 'string',
    default: '0.0.0.0',
    help: 'The IP address for healthz server to listen.',
  },
  'healthz-port': {
    type: 'number',
    default: 0,
    help: 'The port for healthz server to listen (0 to disable).',
  },
  cleanup: {
    type: 'boolean',
    help: 'Remove the devices, tables and processes that flanneld leaves running, then exit.',
  },
  'list-owned': {
    type: 'boolean',
    help: 'Print what --cleanup would remove, one object a line, then exit.',
  },
  'kube-subnet-mgr': {
    type: 'boolean',
    help: 'Contact the Kubernetes API for subnet assignment (spec.podCIDR of Nodes) instead of etcd. The node is NODE_NAME of the environment, else that of the pod POD_NAME in POD_NAMESPACE, else the host name.',
  },
  'kube-api-url': {
    type: 'string',
    help: 'Kubernetes API server URL; with --kubeconfig-file instead of the server that it names.',
  },
  'kubeconfig-file': {
    type: 'string',
    help: 'Kubeconfig file location; absent: the service account of the pod.',
  },
  'kube-annotation-prefix': {
    type: 'string',
    default: 'flannel.alpha.coreos.com',
    help: 'Kubernetes annotation prefix.',
  },
  'net-config-path': {
    type: 'string',
    default: '/etc/kube-flannel/net-conf.json',
    help: 'Path to the network configuration file, with --kube-subnet-mgr.',
  },
  'set-node-network-unavailable': {
    type: 'boolean',
    default: true,
    help: 'Set the NetworkUnavailable condition of the Node when ready, with --kube-subnet-mgr.',
  },
  'log-level': LOG_LEVEL,
} as const;

export type FlanneldConfig = Config<typeof FLAGS>;

/** A flag on the command line wins over the environment. Throws FlagError. */
export function parseOptions(
  argv: readonly string[],
  environment: Record<string, string | undefined> = {},
): FlanneldConfig {
  const given = new Set(argv.map((word) => /^--?([a-z0-9-]+)/.exec(word)?.[1]));
  const fromEnvironment = Object.keys(FLAGS).flatMap((name) => {
    const value = environment[`FLANNELD_${name.toUpperCase().replaceAll('-', '_')}`];
    return value === undefined || given.has(name) ? [] : [`--${name}=${value}`];
  });
  const config = parseFlags(
    'flanneld',
    "Gives this node a subnet of the pod network and connects it with the other nodes'.",
    FLAGS,
    [...fromEnvironment, ...argv],
  );
  const margin = config['subnet-lease-renew-margin'];
  if (margin < 1 || margin > 1439)
    throw new FlagError('flanneld: --subnet-lease-renew-margin must be between 1 and 1439', 2);
  if (!(config['subnet-lease-ttl'] >= 5))
    throw new FlagError('flanneld: --subnet-lease-ttl must be at least 5 seconds', 2);
  if (config['public-ip'] !== undefined && familyOf(config['public-ip']) !== 4)
    throw new FlagError(`flanneld: --public-ip=${config['public-ip']} is not an IPv4 address`, 2);
  if (config['public-ipv6'] !== undefined && familyOf(config['public-ipv6']) !== 6)
    throw new FlagError(
      `flanneld: --public-ipv6=${config['public-ipv6']} is not an IPv6 address`,
      2,
    );
  if (Boolean(config['etcd-keyfile']) !== Boolean(config['etcd-certfile'])) {
    throw new FlagError('flanneld: --etcd-keyfile and --etcd-certfile must be given together', 2);
  }
  return config;
}
