// A NetworkPolicy as its rules are judged and rendered: defaults applied, selectors parsed, blocks
// and ports as ranges, entries of the other address family dropped. Pure.
// Source of the semantics: the documentation of networking.k8s.io/v1 NetworkPolicy.
import {
  EVERYTHING,
  NOTHING,
  selectorFromLabelSelector,
  type Selector,
} from '../../apimachinery/labels/selector.js';
import type { LabelSelector } from '../../apimachinery/meta/types.js';
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../apis/networking/v1/types.js';
import { protocolOf, type Family, type Protocol } from '../addresses.js';
import type { Labels, PolicyPod } from './pods.js';
import { cidrRange, subtract, union, type Range } from './ranges.js';

export const DIRECTIONS = ['egress', 'ingress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A pod selector within one namespace or within the namespaces of a selector. */
export interface PodPeer {
  namespace?: string;
  namespaces?: Selector;
  pods: Selector;
}

export interface RuleModel {
  /** Undefined: every address. An empty list without blocks: no address. */
  peers?: readonly PodPeer[];
  /** The union of the ipBlocks without their exceptions. */
  blocks: readonly Range[];
  /** Undefined: every port of every protocol, and protocols without ports. */
  ports?: {
    numbers: Readonly<Partial<Record<Protocol, readonly Range[]>>>;
    names: readonly { protocol: Protocol; name: string }[];
  };
}

export interface PolicyModel {
  /** 'namespace/name'. */
  key: string;
  namespace: string;
  pods: Selector;
  /** The policy does not restrict an absent direction. */
  rules: Readonly<Partial<Record<Direction, readonly RuleModel[]>>>;
}

const EVERY_PORT: Range = { from: 0n, to: 65_535n };

/** Models the policy in one address family. ipBlocks of the other family match no address. */
export function buildPolicy({ metadata, spec }: NetworkPolicy, family: Family): PolicyModel {
  const namespace = metadata.namespace ?? '';
  const types = spec.policyTypes?.length
    ? spec.policyTypes
    : ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
  const { egress = [], ingress = [] } = spec;
  const rules: Partial<Record<Direction, RuleModel[]>> = {};
  if (types.includes('Egress'))
    rules.egress = egress.map(({ to, ports }) => buildRule(namespace, to, ports, family));
  if (types.includes('Ingress'))
    rules.ingress = ingress.map(({ from, ports }) => buildRule(namespace, from, ports, family));
  const key = `${namespace}/${metadata.name}`;
  return { key, namespace, pods: selectorOf(spec.podSelector), rules };
}

/** `labels`: those of the pod's namespace. */
export function isPeer(peer: PodPeer, pod: PolicyPod, labels: Labels | undefined): boolean {
  if (peer.namespaces) {
    // A namespace that is not known yet matches only the empty selector.
    if (!peer.namespaces.empty && (!labels || !peer.namespaces.matches(labels))) return false;
  } else if (peer.namespace !== pod.namespace) return false;
  return peer.pods.matches(pod.labels);
}

/** An invalid selector, which the API should have refused, selects nothing and therefore denies. */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  try {
    return selectorFromLabelSelector(selector);
  } catch {
    return NOTHING;
  }
}

function buildRule(
  namespace: string,
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  family: Family,
): RuleModel {
  return {
    ...(peers?.length && {
      peers: peers.filter((peer) => !peer.ipBlock).map((peer) => buildPeer(namespace, peer)),
    }),
    blocks: union(
      (peers ?? []).flatMap((peer) => (peer.ipBlock ? blockRanges(peer.ipBlock, family) : [])),
    ),
    ...(ports?.length && { ports: buildPorts(ports) }),
  };
}

function buildPeer(
  namespace: string,
  { podSelector, namespaceSelector }: NetworkPolicyPeer,
): PodPeer {
  const pods = podSelector ? selectorOf(podSelector) : EVERYTHING;
  return namespaceSelector
    ? { namespaces: selectorOf(namespaceSelector), pods }
    : { namespace, pods };
}

function blockRanges({ cidr, except }: IPBlock, family: Family): Range[] {
  const range = cidrRange(cidr, family);
  const holes = (except ?? []).flatMap((text) => cidrRange(text, family) ?? []);
  return range ? subtract(range, holes) : [];
}

function buildPorts(ports: readonly NetworkPolicyPort[]): NonNullable<RuleModel['ports']> {
  const numbers: Partial<Record<Protocol, Range[]>> = {};
  const names: { protocol: Protocol; name: string }[] = [];
  for (const { protocol: text, port, endPort } of ports) {
    const protocol = protocolOf(text);
    if (!protocol) continue;
    if (typeof port === 'string') names.push({ protocol, name: port });
    else {
      const range =
        port === undefined ? EVERY_PORT : { from: BigInt(port), to: BigInt(endPort ?? port) };
      numbers[protocol] = union([...(numbers[protocol] ?? []), range]);
    }
  }
  return { numbers, names };
}
