// The whole table: the parts of all services, and the transactions from the state in the kernel to
// the desired state. Pure bookkeeping; table-sync.ts passes the text to nft.
//
// Invariants: an element of several owners (a shared external address, a pod in two services)
// exists while any owner needs it, with the value of the first owner. A chain is created before it
// is named and deleted one transaction after its last mention. Clients that the kernel remembers
// for session affinity survive a full load, and so a restart of the program.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { FAMILY_NAMES } from '../family.js';
import { noNames, pushChains, pushElements } from '../nft-script.js';
import {
  definitions,
  fixedChains,
  layoutMark,
  sharedChain,
  TABLE,
  type LayoutSettings,
} from './layout.js';
import type { TablePart } from './render.js';

/** One element: its owners, and its value in the kernel. */
interface Cell {
  readonly map: string;
  readonly key: string;
  /** The first owner, which sets the value; undefined when no owner is left. */
  owner: string | undefined;
  value: string;
  /** Later owners of the same element; nearly always none. */
  others: { owner: string; value: string }[] | undefined;
  /** The value in the kernel; undefined when the kernel has no such element. */
  kernel: string | undefined;
}

/** The objects of an existing table that can be kept. */
interface Found {
  chains: string[];
  /** Sets besides those that every table has. */
  sets: string[];
}

/** The cells, chains and sets of one owner. */
interface Holding {
  cells: readonly Cell[];
  chains: TablePart['chains'];
  sets: TablePart['sets'];
}

/** Shared by the many services without chains and sets, to save memory. */
const NONE: readonly never[] = [];

const GOTO = /\bgoto ([A-Za-z0-9-]+)/g;

export class TableState {
  private readonly holdings = new Map<string, Holding>();
  /** By map, then by key: owned elements, and until the next transaction the released ones. */
  private readonly cells = new Map<string, Map<string, Cell>>();
  private owned = 0;
  private readonly dirty = new Set<Cell>();
  /** Set by the first full load; before it, changes are not recorded because everything is new. */
  private loaded = false;
  private readonly kernelChains = new Map<string, string>();
  private readonly kernelSets = new Set<string>();
  /** Chains and sets of single services, by name. */
  private readonly chains = new Map<string, readonly string[]>();
  private readonly sets = new Map<string, string>();
  private readonly dirtyChains = new Set<string>();
  /** Emptied chains and unused sets that the next transaction may delete. */
  private retired = noNames();

  /** Family and name of the table. */
  private readonly table: string;

  constructor(readonly settings: LayoutSettings) {
    this.table = `${FAMILY_NAMES[settings.family].nft} ${TABLE}`;
  }

  /** Replaces the part of `owner` in the table; undefined removes it. */
  setPart(owner: string, part: TablePart | undefined): void {
    const before = this.holdings.get(owner);
    for (const cell of before?.cells ?? []) this.release(owner, cell);
    for (const [name] of before?.chains ?? []) {
      this.chains.delete(name);
      this.dirtyChains.add(name);
    }
    for (const [name] of before?.sets ?? []) this.sets.delete(name);
    this.holdings.delete(owner);
    if (!part) return;
    const cells = part.elements.map(([map, key, value]) => this.take(owner, map, key, value));
    this.holdings.set(owner, {
      cells,
      chains: part.chains.length ? part.chains : NONE,
      sets: part.sets.length ? part.sets : NONE,
    });
    for (const [name, rules] of part.chains) {
      this.chains.set(name, rules);
      this.dirtyChains.add(name);
    }
    for (const [name, definition] of part.sets) this.sets.set(name, definition);
  }

  private release(owner: string, cell: Cell): void {
    if (cell.owner === owner) {
      const next = cell.others?.shift();
      cell.owner = next?.owner;
      if (next) cell.value = next.value;
      else this.owned--;
    } else cell.others = cell.others?.filter((other) => other.owner !== owner);
    if (this.loaded) this.dirty.add(cell);
  }

  private take(owner: string, map: string, key: string, value: string): Cell {
    const column = getOrInsert(this.cells, map, () => new Map());
    let cell = column.get(key);
    if (cell?.owner !== undefined) (cell.others ??= []).push({ owner, value });
    else {
      if (!cell)
        column.set(key, (cell = { map, key, owner, value, others: undefined, kernel: undefined }));
      cell.owner = owner;
      cell.value = value;
      this.owned++;
    }
    if (this.loaded) this.dirty.add(cell);
    return cell;
  }

  get owners(): Iterable<string> {
    return this.holdings.keys();
  }

  /** Elements in the table. */
  get size(): number {
    return this.owned;
  }

  /**
   * The script that loads the whole table. A table of this layout (`found`: its chains, sets and
   * maps) is emptied except for the affinity sets; any other table is replaced.
   */
  full(found: readonly Record<string, unknown>[] = []): string {
    const kept = this.adoptable(found);
    const lines = kept ? this.empty(kept) : [`table ${this.table}`, `delete table ${this.table}`];
    lines.push(`table ${this.table} {`);
    for (const definition of definitions(this.settings.family).values())
      lines.push(`  ${definition}`);
    for (const definition of this.sets.values()) lines.push(`  ${definition}`);
    const chains = new Map<string, readonly string[]>(this.chains);
    for (const name of this.sharedChains()) chains.set(name, sharedChain(name, this.settings)!);
    for (const [name, rules] of fixedChains(this.settings)) chains.set(name, rules);
    chains.set(layoutMark(this.settings), []);
    // Chains are declared empty first, because they name one another. Base chains are never named.
    for (const [name, rules] of chains)
      if (!rules[0]?.startsWith('type ')) lines.push(`  chain ${name} { }`);
    for (const [name, rules] of chains)
      lines.push(`  chain ${name} {`, ...rules.map((rule) => `    ${rule}`), '  }');
    lines.push('}');
    for (const [map, column] of this.cells) {
      const present: Cell[] = [];
      for (const cell of column.values()) {
        if (cell.owner === undefined) column.delete(cell.key);
        else present.push(cell);
        cell.kernel = valueOf(cell);
      }
      pushElements(lines, this.table, 'add', map, present);
    }
    this.kernelChains.clear();
    for (const [name, rules] of chains) this.kernelChains.set(name, rules.join('\n'));
    this.kernelSets.clear();
    for (const name of this.sets.keys()) this.kernelSets.add(name);
    this.loaded = true;
    this.dirty.clear();
    this.dirtyChains.clear();
    this.retired = {
      chains: new Set(kept?.chains.filter((name) => !chains.has(name))),
      sets: new Set(kept?.sets.filter((name) => !this.sets.has(name))),
    };
    return `${lines.join('\n')}\n`;
  }

  /** The names in the listing of a table that can be adopted; undefined when it cannot. */
  private adoptable(found: readonly Record<string, unknown>[]): Found | undefined {
    const known = definitions(this.settings.family);
    const out: Found = { chains: [], sets: [] };
    for (const object of found) {
      const [[kind, { name = '' }]] = Object.entries(object) as [[string, { name?: string }]];
      if (kind === 'chain') out.chains.push(name);
      else if (kind === 'set' && !known.has(name)) out.sets.push(name);
      else if (!known.has(name)) return undefined;
    }
    return out.chains.includes(layoutMark(this.settings)) ? out : undefined;
  }

  /**
   * The commands that remove the rules and all elements except those of affinity sets still in use.
   * Deleting a map is several times faster than flushing it.
   */
  private empty({ sets }: Found): string[] {
    const lines = [`flush table ${this.table}`];
    for (const [name, definition] of definitions(this.settings.family))
      lines.push(
        `add ${definition.replace(/^(map|set) (\S+)/, `$1 ${this.table} $2`)}`,
        `delete ${definition.startsWith('map') ? 'map' : 'set'} ${this.table} ${name}`,
      );
    for (const name of sets)
      if (!this.sets.has(name)) lines.push(`flush set ${this.table} ${name}`);
    return lines;
  }

  /** The transaction for what changed since the last full() or flush(); '' when nothing did. */
  flush(): string {
    const lines: string[] = [];
    const { removed, added } = this.elementChanges();
    this.addChains(lines, added);
    for (const [map, elements] of removed) pushElements(lines, this.table, 'delete', map, elements);
    for (const [map, elements] of added) pushElements(lines, this.table, 'add', map, elements);
    this.retire(lines);
    return lines.length ? `${lines.join('\n')}\n` : '';
  }

  private elementChanges() {
    const removed = new Map<string, Cell[]>();
    const added = new Map<string, Cell[]>();
    for (const cell of this.dirty) {
      const before = cell.kernel;
      const after = valueOf(cell);
      if (after === undefined) this.cells.get(cell.map)!.delete(cell.key);
      if (before === after) continue;
      if (before !== undefined) getOrInsert(removed, cell.map, () => []).push(cell);
      if (after !== undefined) getOrInsert(added, cell.map, () => []).push(cell);
      cell.kernel = after;
    }
    this.dirty.clear();
    return { removed, added };
  }

  private addChains(lines: string[], added: ReadonlyMap<string, readonly Cell[]>): void {
    for (const [name, definition] of this.sets) {
      if (this.kernelSets.has(name)) continue;
      lines.push(`add ${definition.replace(/^(set|map) (\S+)/, `$1 ${this.table} $2`)}`);
      this.kernelSets.add(name);
    }
    const wanted = new Map<string, readonly string[]>();
    const want = (text: string) => {
      for (const [, name] of text.matchAll(GOTO)) {
        const rules = this.kernelChains.has(name!) ? undefined : sharedChain(name!, this.settings);
        if (rules) wanted.set(name!, rules);
      }
    };
    for (const cells of added.values()) for (const cell of cells) want(cell.value);
    for (const name of this.dirtyChains) {
      const rules = this.chains.get(name);
      if (!rules) continue;
      for (const rule of rules) want(rule);
      if (this.kernelChains.get(name) !== rules.join('\n')) wanted.set(name, rules);
    }
    pushChains(lines, this.table, wanted);
    for (const [name, rules] of wanted) {
      this.kernelChains.set(name, rules.join('\n'));
      this.retired.chains.delete(name);
    }
  }

  /** Flushes chains that nothing names any more; deletes those that were flushed the last time. */
  private retire(lines: string[]): void {
    const due = this.retired;
    const next = noNames();
    for (const name of this.dirtyChains) {
      if (this.chains.has(name) || !this.kernelChains.has(name)) continue;
      lines.push(`flush chain ${this.table} ${name}`);
      this.kernelChains.delete(name);
      next.chains.add(name);
    }
    for (const name of this.kernelSets) {
      if (this.sets.has(name) || due.sets.has(name)) continue;
      next.sets.add(name);
    }
    this.dirtyChains.clear();
    for (const name of due.chains)
      if (!this.kernelChains.has(name)) lines.push(`delete chain ${this.table} ${name}`);
    for (const name of due.sets) {
      if (this.sets.has(name)) continue;
      lines.push(`delete set ${this.table} ${name}`);
      this.kernelSets.delete(name);
    }
    this.retired = next;
  }

  /** Whether a further flush() has something to delete. */
  get hasRetired(): boolean {
    return this.retired.chains.size + this.retired.sets.size > 0;
  }

  private sharedChains(): Set<string> {
    const names = new Set<string>();
    const seen = new Set<string>();
    const note = (text: string) => {
      if (seen.has(text)) return;
      seen.add(text);
      for (const [, name] of text.matchAll(GOTO))
        if (sharedChain(name!, this.settings)) names.add(name!);
    };
    for (const column of this.cells.values())
      for (const { owner, value } of column.values())
        if (owner !== undefined && value.startsWith('goto ')) note(value);
    for (const rules of this.chains.values()) for (const rule of rules) note(rule);
    return names;
  }
}

/** The value that the kernel should have. */
const valueOf = (cell: Cell): string | undefined =>
  cell.owner === undefined ? undefined : cell.value;
