// Tables for `kubectl get`: columns from the fact tables, cells from the definition's `row`.
import { stringifyJson } from '../../apimachinery/codec/json.js';
import { badRequest } from '../../apimachinery/errors/status-error.js';
import type { ColumnFacts } from '../../apimachinery/schema/facts.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import { CREATED_COLUMN, NAME_COLUMN, wholeColumn } from '../../apis/meta/v1/columns.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { Entry } from '../cache/entry.js';
import type { Cell } from '../resource/definition.js';
import type { ServedResource } from '../served/served.js';
import type { MetaVersion } from '../codec/negotiate.js';

const DEFAULT_COLUMNS = [NAME_COLUMN, CREATED_COLUMN];

/** The part of its object that each row carries (query parameter includeObject). */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws StatusError BadRequest for another value. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const wanted = query.get('includeObject') || 'Metadata';
  if (wanted === 'None' || wanted === 'Object' || wanted === 'Metadata') return wanted;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(wanted)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

function columnsOf(resource: ServedResource): readonly ColumnFacts[] {
  if (resource.definition.columns) return resource.definition.columns;
  return resource.definition.row
    ? ((COLUMNS as Record<string, ColumnFacts[]>)[resource.kind] ?? DEFAULT_COLUMNS)
    : DEFAULT_COLUMNS;
}

const written = new WeakMap<ServedResource, string>();

/** The column definitions as JSON. */
export const columnsJson = (resource: ServedResource): string =>
  getOrInsert(written, resource, () => stringifyJson(columnsOf(resource).map(wholeColumn)));

function cellsOf(resource: ServedResource, entry: Entry, now: number): Cell[] {
  const object = resource.object(entry);
  if (!resource.definition.row) return [entry.name, object.metadata.creationTimestamp];
  return resource.definition.row(object, now).map((cell) => (cell === undefined ? null : cell));
}

/** One row as JSON text up to its object's bytes. */
function rowHead(resource: ServedResource, entry: Entry, now: number): string {
  let cells = '';
  for (const cell of cellsOf(resource, entry, now)) {
    const text = typeof cell === 'string' && PLAIN.test(cell) ? `"${cell}"` : stringifyJson(cell);
    cells = cells ? `${cells},${text}` : text;
  }
  return `{"cells":[${cells}],"object":`;
}

/** Text that needs no JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/;

const objectBytes = (
  resource: ServedResource,
  entry: Entry,
  { include, version }: TableForm,
): Buffer =>
  include === 'Object'
    ? resource.bytes(entry)
    : include === 'None'
      ? NULL
      : partialBytes(entry, version);

/** The object's metadata as PartialObjectMetadata of the requested version of meta.k8s.io. */
export function partialBytes(entry: Entry, version: MetaVersion): Buffer {
  if (version === 'v1') return entry.partialBytes;
  return Buffer.concat([PARTIAL_V1BETA1, entry.partialBytes.subarray(PARTIAL_V1.length)]);
}

const PARTIAL_V1 = Buffer.from('{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1"');
const PARTIAL_V1BETA1 = Buffer.from(
  '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1beta1"',
);

export interface TableForm {
  include: IncludeObject;
  version: MetaVersion;
}

const NULL = Buffer.from('null');

/** `meta` is the JSON inside of the table's metadata. `columns` false leaves the columns out. */
export function tableBytes(
  resource: ServedResource,
  entries: readonly Entry[],
  now: number,
  form: TableForm,
  meta: string,
  columns = true,
): Buffer {
  const texts = [
    `{"kind":"Table","apiVersion":"meta.k8s.io/${form.version}","metadata":{${meta}},"columnDefinitions":${columns ? columnsJson(resource) : 'null'},"rows":[`,
  ];
  const objects: Buffer[] = [];
  let length = 0;
  for (const entry of entries) {
    const object = objectBytes(resource, entry, form);
    texts.push(rowHead(resource, entry, now));
    objects.push(object);
    length += object.length;
  }
  for (const text of texts) length += text.length * MAX_BYTES_PER_UNIT + SEPARATOR_BYTES;
  const out = Buffer.allocUnsafeSlow(length);
  let at = out.write(texts[0]!);
  for (let row = 0; row < objects.length; row++) {
    at += out.write(`${row ? '},' : ''}${texts[row + 1]!}`, at);
    at += objects[row]!.copy(out, at);
  }
  at += out.write(objects.length ? '}]}' : ']}', at);
  return out.subarray(0, at);
}

/** Most UTF-8 bytes of one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;
const SEPARATOR_BYTES = 4;
