// Tables, as kubectl get prints them: columns from the fact tables, cells from the definition's row.
import { stringifyJson } from '../../apimachinery/codec/json.js';
import type { ColumnFacts } from '../../apimachinery/schema/facts.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import type { Entry } from '../cache/entry.js';
import type { Cell } from '../resource.js';
import type { ServedResource } from '../served.js';

const DEFAULT_COLUMNS: ColumnFacts[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Name must be unique within a namespace.', priority: 0 },
  { name: 'Created At', type: 'date', description: 'The time at which the server received the object.', priority: 0 },
];

/** What each row carries of its object: the query parameter includeObject. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export function includeObject(query: URLSearchParams): IncludeObject {
  const wanted = query.get('includeObject');
  return wanted === 'None' || wanted === 'Object' ? wanted : 'Metadata';
}

function columnsOf(resource: ServedResource): readonly ColumnFacts[] {
  if (resource.definition.columns) return resource.definition.columns;
  return resource.definition.row ? ((COLUMNS as Record<string, ColumnFacts[]>)[resource.kind] ?? DEFAULT_COLUMNS) : DEFAULT_COLUMNS;
}

const written = new WeakMap<ServedResource, string>();

/** The column definitions as JSON. */
export function columnsJson(resource: ServedResource): string {
  let json = written.get(resource);
  if (!json) {
    json = stringifyJson(columnsOf(resource).map(({ name, type, format, description, priority }) => ({ name, type, format: format ?? '', description: description ?? '', priority: priority ?? 0 })));
    written.set(resource, json);
  }
  return json;
}

function cellsOf(resource: ServedResource, entry: Entry, now: number): Cell[] {
  const object = resource.object(entry);
  if (!resource.definition.row) return [entry.name, object.metadata.creationTimestamp];
  return resource.definition.row(object, now).map((cell) => (cell === undefined ? null : cell));
}

/** One row as JSON text, without its object, up to where the object's bytes follow. */
function rowHead(resource: ServedResource, entry: Entry, now: number): string {
  return `{"cells":${stringifyJson(cellsOf(resource, entry, now))},"object":`;
}

function objectBytes(resource: ServedResource, entry: Entry, include: IncludeObject): Buffer {
  return include === 'Object' ? resource.bytes(entry) : include === 'None' ? NULL : entry.partialBytes;
}

const NULL = Buffer.from('null');
const TABLE_HEAD = '{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{';

/** `meta` is the inside of the table's metadata. Columns are left out when `columns` is false. */
export function tableBytes(resource: ServedResource, entries: readonly Entry[], now: number, include: IncludeObject, meta: string, columns = true): Buffer {
  const chunks: Buffer[] = [Buffer.from(`${TABLE_HEAD}${meta}},"columnDefinitions":${columns ? columnsJson(resource) : 'null'},"rows":[`)];
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]!;
    chunks.push(Buffer.from(`${at ? '},' : ''}${rowHead(resource, entry, now)}`), objectBytes(resource, entry, include));
  }
  chunks.push(Buffer.from(entries.length ? '}]}' : ']}'));
  return Buffer.concat(chunks);
}
