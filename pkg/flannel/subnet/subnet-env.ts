// subnet.env: the file from which other programs read this node's network, with lines in flannel's
// order.
import {
  base,
  formatIpv4,
  formatNet,
  parseIpv4Cidr,
  type Ipv4Net,
} from '../../util/netaddr/ipv4.js';
import {
  base6,
  formatIpv6,
  formatNet6,
  parseIpv6Cidr,
  type Ipv6Net,
} from '../../util/netaddr/ipv6.js';
import { readIfPresent } from '../../system/files/atomic-write.js';

export interface SubnetEnv {
  network: Ipv4Net;
  subnet: Ipv4Net;
  /** Both or neither of the IPv6 pair. */
  network6?: Ipv6Net;
  subnet6?: Ipv6Net;
  mtu: number;
  ipMasq: boolean;
}

export function renderSubnetEnv(env: SubnetEnv): string {
  return [
    `FLANNEL_NETWORK=${formatNet(env.network)}`,
    `FLANNEL_SUBNET=${formatIpv4(base(env.subnet) + 1)}/${env.subnet.length}`,
    ...(env.network6 && env.subnet6
      ? [
          `FLANNEL_IPV6_NETWORK=${formatNet6(env.network6)}`,
          `FLANNEL_IPV6_SUBNET=${formatIpv6(base6(env.subnet6) + 1n)}/${env.subnet6.length}`,
        ]
      : []),
    `FLANNEL_MTU=${env.mtu}`,
    `FLANNEL_IPMASQ=${env.ipMasq}`,
    '',
  ].join('\n');
}

/** Parses the known lines and skips the others. */
export function parseSubnetEnv(text: string): Partial<SubnetEnv> {
  const values = new Map(
    text.split('\n').map((line): [string, string] => [
      line.slice(0, line.indexOf('=')),
      line
        .slice(line.indexOf('=') + 1)
        .trim()
        .replace(/^"|"$/g, ''),
    ]),
  );
  const network = parseIpv4Cidr(values.get('FLANNEL_NETWORK') ?? '');
  const subnet = parseIpv4Cidr(values.get('FLANNEL_SUBNET') ?? '');
  const network6 = parseIpv6Cidr(values.get('FLANNEL_IPV6_NETWORK') ?? '');
  const subnet6 = parseIpv6Cidr(values.get('FLANNEL_IPV6_SUBNET') ?? '');
  const mtu = Number(values.get('FLANNEL_MTU'));
  return {
    ...(network ? { network } : {}),
    ...(subnet ? { subnet: { ip: base(subnet), length: subnet.length } } : {}),
    ...(network6 ? { network6 } : {}),
    ...(subnet6 ? { subnet6: { ip: base6(subnet6), length: subnet6.length } } : {}),
    ...(mtu ? { mtu } : {}),
    ipMasq: values.get('FLANNEL_IPMASQ') === 'true',
  };
}

/** Empty when the file does not exist. */
export async function readSubnetEnv(path: string): Promise<Partial<SubnetEnv>> {
  const text = await readIfPresent(path);
  return text === undefined ? {} : parseSubnetEnv(text);
}
