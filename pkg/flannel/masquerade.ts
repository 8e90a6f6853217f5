// flanneld's nftables tables: masquerade for packets that leave the overlay, accept for forwarded
// overlay packets, and notrack for encapsulated packets, which must bypass NAT. Pure.
import { familyOf } from '../util/netaddr/ip.js';
import { formatNet, type Net } from '../util/netaddr/net.js';

/**
 * The table names of flannel's own nftables mode, so that one daemon replaces the other's rules.
 */
export const FLANNEL_TABLE = 'flannel-ipv4';
export const FLANNEL_TABLE6 = 'flannel-ipv6';

export interface TrafficRules {
  network: Net;
  subnet: Net;
  /** Absent: IPv4 only. IPv6 has a separate table. */
  ipv6?: { network: Net; subnet: Net };
  masquerade: boolean;
  fullyRandom: boolean;
  /** Accept forwarded packets from and to the overlay. */
  forward: boolean;
  /** CIDRs outside the overlay to which pods keep their own source address. */
  noMasqueradeTo: readonly string[];
  /** UDP port of encapsulated packets. */
  port?: number | undefined;
  /** UDP port of encapsulated packets over IPv6; default `port`. */
  port6?: number | undefined;
}

interface Family {
  table: string;
  /** 'ip' or 'ip6': the table's family and the header in expressions. */
  nft: string;
  network: string;
  own: string;
  multicast: string;
  exempt: readonly string[];
  port: number | undefined;
}

/** Renders the tables as one transaction that replaces the previous ones. */
export function renderTrafficRules(rules: TrafficRules): string {
  const { network, subnet, ipv6, noMasqueradeTo } = rules;
  const isV6 = (cidr: string) => familyOf(cidr.split('/')[0]!) === 6;
  const v4 = {
    table: FLANNEL_TABLE,
    nft: 'ip',
    network: formatNet(network),
    own: formatNet(subnet),
    multicast: '224.0.0.0/4',
    exempt: noMasqueradeTo.filter((cidr) => !isV6(cidr)),
    port: rules.port,
  };
  const families: Family[] = [v4];
  if (ipv6)
    families.push({
      table: FLANNEL_TABLE6,
      nft: 'ip6',
      network: formatNet(ipv6.network),
      own: formatNet(ipv6.subnet),
      multicast: 'ff00::/8',
      exempt: noMasqueradeTo.filter(isV6),
      port: rules.port6 ?? rules.port,
    });
  return families.map((family) => renderTable(family, rules)).join('');
}

function renderTable(
  { table, nft, network, own, multicast, exempt, port }: Family,
  rules: TrafficRules,
): string {
  const random = rules.fullyRandom ? ' fully-random' : '';
  const lines = [
    `table ${nft} ${table}`,
    `delete table ${nft} ${table}`,
    `table ${nft} ${table} {`,
  ];
  if (port !== undefined) {
    lines.push(
      '  chain raw-prerouting {',
      '    type filter hook prerouting priority raw; policy accept;',
      `    udp dport ${port} fib daddr type local notrack`,
      '  }',
      '  chain raw-output {',
      '    type filter hook output priority raw; policy accept;',
      `    udp dport ${port} notrack`,
      '  }',
    );
  }
  if (rules.masquerade) {
    lines.push(
      '  chain postrtg {',
      '    type nat hook postrouting priority srcnat; policy accept;',
      '    meta mark & 0x4000 == 0x4000 return',
      `    ${nft} saddr ${own} ${nft} daddr ${network} return`,
      `    ${nft} saddr ${network} ${nft} daddr ${own} return`,
      `    ${nft} saddr != ${network} ${nft} daddr ${own} return`,
      ...(exempt.length
        ? [`    ${nft} saddr ${network} ${nft} daddr { ${exempt.join(', ')} } return`]
        : []),
      `    ${nft} saddr ${network} ${nft} daddr != ${multicast} masquerade${random}`,
      `    ${nft} saddr != ${network} ${nft} daddr ${network} masquerade${random}`,
      '  }',
    );
  }
  if (rules.forward) {
    lines.push(
      '  chain forward {',
      '    type filter hook forward priority filter; policy accept;',
      `    ${nft} saddr ${network} accept`,
      `    ${nft} daddr ${network} accept`,
      '  }',
    );
  }
  lines.push('}', '');
  return lines.join('\n');
}
