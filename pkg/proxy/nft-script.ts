// Commands of nft scripts that the tables of services and of policies share. Pure.
import { ELEMENTS_PER_COMMAND } from './limits.js';

/**
 * Appends the commands that add or delete elements of a set or map, ELEMENTS_PER_COMMAND in each.
 * `value` is '' in sets and ignored by deletions.
 */
export function pushElements(
  lines: string[],
  table: string,
  verb: 'add' | 'delete',
  set: string,
  elements: readonly { key: string; value: string }[],
): void {
  for (let at = 0; at < elements.length; at += ELEMENTS_PER_COMMAND) {
    let list = '';
    for (const { key, value } of elements.slice(at, at + ELEMENTS_PER_COMMAND)) {
      if (list) list += ', ';
      list += verb === 'add' && value ? `${key} : ${value}` : key;
    }
    lines.push(`${verb} element ${table} ${set} { ${list} }`);
  }
}

/**
 * Appends the commands that create chains or replace their rules. All chains are declared before
 * the first rule, because rules name other chains.
 */
export function pushChains(
  lines: string[],
  table: string,
  chains: ReadonlyMap<string, readonly string[]>,
): void {
  for (const name of chains.keys())
    lines.push(`add chain ${table} ${name}`, `flush chain ${table} ${name}`);
  for (const [name, rules] of chains)
    for (const rule of rules) lines.push(`add rule ${table} ${name} ${rule}`);
}

/** Names of chains and sets. */
export const noNames = () => ({ chains: new Set<string>(), sets: new Set<string>() });
