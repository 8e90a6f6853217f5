// The data of SkyDNS: records under /skydns/, with the labels of a name in reverse order as path. A
// key is a record; a folder matches all records below it. Semantics of SkyDNS 2.5.3a
// (server/backends/etcd, msg/service.go): wildcards `*` and `any`, groups, TTLs, TargetStrip.

import { getOrInsert } from '../../util/map/get-or-insert.js';
import { isName } from '../wire/names.js';

/** The JSON value of a record. */
export interface SkyRecord {
  host?: string;
  port?: number;
  priority?: number;
  weight?: number;
  text?: string;
  mail?: boolean;
  ttl?: number;
  targetstrip?: number;
  group?: string;
}

export interface Located {
  /** Labels from the root down: ['local', 'skydns', 'web', '1']. */
  path: string[];
  record: SkyRecord;
}

interface Node {
  children: Map<string, Node>;
  record?: SkyRecord;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isBelow =
  (bound: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < bound;
const isNumber = isBelow(2 ** 16);

const FIELDS: Readonly<Record<keyof SkyRecord, (value: unknown) => boolean>> = {
  host: (value) => typeof value === 'string' && isName(value),
  port: isNumber,
  priority: isNumber,
  weight: isNumber,
  text: isText,
  mail: (value) => typeof value === 'boolean',
  ttl: isBelow(2 ** 32),
  targetstrip: isNumber,
  group: isText,
};

/**
 * Parses a record; undefined for other values. A record with one field that cannot be served would
 * fail every answer that it is part of.
 */
export function parseRecord(text: string): SkyRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const record = value as Record<string, unknown>;
  for (const [field, fits] of Object.entries(FIELDS)) {
    if (record[field] === null) delete record[field];
    if (record[field] !== undefined && !fits(record[field])) return undefined;
  }
  return record;
}

const isWildcard = (label: string): boolean => label === '*' || label === 'any';

export class RecordTree {
  private readonly root: Node = { children: new Map() };

  set(path: readonly string[], record: SkyRecord): void {
    let node = this.root;
    for (const label of path) {
      const next = getOrInsert(node.children, label, () => ({ children: new Map() }));
      node = next;
    }
    node.record = record;
  }

  delete(path: readonly string[]): void {
    const trail: Node[] = [this.root];
    for (const label of path) {
      const next = trail.at(-1)!.children.get(label);
      if (!next) return;
      trail.push(next);
    }
    delete trail.at(-1)!.record;
    for (let i = path.length; i > 0; i--) {
      const node = trail[i]!;
      if (node.record || node.children.size) return;
      trail[i - 1]!.children.delete(path[i - 1]!);
    }
  }

  clear(): void {
    this.root.children.clear();
  }

  /**
   * All records at or below the name, with wildcards, filtered by group; undefined when the name
   * does not exist.
   */
  find(path: readonly string[]): Located[] | undefined {
    let level: { node: Node; path: string[] }[] = [{ node: this.root, path: [] }];
    for (const label of path) {
      level = level.flatMap(({ node, path: at }) =>
        isWildcard(label)
          ? [...node.children].map(([name, child]) => ({ node: child, path: [...at, name] }))
          : node.children.has(label)
            ? [{ node: node.children.get(label)!, path: [...at, label] }]
            : [],
      );
    }
    if (!level.length) return undefined;
    const out: Located[] = [];
    for (const { node, path: at } of level) collect(node, at, out);
    return byGroup(unique(out));
  }
}

function collect(node: Node, path: string[], out: Located[]): void {
  if (node.record) out.push({ path, record: node.record });
  for (const [label, child] of node.children) collect(child, [...path, label], out);
}

/** Removes duplicates: equal records under several keys count once. */
function unique(records: Located[]): Located[] {
  const seen = new Set<string>();
  return records.filter(({ record: r }) => {
    const id = JSON.stringify([r.host, r.port, r.priority, r.weight, r.text]);
    return seen.has(id) ? false : seen.add(id);
  });
}

/**
 * Filters by the group of the record nearest to the root; two groups on that level mean no filter.
 */
function byGroup(records: Located[]): Located[] {
  const grouped = records.filter((r) => r.record.group);
  if (!grouped.length) return records;
  const depth = Math.min(...grouped.map((r) => r.path.length));
  const groups = new Set(grouped.filter((r) => r.path.length === depth).map((r) => r.record.group));
  if (groups.size > 1) return records;
  return records.filter((r) => !r.record.group || groups.has(r.record.group));
}
