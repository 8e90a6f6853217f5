// Renders a policy as nft rules over shared sets. Pure. Set names are hashes of their content:
// policies with equal peers or ports share a set, and the content of a set of blocks or ports never
// changes.
//
// Every rule is rendered twice: for the original direction of a connection, and mirrored for its
// replies. So each packet is judged by the current policies, and a connection that is no longer
// allowed ends.
import { FAMILY_NAMES } from '../family.js';
import type { Family, Protocol } from '../../component-helpers/addresses.js';
import { hashName } from '../nftables/hash.js';
import { COMMENT_CHARS, NAME_CHARS } from './limits.js';
import {
  DIRECTIONS,
  type Direction,
  type PodPeer,
  type PolicyModel,
  type RuleModel,
} from '../../component-helpers/networkpolicy/model.js';
import {
  addressText,
  isEverything,
  portText,
  type Range,
} from '../../component-helpers/networkpolicy/ranges.js';

/** A set that rules refer to. */
export type SetSpec = {
  name: string;
  /** The text between the braces of its declaration. */
  definition: string;
} & (
  | { kind: 'fixed'; elements: readonly string[] }
  /** The addresses of pods. */
  | { kind: 'pods'; peer: PodPeer }
  /** Address . protocol . port of every pod with such a named port. */
  | { kind: 'named'; protocol: Protocol; port: string }
);

export interface RenderedPolicy {
  sets: readonly SetSpec[];
  chains: readonly (readonly [name: string, rules: readonly string[]])[];
}

type Flow = 'original' | 'reply';
export const FLOWS = ['original', 'reply'] as const satisfies readonly Flow[];

/** 80 bits: the author of a selector cannot produce the set name of another. */
const hash = (text: string): string => hashName(text, 16).toLowerCase();

/** 'e', 'er', 'i' or 'ir'. */
const prefix = (direction: Direction, flow: Flow): string =>
  `${direction[0]}${flow === 'reply' ? 'r' : ''}`;

/** The chain of one policy's rules. */
export const policyChain = (key: string, direction: Direction, flow: Flow): string =>
  `${prefix(direction, flow)}-${hash(key)}-${key.slice(0, NAME_CHARS)}`;

/** The chain of the pods to which exactly these policies apply; `keys` must be sorted. */
export const podChain = (keys: readonly string[], direction: Direction, flow: Flow): string =>
  `pod-${prefix(direction, flow)}-${hash(keys.join(' '))}`;

export function podChainRules(
  keys: readonly string[],
  direction: Direction,
  flow: Flow,
): readonly string[] {
  return [...keys.map((key) => `jump ${policyChain(key, direction, flow)}`), 'goto deny'];
}

export function renderPolicy(policy: PolicyModel, family: Family): RenderedPolicy {
  const sets = new Map<string, SetSpec>();
  const chains: [string, string[]][] = [];
  for (const direction of DIRECTIONS) {
    const rules = policy.rules[direction];
    if (!rules) continue;
    for (const flow of FLOWS) {
      const lines = new Set(
        rules.flatMap((rule) => renderRule(rule, direction, flow, family, sets)),
      );
      chains.push([policyChain(policy.key, direction, flow), [...lines]]);
    }
  }
  return { sets: [...sets.values()], chains };
}

function renderRule(
  rule: RuleModel,
  direction: Direction,
  flow: Flow,
  family: Family,
  sets: Map<string, SetSpec>,
): string[] {
  const { nft } = FAMILY_NAMES[family];
  const use = (spec: SetSpec): string => {
    sets.set(spec.name, spec);
    return `@${spec.name}`;
  };
  // The peer is the source of ingress and the destination of egress packets; replies swap the two.
  const peerSide =
    (direction === 'ingress') === (flow === 'original') ? `${nft} saddr` : `${nft} daddr`;
  const target =
    flow === 'original'
      ? { ip: `${nft} daddr`, port: 'dport' }
      : { ip: `${nft} saddr`, port: 'sport' };
  const who = peerMatches(rule, peerSide, family, use);
  const what = portMatches(rule, target, family, use);
  return who.flatMap((peer) =>
    what.map((port) => [peer, port, 'accept'].filter(Boolean).join(' ')),
  );
}

/** Alternative matches; '' matches every address. */
function peerMatches(
  rule: RuleModel,
  side: string,
  family: Family,
  use: (spec: SetSpec) => string,
): string[] {
  if (!rule.peers || isEverything(rule.blocks, family)) return [''];
  return [
    ...rule.peers.map((peer) => `${side} ${use(podsSet(peer, family))}`),
    ...(rule.blocks.length ? [`${side} ${use(blocksSet(rule.blocks, family))}`] : []),
  ];
}

function portMatches(
  rule: RuleModel,
  target: { ip: string; port: string },
  family: Family,
  use: (spec: SetSpec) => string,
): string[] {
  if (!rule.ports) return [''];
  const { numbers, names } = rule.ports;
  const out: string[] = [];
  const lists = Object.entries(numbers) as [Protocol, readonly Range[]][];
  const [only] = lists;
  if (lists.length === 1 && only![1].length === 1)
    out.push(singleMatch(only![0], target.port, only![1][0]!));
  else if (lists.length) out.push(`meta l4proto . th ${target.port} ${use(portsSet(lists))}`);
  for (const { protocol, name } of names)
    out.push(
      `${target.ip} . meta l4proto . th ${target.port} ${use(namedSet(protocol, name, family))}`,
    );
  return out;
}

const singleMatch = (protocol: Protocol, side: string, range: Range): string =>
  range.from === 0n ? `meta l4proto ${protocol}` : `${protocol} ${side} ${portText(range)}`;

const selectorText = (selector: PodPeer['pods']): string =>
  selector.empty ? '*' : selector.toString() || '<none>';

const comment = (text: string): string =>
  `comment "${text.replaceAll(/["\\\n]/g, ' ').slice(0, COMMENT_CHARS)}"`;

function podsSet(peer: PodPeer, family: Family): SetSpec {
  const where = peer.namespaces
    ? `namespaces ${selectorText(peer.namespaces)}`
    : `namespace ${peer.namespace}`;
  const text = `${where} | pods ${selectorText(peer.pods)}`;
  const definition = `type ${FAMILY_NAMES[family].address}; ${comment(text)};`;
  return { kind: 'pods', name: `p-${hash(text)}`, definition, peer };
}

function blocksSet(blocks: readonly Range[], family: Family): SetSpec {
  const elements = blocks.map((block) => addressText(block, family));
  const definition = `type ${FAMILY_NAMES[family].address}; flags interval;`;
  return { kind: 'fixed', name: `b-${hash(elements.join(' '))}`, definition, elements };
}

function portsSet(lists: readonly [Protocol, readonly Range[]][]): SetSpec {
  const elements = lists
    .flatMap(([protocol, ranges]) => ranges.map((range) => `${protocol} . ${portText(range)}`))
    .sort();
  const intervals = lists.some(([, ranges]) => ranges.some(({ from, to }) => from !== to));
  const definition = `type inet_proto . inet_service;${intervals ? ' flags interval;' : ''}`;
  return { kind: 'fixed', name: `t-${hash(elements.join(' '))}`, definition, elements };
}

function namedSet(protocol: Protocol, port: string, family: Family): SetSpec {
  const text = `${protocol} ${port}`;
  return {
    kind: 'named',
    name: `n-${hash(text)}`,
    definition: `type ${FAMILY_NAMES[family].address} . inet_proto . inet_service; ${comment(`port ${text}`)};`,
    protocol,
    port,
  };
}
