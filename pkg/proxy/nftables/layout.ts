// The flat layout: the part of the table that is the same for every cluster. Services are elements
// of maps; they have no chains, rules or anonymous sets of their own (except with affinity or
// source ranges), so a change is a few set elements, whatever the number of services.
//
//   svc   VIP . proto . port -> goto a balancing chain
//   np    proto . port -> the same for node ports
//   ep-P     VIP . port . slot -> endpoint                      np-P  port . slot -> endpoint
//   epl-P, npl-P: the same with local endpoints only, for the Local policy
//   cip-P-N, ext-P-N, nod-P-N, ...: a balancing chain per number of endpoints, for all services

import { FAMILY_NAMES } from '../family.js';
import type { Family } from '../../component-helpers/addresses.js';
import { hashName } from './hash.js';

/** The name of the table in family ip and, once a service has an IPv6 cluster IP, in family ip6. */
export const TABLE = 'kube-proxy';
export const MASQUERADE_MARK = '0x4000';

export interface LayoutSettings {
  family: Family;
  /**
   * The CIDR of the cluster's pods; traffic to cluster IPs from other sources is masqueraded. ''
   * when unknown.
   */
  clusterCidr: string;
  masqueradeAll: boolean;
  /**
   * The addresses that accept node ports: all local addresses, those in set 'nodeport-ips', or
   * local addresses in the CIDRs.
   */
  nodePorts: { type: 'all' } | { type: 'set' } | { type: 'cidrs'; cidrs: readonly string[] };
}

export const MARK = `meta mark set meta mark or ${MASQUERADE_MARK}`;
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** Definitions of the maps and sets by name. */
export function definitions(family: Family): Map<string, string> {
  const { nft: ip, address } = FAMILY_NAMES[family];
  const out = new Map<string, string>([
    ['svc', `map svc { type ${address} . inet_proto . inet_service : verdict; }`],
    ['np', 'map np { type inet_proto . inet_service : verdict; }'],
    ['noep-svc', `map noep-svc { type ${address} . inet_proto . inet_service : verdict; }`],
    ['noep-np', 'map noep-np { type inet_proto . inet_service : verdict; }'],
    ['cluster-ips', `set cluster-ips { type ${address}; }`],
    ['nodeport-ips', `set nodeport-ips { type ${address}; }`],
    ['hairpin', `set hairpin { type ${address} . ${address}; }`],
  ]);
  for (const p of PROTOCOLS) {
    const slots = `${p} dport . numgen random mod 2 : ${ip} daddr . ${p} dport;`;
    for (const name of [`ep-${p}`, `epl-${p}`])
      out.set(name, `map ${name} { typeof ${ip} daddr . ${slots} }`);
    for (const name of [`np-${p}`, `npl-${p}`]) out.set(name, `map ${name} { typeof ${slots} }`);
  }
  return out;
}

export function nodePortMatch(settings: LayoutSettings): string {
  const { nft: ip, loopback } = FAMILY_NAMES[settings.family];
  switch (settings.nodePorts.type) {
    case 'all':
      return `fib daddr type local ${ip} daddr != ${loopback}`;
    case 'set':
      return `${ip} daddr @nodeport-ips`;
    case 'cidrs':
      return `fib daddr type local ${ip} daddr { ${settings.nodePorts.cidrs.join(', ')} }`;
  }
}

/** The rules of the permanent chains, by name. */
export function fixedChains(settings: LayoutSettings): Map<string, readonly string[]> {
  const { nft: ip } = FAMILY_NAMES[settings.family];
  const local = nodePortMatch(settings);
  return new Map<string, readonly string[]>([
    ['reject-chain', ['meta l4proto tcp reject with tcp reset', 'reject']],
    [
      'services',
      [
        `${ip} daddr . meta l4proto . th dport vmap @svc`,
        `${local} meta l4proto . th dport vmap @np`,
      ],
    ],
    [
      'check',
      [
        'ct state established,related return',
        `${ip} daddr . meta l4proto . th dport vmap @noep-svc`,
        `${ip} daddr @cluster-ips goto reject-chain`,
      ],
    ],
    [
      'check-nodeports',
      ['ct state established,related return', `${local} meta l4proto . th dport vmap @noep-np`],
    ],
    [
      'nat-prerouting',
      ['type nat hook prerouting priority dstnat; policy accept;', 'jump services'],
    ],
    ['nat-output', ['type nat hook output priority -100; policy accept;', 'jump services']],
    [
      'nat-postrouting',
      [
        'type nat hook postrouting priority srcnat; policy accept;',
        `meta mark and ${MASQUERADE_MARK} != 0 meta mark set meta mark xor ${MASQUERADE_MARK} masquerade fully-random`,
        `ct status dnat ${ip} saddr . ${ip} daddr @hairpin masquerade fully-random`,
      ],
    ],
    [
      'filter-input',
      [
        'type filter hook input priority filter; policy accept;',
        'jump check',
        'jump check-nodeports',
      ],
    ],
    ['filter-forward', ['type filter hook forward priority filter; policy accept;', 'jump check']],
    [
      'filter-output',
      [
        'type filter hook output priority filter; policy accept;',
        'jump check',
        'jump check-nodeports',
      ],
    ],
  ]);
}

/**
 * The name of an empty chain that identifies the layout of a table: a hash of the sets and the base
 * chains.
 */
export function layoutMark(settings: LayoutSettings): string {
  const hooks = [...fixedChains(settings)]
    .filter(([, rules]) => rules[0]!.startsWith('type '))
    .map(([name, rules]) => `${name} ${rules[0]}`);
  return `layout-${hashName([...definitions(settings.family).values(), ...hooks].join('\n'))}`;
}

function lookup(family: Family, protocol: string, map: string, slots: number): string {
  const { nft: ip } = FAMILY_NAMES[family];
  return `dnat ${ip} to ${map.startsWith('np') ? '' : `${ip} daddr . `}${protocol} dport . numgen random mod ${slots} map @${map}-${protocol}`;
}

/** The name of a shared chain: kind, protocol, and the numbers of endpoints. */
const SHARED = /^(cip|ext|nod|xl|nl)-(tcp|udp|sctp)-(\d+)(?:-(\d+))?$/;

/** The rules of a shared balancing chain, derived from its name; undefined for other names. */
export function sharedChain(name: string, settings: LayoutSettings): readonly string[] | undefined {
  const [, kind, protocol = '', cluster, local] = SHARED.exec(name) ?? [];
  if (!kind) return undefined;
  const { family, clusterCidr } = settings;
  const { nft: ip } = FAMILY_NAMES[family];
  const toCluster = (map: string) => lookup(family, protocol, map, Number(cluster));
  switch (kind) {
    case 'cip':
      return [...markOffCluster(settings), toCluster('ep')];
    case 'ext':
      return [MARK, toCluster('ep')];
    case 'nod':
      return [MARK, toCluster('np')];
    default: {
      const map = kind === 'xl' ? 'ep' : 'np';
      return [
        ...(clusterCidr ? [`${ip} saddr ${clusterCidr} ${toCluster(map)}`] : []),
        `fib saddr type local ${MARK} ${toCluster(map)}`,
        Number(local) ? lookup(family, protocol, `${map}l`, Number(local)) : 'drop',
      ];
    }
  }
}

/** Marks packets from outside the pods of this cluster for masquerade. */
export function markOffCluster(settings: LayoutSettings): string[] {
  if (settings.masqueradeAll) return [MARK];
  return settings.clusterCidr
    ? [`${FAMILY_NAMES[settings.family].nft} saddr != ${settings.clusterCidr} ${MARK}`]
    : [];
}
