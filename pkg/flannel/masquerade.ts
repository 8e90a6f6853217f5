// flanneld's own nftables table: masquerade for what leaves the overlay, accept for what crosses it,
// and no connection tracking, so no NAT, for encapsulated packets. Pure rendering.
import type { Ipv4Net } from './subnet/ipv4.js';
import { formatNet } from './subnet/ipv4.js';

/** The name that flannel's own nftables mode uses, so that one replaces the other. */
export const FLANNEL_TABLE = 'flannel-ipv4';

export interface TrafficRules {
  network: Ipv4Net;
  subnet: Ipv4Net;
  masquerade: boolean;
  fullyRandom: boolean;
  /** Accept forwarded packets from and to the overlay. */
  forward: boolean;
  /** CIDRs outside the overlay that see pods' own addresses. */
  noMasqueradeTo: readonly string[];
  /** UDP port of encapsulated packets. */
  port?: number;
}

/** The whole table as one transaction that replaces what was there. */
export function renderTrafficRules(rules: TrafficRules): string {
  const network = formatNet(rules.network);
  const own = formatNet(rules.subnet);
  const random = rules.fullyRandom ? ' fully-random' : '';
  const lines = [`table ip ${FLANNEL_TABLE}`, `delete table ip ${FLANNEL_TABLE}`, `table ip ${FLANNEL_TABLE} {`];
  if (rules.port !== undefined) {
    lines.push(
      '  chain raw-prerouting {',
      '    type filter hook prerouting priority raw; policy accept;',
      `    udp dport ${rules.port} fib daddr type local notrack`,
      '  }',
      '  chain raw-output {',
      '    type filter hook output priority raw; policy accept;',
      `    udp dport ${rules.port} notrack`,
      '  }',
    );
  }
  if (rules.masquerade) {
    lines.push(
      '  chain postrtg {',
      '    type nat hook postrouting priority srcnat; policy accept;',
      '    meta mark & 0x4000 == 0x4000 return',
      `    ip saddr ${own} ip daddr ${network} return`,
      `    ip saddr ${network} ip daddr ${own} return`,
      `    ip saddr != ${network} ip daddr ${own} return`,
      ...(rules.noMasqueradeTo.length ? [`    ip saddr ${network} ip daddr { ${rules.noMasqueradeTo.join(', ')} } return`] : []),
      `    ip saddr ${network} ip daddr != 224.0.0.0/4 masquerade${random}`,
      `    ip saddr != ${network} ip daddr ${network} masquerade${random}`,
      '  }',
    );
  }
  if (rules.forward) {
    lines.push(
      '  chain forward {',
      '    type filter hook forward priority filter; policy accept;',
      `    ip saddr ${network} accept`,
      `    ip daddr ${network} accept`,
      '  }',
    );
  }
  lines.push('}', '');
  return lines.join('\n');
}
