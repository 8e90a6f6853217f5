// metadata.managedFields: the manager of each field. Every write except apply calls this code after
// defaulting and before admission; server-side-apply.ts handles apply.
//
// Invariants: an update that changes nothing returns entries equal to the live ones, times
// included, so that writes without a change stay without effect; at most MAX_UPDATE_MANAGERS
// entries are of operation Update. The paths of an entry belong to its API version. Where a
// webhook converts a kind, the objects are compared in that version; elsewhere the versions share
// their fields.
// Source: k8s.io/apimachinery/pkg/util/managedfields/internal.
import { getOrInsert } from '../../util/map/get-or-insert.js';
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
import { typedProblems } from './typed-problems.js';

const ANCIENT = 'ancient-changes';

/** The schema of an object's kind. */
export type KindSchema =
  | { readonly schemaName: string; readonly table: SchemaTable }
  /**
   * Kinds outside of the schema tables: custom resources. `typedIn` has the schemas of the kind's
   * versions, which may differ.
   */
  | { readonly typed: Typed; readonly typedIn?: (apiVersion: string) => Typed | undefined };

/** An object that is needed in another version of its kind, and is not to be changed. */
export interface Question {
  readonly object: JsonObject;
  readonly apiVersion: string;
}
/** Asks for objects in other versions; never without `typedIn`. */
export type Asking<T> = Generator<Question, T, JsonObject>;

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

const STRIPPED_METADATA =
  'name namespace creationTimestamp selfLink uid clusterName generation managedFields resourceVersion';
/** Fields of the server, which have no manager. */
const STRIPPED: FieldSet = setOfFields(
  ['apiVersion'],
  ['kind'],
  ...STRIPPED_METADATA.split(' ').map((f) => ['metadata', f]),
);

const resetSets = new WeakMap<object, FieldSet>();

/** Endpoints have a few constant lists of fields. */
const setOfReset = (fields: NonNullable<ManagerOptions['resetFields']>): FieldSet =>
  getOrInsert(resetSets, fields, () => setOfFields(...fields));

export function typedOf(schema: KindSchema): Typed {
  if ('typed' in schema) return schema.typed;
  const struct = structOf(schema.table, schema.schemaName);
  return { type: struct && { kind: 'struct', struct }, facts: undefined };
}

/** The schema of a version; undefined for one that the kind does not have. */
export function typedIn(
  options: ManagerOptions,
  apiVersion = options.apiVersion,
): Typed | undefined {
  const { typedIn: of } = options as { typedIn?: (apiVersion: string) => Typed | undefined };
  return of && apiVersion !== options.apiVersion ? of(apiVersion) : typedOf(options);
}

/** `object` in a version that typedIn knows. */
export function* shownIn(
  object: JsonObject,
  apiVersion: string,
  options: ManagerOptions,
): Asking<JsonObject> {
  const isSame = !('typedIn' in options) || object['apiVersion'] === apiVersion;
  return isSame ? object : yield { object, apiVersion };
}

/** The changes in the fields of a version; undefined for a version that the kind does not have. */
export type ChangesIn = (apiVersion: string | undefined) => Comparison | undefined;

export interface Changes {
  in: ChangesIn;
  /** A version does not declare a field of the objects; `in` gives its entries the own changes. */
  isUndeclared: boolean;
}

/**
 * Compares `before` and `after` in the versions of `entries`; `own` is their comparison in the
 * version of the request.
 */
export function* changesOf(
  entries: readonly ManagedFieldsEntry[],
  before: JsonObject,
  after: JsonObject,
  own: Comparison,
  options: ManagerOptions,
): Asking<Changes> {
  const versions = new Map<string | undefined, Comparison | undefined>();
  let isUndeclared = false;
  for (const { apiVersion = options.apiVersion } of 'typedIn' in options ? entries : []) {
    if (versions.has(apiVersion) || apiVersion === options.apiVersion) continue;
    const typed = typedIn(options, apiVersion);
    const was = typed && (yield* shownIn(before, apiVersion, options));
    const is = typed && (yield* shownIn(after, apiVersion, options));
    const problems = typed ? [was!, is!].flatMap((one) => typedProblems(one, typed)) : [];
    isUndeclared ||= problems.length > 0;
    const changes = problems.length > 0 ? own : typed && compareObjects(was!, is!, typed);
    versions.set(apiVersion, changes);
  }
  const changesIn: ChangesIn = (version) => (versions.has(version) ? versions.get(version) : own);
  return { in: changesIn, isUndeclared };
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

const isEntry = ({
  operation,
  fieldsType = 'FieldsV1',
  fieldsV1 = {},
}: ManagedFieldsEntry): boolean =>
  (operation === 'Apply' || operation === 'Update') &&
  fieldsType === 'FieldsV1' &&
  isFieldSet(fieldsV1);

export const setOf = (entry: ManagedFieldsEntry): FieldSet =>
  (entry.fieldsV1 ?? EMPTY_SET) as FieldSet;

/**
 * The new managedFields of `next` after an update (or, with live undefined, a creation). `next` is
 * not changed; the caller sets the result in its metadata, and removes the field for an empty list.
 */
export function* updateManagedFields(
  live: JsonObject | undefined,
  next: JsonObject,
  options: ManagerOptions,
): Asking<ManagedFieldsEntry[]> {
  const typed = typedOf(options);
  const entries = startingEntries(live, next, options.subresource);
  if (live === undefined && entries.length === 0) {
    const set = managedPart(addedByCreate(next, typed, !('typed' in options)), options.resetFields);
    return isEmptySet(set) ? [] : [entryOf(options, 'Update', set)];
  }
  // An object that nobody manages stays so until the first apply.
  if (entries.length === 0) return [];
  const before = live ?? {};
  const comparison = withoutReset(compareObjects(before, next, typed), options.resetFields);
  const foreign = entries.filter((e) => !isSelf(e, 'Update', options));
  const changes = yield* changesOf(foreign, before, next, comparison, options);
  // So does upstream.
  if (changes.isUndeclared) return [];
  const others = releaseChanged(foreign, (version) => {
    const changed = changes.in(version);
    return changed === comparison ? changed : changed && withoutReset(changed, options.resetFields);
  });
  const self = entries.find((e) => isSelf(e, 'Update', options));
  const owned = self ? setOf(self) : EMPTY_SET;
  const taken = union(comparison.modified, comparison.added);
  // Fields that this endpoint does not change stay with their owner, this manager too.
  const after = union(
    difference(owned, comparison.removed),
    managedPart(taken, options.resetFields),
  );
  if (!isEmptySet(after))
    others.push(self && equalSets(owned, after) ? self : entryOf(options, 'Update', after));
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

/** Whether an entry is that of the manager itself; applies of all versions have one. */
export const isSelf = (
  entry: ManagedFieldsEntry,
  operation: 'Apply' | 'Update',
  options: ManagerOptions,
): boolean =>
  entry.operation === operation &&
  entry.manager === options.manager &&
  (operation === 'Apply' || entry.apiVersion === options.apiVersion) &&
  (entry.subresource ?? '') === (options.subresource ?? '');

/**
 * Removes changed and removed fields from the entries of other managers, and entries of versions
 * that the kind does not have.
 */
export function releaseChanged(
  entries: readonly ManagedFieldsEntry[],
  changesIn: ChangesIn,
): ManagedFieldsEntry[] {
  let seen: Comparison | undefined;
  let changed = EMPTY_SET;
  return entries.flatMap((entry) => {
    const changes = changesIn(entry.apiVersion);
    if (!changes) return [];
    if (changes !== seen) changed = union(union(changes.modified, changes.added), changes.removed);
    seen = changes;
    const set = setOf(entry);
    if (isEmptySet(changed) || isEmptySet(intersection(set, changed))) return [entry];
    const rest = difference(set, changed);
    return isEmptySet(rest)
      ? []
      : [{ ...entry, fieldsV1: sorted(rest) as Record<string, unknown> }];
  });
}

export const entryOf = (
  options: ManagerOptions,
  operation: 'Apply' | 'Update',
  set: FieldSet,
): ManagedFieldsEntry => ({
  manager: options.manager,
  operation,
  apiVersion: options.apiVersion,
  time: options.time,
  fieldsType: 'FieldsV1',
  fieldsV1: sorted(set) as Record<string, unknown>,
  ...(options.subresource && { subresource: options.subresource }),
});

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
