// flanneld's own nftables table: masquerade for what leaves the overlay, accept for what crosses it,
// and no connection tracking, so no NAT, for encapsulated packets. Pure rendering.
import { isIPv6 } from 'node:net';
import { formatNet, type Ipv4Net } from './subnet/ipv4.js';
import { formatNet6, type Ipv6Net } from './subnet/ipv6.js';

/** The names that flannel's own nftables mode uses, so that one replaces the other. */
export const FLANNEL_TABLE = 'flannel-ipv4';
export const FLANNEL_TABLE6 = 'flannel-ipv6';

export interface TrafficRules {
  network: Ipv4Net;
  subnet: Ipv4Net;
  /** With IPv6: a table of its own. */
  ipv6?: { network: Ipv6Net; subnet: Ipv6Net };
  masquerade: boolean;
  fullyRandom: boolean;
  /** Accept forwarded packets from and to the overlay. */
  forward: boolean;
  /** CIDRs outside the overlay that see pods' own addresses. */
  noMasqueradeTo: readonly string[];
  /** UDP port of encapsulated packets. */
  port?: number;
  /** Of those over IPv6; default `port`. */
  port6?: number;
}

interface Family {
  table: string;
  /** 'ip' or 'ip6', of the table and of addresses. */
  word: string;
  network: string;
  own: string;
  multicast: string;
  exempt: readonly string[];
  port: number | undefined;
}

/** The tables as one transaction that replaces what was there. */
export function renderTrafficRules(rules: TrafficRules): string {
  const { network, subnet, ipv6, noMasqueradeTo } = rules;
  const isV6 = (cidr: string) => isIPv6(cidr.split('/')[0]!);
  const v4 = {
    table: FLANNEL_TABLE,
    word: 'ip',
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
      word: 'ip6',
      network: formatNet6(ipv6.network),
      own: formatNet6(ipv6.subnet),
      multicast: 'ff00::/8',
      exempt: noMasqueradeTo.filter(isV6),
      port: rules.port6 ?? rules.port,
    });
  return families.map((family) => renderTable(family, rules)).join('');
}

function renderTable(
  { table, word, network, own, multicast, exempt, port }: Family,
  rules: TrafficRules,
): string {
  const random = rules.fullyRandom ? ' fully-random' : '';
  const lines = [
    `table ${word} ${table}`,
    `delete table ${word} ${table}`,
    `table ${word} ${table} {`,
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
      `    ${word} saddr ${own} ${word} daddr ${network} return`,
      `    ${word} saddr ${network} ${word} daddr ${own} return`,
      `    ${word} saddr != ${network} ${word} daddr ${own} return`,
      ...(exempt.length
        ? [`    ${word} saddr ${network} ${word} daddr { ${exempt.join(', ')} } return`]
        : []),
      `    ${word} saddr ${network} ${word} daddr != ${multicast} masquerade${random}`,
      `    ${word} saddr != ${network} ${word} daddr ${network} masquerade${random}`,
      '  }',
    );
  }
  if (rules.forward) {
    lines.push(
      '  chain forward {',
      '    type filter hook forward priority filter; policy accept;',
      `    ${word} saddr ${network} accept`,
      `    ${word} daddr ${network} accept`,
      '  }',
    );
  }
  lines.push('}', '');
  return lines.join('\n');
}
