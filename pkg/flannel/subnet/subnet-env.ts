// subnet.env: the file from which other programs read this node's network, with lines in flannel's
// order.
import { addressIn, base, formatNet, parseNet, type Net } from '../../util/netaddr/net.js';
import { readIfPresent } from '../../system/files/atomic-write.js';

export interface SubnetEnv {
  network: Net;
  subnet: Net;
  /** Both or neither of the IPv6 pair. */
  network6?: Net;
  subnet6?: Net;
  mtu: number;
  ipMasq: boolean;
}

export function renderSubnetEnv(env: SubnetEnv): string {
  return [
    `FLANNEL_NETWORK=${formatNet(env.network)}`,
    `FLANNEL_SUBNET=${addressIn(env.subnet, 1n)}/${env.subnet.length}`,
    ...(env.network6 && env.subnet6
      ? [
          `FLANNEL_IPV6_NETWORK=${formatNet(env.network6)}`,
          `FLANNEL_IPV6_SUBNET=${addressIn(env.subnet6, 1n)}/${env.subnet6.length}`,
        ]
      : []),
    `FLANNEL_MTU=${env.mtu}`,
    `FLANNEL_IPMASQ=${env.ipMasq}`,
    '',
  ].join('\n');
}

/** A name, and a value that may have quotes. */
const LINE = /^([^=\n]*)=[ \t]*"?(.*?)"?[ \t\r]*$/gm;

/** Parses the known lines and skips the others. */
export function parseSubnetEnv(text: string): Partial<SubnetEnv> {
  const values = new Map(
    Array.from(text.matchAll(LINE), ([, name = '', value = '']) => [name, value]),
  );
  const network = parseNet(values.get('FLANNEL_NETWORK') ?? '', 4);
  const subnet = parseNet(values.get('FLANNEL_SUBNET') ?? '', 4);
  const network6 = parseNet(values.get('FLANNEL_IPV6_NETWORK') ?? '', 6);
  const subnet6 = parseNet(values.get('FLANNEL_IPV6_SUBNET') ?? '', 6);
  const mtu = Number(values.get('FLANNEL_MTU'));
  return {
    ...(network && { network }),
    ...(subnet && { subnet: base(subnet) }),
    ...(network6 && { network6 }),
    ...(subnet6 && { subnet6: base(subnet6) }),
    ...(mtu && { mtu }),
    ipMasq: values.get('FLANNEL_IPMASQ') === 'true',
  };
}

/** Empty when the file does not exist. */
export async function readSubnetEnv(path: string): Promise<Partial<SubnetEnv>> {
  const text = await readIfPresent(path);
  return text === undefined ? {} : parseSubnetEnv(text);
}
