// metadata.managedFields: the manager of each field. Every write except apply calls this code after
// defaulting and before admission; server-side-apply.ts handles apply.
//
// Invariants: an update that changes nothing returns entries equal to the live ones, times
// included, so that writes without a change stay without effect; at most MAX_UPDATE_MANAGERS
// entries are of operation Update. Sets are not translated between API versions; an entry of
// another version keeps its paths.
// Source: k8s.io/apimachinery/pkg/util/managedfields/internal.
import { MAX_MANAGER_NAME, MAX_UPDATE_MANAGERS } from '../limits.js';
import type { ManagedFieldsEntry } from '../meta/types.js';
import type { SchemaTable } from '../schema/facts.js';
import { structOf } from '../schema/schema.js';
import { addedByCreate, compareObjects, type Comparison } from './compare.js';
import {
  difference,
  EMPTY_SET,
  equalSets,
  intersection,
  isEmptySet,
  isFieldSet,
  setOfFields,
  sorted,
  union,
  unionAll,
  withoutSubtrees,
  type FieldSet,
} from './field-set.js';
import type { JsonObject, Typed } from './structure.js';

const ANCIENT = 'ancient-changes';

/** The schema of an object's kind. */
export type KindSchema =
  | { readonly schemaName: string; readonly table: SchemaTable }
  /** Kinds outside of the schema tables: custom resources. */
  | { readonly typed: Typed };

export type ManagerOptions = KindSchema & {
  /** fieldManager, or the User-Agent up to its first slash (managerName). */
  manager: string;
  subresource?: string;
  apiVersion: string;
  /** RFC 3339 in seconds. */
  time: string;
  /**
   * Fields that the endpoint never changes: [['status']] for the object; for /status the spec, and
   * the metadata that the kind keeps there (GetResetFields of upstream's strategies).
   */
  resetFields?: readonly (readonly string[])[];
};

/** Fields of the server, which have no manager. */
const STRIPPED: FieldSet = setOfFields(
  ['apiVersion'],
  ['kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((f) => ['metadata', f]),
);

const resetSets = new WeakMap<object, FieldSet>();

/** Endpoints have a few constant lists of fields. */
function setOfReset(fields: NonNullable<ManagerOptions['resetFields']>): FieldSet {
  let set = resetSets.get(fields);
  if (!set) resetSets.set(fields, (set = setOfFields(...fields)));
  return set;
}

export function typedOf(schema: KindSchema): Typed {
  if ('typed' in schema) return schema.typed;
  const struct = structOf(schema.table, schema.schemaName);
  return { type: struct && { kind: 'struct', struct }, facts: undefined };
}

/** Removes fields without a manager and fields that the endpoint does not change. */
export function managedPart(set: FieldSet, resetFields: ManagerOptions['resetFields']): FieldSet {
  const kept = withoutSubtrees(set, STRIPPED);
  return withoutEmptyMetadata(
    resetFields?.length ? withoutSubtrees(kept, setOfReset(resetFields)) : kept,
  );
}

function withoutEmptyMetadata(set: FieldSet): FieldSet {
  const metadata = set['f:metadata'];
  if (metadata === undefined) return set;
  const { '.': _, ...rest } = metadata;
  if (!isEmptySet(rest)) return metadata['.'] ? { ...set, 'f:metadata': rest } : set;
  const { 'f:metadata': __, ...others } = set;
  return others;
}

/**
 * The manager's name for a request: `fieldManager`, else the User-Agent's product, at most 128
 * bytes.
 */
export function managerName(
  fieldManager: string | undefined,
  userAgent: string | undefined,
): string {
  if (fieldManager) return fieldManager;
  return (
    (userAgent ?? '')
      .split('/')[0]!
      .replace(/[^\x20-\x7e]/g, '')
      .slice(0, MAX_MANAGER_NAME) || 'unknown'
  );
}

type Meta = { managedFields?: ManagedFieldsEntry[] };
const managedFieldsOf = (object: JsonObject | undefined): ManagedFieldsEntry[] =>
  (object?.['metadata'] as Meta | undefined)?.managedFields ?? [];

/** The previous entries: those of the request if it has any, else the live ones; [{}] resets. */
export function startingEntries(
  live: JsonObject | undefined,
  next: JsonObject,
  subresource: string | undefined,
): ManagedFieldsEntry[] {
  const liveEntries = managedFieldsOf(live);
  if (subresource) return liveEntries;
  const sent = managedFieldsOf(next);
  if (sent.length === 1 && Object.keys(sent[0]!).length === 0) return [];
  return sent.length > 0 && sent.every(isEntry) ? sent : liveEntries;
}

function isEntry({
  operation,
  fieldsType = 'FieldsV1',
  fieldsV1 = {},
}: ManagedFieldsEntry): boolean {
  return (
    (operation === 'Apply' || operation === 'Update') &&
    fieldsType === 'FieldsV1' &&
    isFieldSet(fieldsV1)
  );
}

export function setOf(entry: ManagedFieldsEntry): FieldSet {
  return (entry.fieldsV1 ?? EMPTY_SET) as FieldSet;
}

/**
 * The new managedFields of `next` after an update (or, with live undefined, a creation). `next` is
 * not changed; the caller sets the result in its metadata, and removes the field for an empty list.
 */
export function updateManagedFields(
  live: JsonObject | undefined,
  next: JsonObject,
  options: ManagerOptions,
): ManagedFieldsEntry[] {
  const typed = typedOf(options);
  const entries = startingEntries(live, next, options.subresource);
  if (live === undefined && entries.length === 0) {
    const set = managedPart(addedByCreate(next, typed, !('typed' in options)), options.resetFields);
    return isEmptySet(set) ? [] : [entryOf(options, 'Update', set)];
  }
  // An object that nobody manages stays so until the first apply.
  if (entries.length === 0) return [];
  const comparison = withoutReset(compareObjects(live ?? {}, next, typed), options.resetFields);
  const others = releaseChanged(
    entries.filter((e) => !isSelf(e, options)),
    comparison,
  );
  const self = entries.find((e) => isSelf(e, options));
  const before = self ? setOf(self) : EMPTY_SET;
  const taken = union(comparison.modified, comparison.added);
  // Fields that this endpoint does not change stay with their owner, this manager too.
  const after = union(
    difference(before, comparison.removed),
    managedPart(taken, options.resetFields),
  );
  if (!isEmptySet(after))
    others.push(self && equalSets(before, after) ? self : entryOf(options, 'Update', after));
  return inOrder(capUpdates(others));
}

/**
 * Fields that the endpoint does not change stay with their owners: a PUT without status takes no
 * status field away.
 */
function withoutReset(
  comparison: Comparison,
  resetFields: ManagerOptions['resetFields'],
): Comparison {
  if (!resetFields?.length) return comparison;
  const reset = setOfReset(resetFields);
  return {
    added: withoutSubtrees(comparison.added, reset),
    modified: withoutSubtrees(comparison.modified, reset),
    removed: withoutSubtrees(comparison.removed, reset),
  };
}

function isSelf(entry: ManagedFieldsEntry, options: ManagerOptions): boolean {
  return (
    entry.operation === 'Update' &&
    entry.manager === options.manager &&
    entry.apiVersion === options.apiVersion &&
    (entry.subresource ?? '') === (options.subresource ?? '')
  );
}

/** Removes changed and removed fields from the entries of other managers. */
export function releaseChanged(
  entries: readonly ManagedFieldsEntry[],
  { added, modified, removed }: Comparison,
): ManagedFieldsEntry[] {
  const changed = union(union(modified, added), removed);
  if (isEmptySet(changed)) return [...entries];
  const out: ManagedFieldsEntry[] = [];
  for (const entry of entries) {
    const set = setOf(entry);
    if (isEmptySet(intersection(set, changed))) out.push(entry);
    else {
      const rest = difference(set, changed);
      if (!isEmptySet(rest))
        out.push({ ...entry, fieldsV1: sorted(rest) as Record<string, unknown> });
    }
  }
  return out;
}

export function entryOf(
  options: ManagerOptions,
  operation: 'Apply' | 'Update',
  set: FieldSet,
): ManagedFieldsEntry {
  return {
    manager: options.manager,
    operation,
    apiVersion: options.apiVersion,
    time: options.time,
    fieldsType: 'FieldsV1',
    fieldsV1: sorted(set) as Record<string, unknown>,
    ...(options.subresource ? { subresource: options.subresource } : {}),
  };
}

/** The order of entries: Apply first, then by time, manager, version, subresource. */
export function inOrder(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  if (entries.length < 2) return entries;
  const keys = ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const;
  return entries.sort((a, b) => {
    for (const key of keys) {
      const x = a[key] ?? '';
      const y = b[key] ?? '';
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
}

/** Merges the oldest Update entries of each version beyond the limit. */
export function capUpdates(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  let surplus = entries.filter((e) => e.operation === 'Update').length - MAX_UPDATE_MANAGERS;
  if (surplus <= 0) return entries;
  const updates = inOrder(entries.filter((e) => e.operation === 'Update'));
  const buckets = new Map<string, ManagedFieldsEntry[]>();
  const kept = entries.filter((e) => e.operation !== 'Update');
  for (const entry of updates) {
    const version = entry.apiVersion ?? '';
    const bucket = buckets.get(version);
    if (surplus <= 0) kept.push(entry);
    else if (!bucket) buckets.set(version, [entry]);
    else {
      bucket.push(entry);
      surplus--;
    }
  }
  for (const bucket of buckets.values()) {
    const { subresource: _, ...merged } = { ...bucket[0]!, manager: ANCIENT };
    if (bucket.length > 1) {
      merged.time = bucket.at(-1)!.time ?? '';
      merged.fieldsV1 = sorted(unionAll(bucket.map(setOf))) as Record<string, unknown>;
    }
    kept.push(merged);
  }
  return kept;
}
