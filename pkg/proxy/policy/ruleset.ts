// The desired policy table, and the transactions that bring the kernel to it. Pure bookkeeping;
// table-sync.ts passes the text to nft.
//
// Invariants: an object is declared before it is named, and deleted one transaction after its last
// mention (kernels before 6.2 keep references until then). The base chains are empty while no pod
// of this node is isolated.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { FAMILY_NAMES } from '../family.js';
import type { Family } from '../../component-helpers/addresses.js';
import { noNames, pushChains, pushElements } from '../nft-script.js';
import { DIRECTIONS, type Direction } from '../../component-helpers/networkpolicy/model.js';
import { setOrDelete } from '../../util/map/count.js';

export const POLICY_TABLE = 'wheelhouse-policy';

interface SetState {
  definition: string;
  /** Whether the elements never change. */
  fixed: boolean;
  /** Key to value; '' in sets. */
  elements: Map<string, string>;
}

/** The verdict map that leads from the address of a pod to its chain. */
export const podMap = (direction: Direction, flow: 'original' | 'reply'): string =>
  flow === 'original' ? `pod-${direction}` : `pod-${direction}-replies`;

/**
 * The set of isolated pods' addresses paired with themselves: a pod always reaches itself, also
 * through a service.
 */
export const SELF = 'self';

interface Frame {
  /** Name, kind and definition. */
  sets: readonly (readonly [name: string, kind: string, definition: string])[];
  base: Readonly<Record<Direction, readonly string[]>>;
  chains: readonly (readonly [name: string, rules: readonly string[]])[];
}

/**
 * Neighbour discovery and multicast membership need these messages. Router advertisements and
 * redirects are excluded, because a pod is not a router.
 */
const NEIGHBOURS =
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept';

/** The part of the table that does not depend on the policies. */
function frameOf(family: Family): Frame {
  const { nft: ip, address } = FAMILY_NAMES[family];
  // Routers do not forward link-local addresses, but a bridge passes them from pod to pod, past all
  // rules that match pod addresses.
  const linkLocal =
    family === 6
      ? ['ip6 saddr fe80::/10 goto link-local', 'ip6 daddr fe80::/10 goto link-local']
      : [];
  const neighbours = family === 6 ? [NEIGHBOURS] : [];
  return {
    sets: [
      ...DIRECTIONS.flatMap((direction) => [
        [podMap(direction, 'original'), 'map', `type ${address} : verdict;`] as const,
        [podMap(direction, 'reply'), 'map', `type ${address} : verdict;`] as const,
      ]),
      [SELF, 'set', `type ${address} . ${address};`],
    ],
    base: {
      egress: [
        ...linkLocal,
        'ct direction reply goto egress-replies',
        `${ip} saddr vmap @${podMap('egress', 'original')}`,
      ],
      ingress: [
        'ct direction reply goto ingress-replies',
        `${ip} daddr vmap @${podMap('ingress', 'original')}`,
      ],
    },
    chains: [
      // ICMP errors about accepted packets, above all "fragmentation needed" and "packet too big".
      [
        'deny',
        [
          `meta l4proto ${family === 6 ? 'ipv6-icmp' : 'icmp'} ct state related accept`,
          ...neighbours,
          `${ip} saddr . ${ip} daddr @${SELF} accept`,
          'counter drop',
        ],
      ],
      ['egress-replies', [`${ip} daddr vmap @${podMap('egress', 'reply')}`]],
      ['ingress-replies', [`${ip} saddr vmap @${podMap('ingress', 'reply')}`]],
      ...(family === 6 ? [['link-local', [...neighbours, 'counter drop']] as const] : []),
    ],
  };
}

// The hooks: after DNAT, before the filters of other programs. Egress comes first; an 'accept'
// there continues to ingress.
const BASE: Readonly<Record<Direction, string>> = {
  egress: 'type filter hook forward priority filter - 5; policy accept;',
  ingress: 'type filter hook forward priority filter - 4; policy accept;',
};

export class Ruleset {
  private readonly sets = new Map<string, SetState>();
  private readonly maps = new Map<string, SetState>();
  private readonly chains = new Map<string, readonly string[]>();
  /** The values in the kernel of changed elements: set to key to value; undefined: not present. */
  private readonly dirty = new Map<string, Map<string, string | undefined>>();
  private readonly dirtyChains = new Set<string>();
  /** The sets in the kernel, and whether their elements never change. */
  private readonly kernelSets = new Map<string, boolean>();
  /** Sets that were removed since the last transaction: if they return, they start empty. */
  private readonly replaced = new Set<string>();
  private readonly kernelChains = new Map<string, string>();
  private baseFilled = false;
  private retired = noNames();
  private count = 0;

  private readonly frame: Frame;
  /** Family and name of the table. */
  private readonly table: string;

  constructor(readonly family: Family) {
    this.frame = frameOf(family);
    this.table = `${FAMILY_NAMES[family].nft} ${POLICY_TABLE}`;
    for (const [name, , definition] of this.frame.sets)
      this.maps.set(name, { definition, fixed: false, elements: new Map() });
  }

  /** Number of elements of all sets and maps. */
  get size(): number {
    return this.count;
  }

  get isolatedPods(): number {
    return this.maps.get(SELF)!.elements.size;
  }

  addSet(name: string, definition: string, elements?: readonly string[]): void {
    this.sets.set(name, {
      definition,
      fixed: elements !== undefined,
      elements: new Map((elements ?? []).map((element) => [element, ''])),
    });
    this.count += elements?.length ?? 0;
  }

  removeSet(name: string): void {
    this.count -= this.sets.get(name)?.elements.size ?? 0;
    this.sets.delete(name);
    this.dirty.delete(name);
    if (this.kernelSets.has(name)) this.replaced.add(name);
  }

  put(set: string, key: string, value = ''): void {
    const { elements } = this.stateOf(set);
    const before = elements.get(key);
    if (before === value) return;
    this.note(set, key, before);
    if (before === undefined) this.count++;
    elements.set(key, value);
  }

  remove(set: string, key: string): void {
    const { elements } = this.stateOf(set);
    const before = elements.get(key);
    if (before === undefined) return;
    this.note(set, key, before);
    this.count--;
    elements.delete(key);
  }

  /** Undefined removes the chain. */
  setChain(name: string, rules: readonly string[] | undefined): void {
    setOrDelete(this.chains, name, rules);
    this.dirtyChains.add(name);
  }

  private stateOf(set: string): SetState {
    return (this.maps.get(set) ?? this.sets.get(set))!;
  }

  private note(set: string, key: string, kernel: string | undefined): void {
    // A set that is new to the kernel is sent as a whole.
    if (!this.maps.has(set) && (!this.kernelSets.has(set) || this.replaced.has(set))) return;
    const changed = getOrInsert(this.dirty, set, () => new Map());
    if (!changed.has(key)) changed.set(key, kernel);
  }

  /** The script that replaces the table in the kernel. */
  full(): string {
    const lines = [`table ${this.table}`, `delete table ${this.table}`, `table ${this.table} {`];
    for (const [name, kind, definition] of this.frame.sets)
      lines.push(`  ${kind} ${name} { ${definition} }`);
    for (const [name, { definition }] of this.sets) lines.push(`  set ${name} { ${definition} }`);
    const chains = new Map<string, readonly string[]>([...this.chains, ...this.frame.chains]);
    // Chains are declared empty first, because they name one another.
    for (const name of chains.keys()) lines.push(`  chain ${name} { }`);
    for (const [name, rules] of chains)
      if (rules.length)
        lines.push(`  chain ${name} {`, ...rules.map((rule) => `    ${rule}`), '  }');
    this.baseFilled = this.isolatedPods > 0;
    for (const direction of DIRECTIONS) {
      const rules = [BASE[direction], ...(this.baseFilled ? this.frame.base[direction] : [])];
      lines.push(`  chain ${direction} {`, ...rules.map((rule) => `    ${rule}`), '  }');
    }
    lines.push('}');
    for (const [name, { elements }] of [...this.maps, ...this.sets])
      pushElements(lines, this.table, 'add', name, listOf(elements));
    this.remember();
    return `${lines.join('\n')}\n`;
  }

  private remember(): void {
    this.kernelSets.clear();
    for (const [name, { fixed }] of this.sets) this.kernelSets.set(name, fixed);
    this.kernelChains.clear();
    for (const [name, rules] of this.chains) this.kernelChains.set(name, rules.join('\n'));
    this.dirty.clear();
    this.dirtyChains.clear();
    this.replaced.clear();
    this.retired = noNames();
  }

  /** The transaction for what changed since the last full() or flush(); '' when nothing did. */
  flush(): string {
    const lines: string[] = [];
    this.declareSets(lines);
    this.changeElements(lines, this.sets);
    this.changeChains(lines);
    this.changeElements(lines, this.maps);
    this.changeBase(lines);
    this.retire(lines);
    this.dirty.clear();
    this.dirtyChains.clear();
    this.replaced.clear();
    return lines.length ? `${lines.join('\n')}\n` : '';
  }

  private declareSets(lines: string[]): void {
    for (const [name, { definition, fixed, elements }] of this.sets) {
      const replaced = this.replaced.has(name);
      if (this.kernelSets.has(name) && !replaced) continue;
      this.kernelSets.set(name, fixed);
      const known = this.retired.sets.delete(name) || replaced;
      if (known && fixed) continue;
      lines.push(
        known
          ? `flush set ${this.table} ${name}`
          : `add set ${this.table} ${name} { ${definition} }`,
      );
      pushElements(lines, this.table, 'add', name, listOf(elements));
    }
  }

  private changeElements(lines: string[], of: ReadonlyMap<string, SetState>): void {
    for (const [name, { elements }] of of) {
      const changed = this.dirty.get(name);
      if (!changed) continue;
      const removed = new Map<string, string>();
      const added = new Map<string, string>();
      for (const [key, kernel] of changed) {
        const value = elements.get(key);
        if (value === kernel) continue;
        if (kernel !== undefined) removed.set(key, '');
        if (value !== undefined) added.set(key, value);
      }
      pushElements(lines, this.table, 'delete', name, listOf(removed));
      pushElements(lines, this.table, 'add', name, listOf(added));
    }
  }

  private changeChains(lines: string[]): void {
    const changed = new Map<string, readonly string[]>();
    for (const name of this.dirtyChains) {
      const rules = this.chains.get(name);
      if (rules && this.kernelChains.get(name) !== rules.join('\n')) changed.set(name, rules);
    }
    pushChains(lines, this.table, changed);
    for (const [name, rules] of changed) {
      this.kernelChains.set(name, rules.join('\n'));
      this.retired.chains.delete(name);
    }
  }

  private changeBase(lines: string[]): void {
    const filled = this.isolatedPods > 0;
    if (filled === this.baseFilled) return;
    this.baseFilled = filled;
    for (const direction of DIRECTIONS) {
      lines.push(`flush chain ${this.table} ${direction}`);
      if (filled)
        for (const rule of this.frame.base[direction])
          lines.push(`add rule ${this.table} ${direction} ${rule}`);
    }
  }

  /** Flushes objects that nothing names any more; deletes those that were flushed the last time. */
  private retire(lines: string[]): void {
    const due = this.retired;
    const next = noNames();
    for (const name of this.dirtyChains) {
      if (this.chains.has(name) || !this.kernelChains.delete(name)) continue;
      lines.push(`flush chain ${this.table} ${name}`);
      next.chains.add(name);
    }
    for (const name of this.replaced) {
      if (!this.sets.has(name) && this.kernelSets.delete(name)) next.sets.add(name);
    }
    for (const name of due.chains) lines.push(`delete chain ${this.table} ${name}`);
    for (const name of due.sets) lines.push(`delete set ${this.table} ${name}`);
    this.retired = next;
  }

  /** Whether a further flush() has something to delete. */
  get hasRetired(): boolean {
    return this.retired.chains.size + this.retired.sets.size > 0;
  }
}

const listOf = (elements: ReadonlyMap<string, string>): { key: string; value: string }[] =>
  Array.from(elements, ([key, value]) => ({ key, value }));
