// Server-side apply: merges the configuration of a manager into the live object, removes fields
// that the manager no longer applies, and refuses to overwrite fields of other managers unless
// forced.
// Source: structured-merge-diff merge/update.go, apimachinery/pkg/util/managedfields.
import { badRequest, statusError, StatusError } from '../errors/status-error.js';
import { parseJson } from '../codec/json.js';
import { jsonText } from '../../util/json/json-text.js';
import { decodeAsWritten } from '../codec/strict.js';
import { cloneJson, isJsonObject, setMember } from '../meta/clone.js';
import type { ManagedFieldsEntry } from '../meta/types.js';
import { compareObjects, fieldSetOf, type Comparison } from './compare.js';
import {
  difference,
  EMPTY_SET,
  intersection,
  isEmptySet,
  members,
  pathText,
  union,
  unionAll,
  type FieldSet,
} from './field-set.js';
import {
  capUpdates,
  changesOf,
  entryOf,
  inOrder,
  isSelf,
  managedPart,
  releaseChanged,
  setOf,
  shownIn,
  typedIn,
  typedOf,
  updateManagedFields,
  type Asking,
  type ChangesIn,
  type ManagerOptions,
} from './managed-fields.js';
import { mergeApplied, removeFields, withNamedFields } from './merge.js';
import { problemsText, typedProblems } from './typed-problems.js';
import {
  itemElement,
  itemOf,
  memberOf,
  structureOf,
  type JsonObject,
  type Typed,
} from './structure.js';

export type ApplyOptions = ManagerOptions & {
  /** Takes over fields of other managers. */
  force: boolean;
};

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The merged object with its managedFields, not yet defaulted or validated; shares nothing with the
 * arguments. `live` undefined creates.
 * @throws StatusError 409 with upstream's conflict text and causes; 400 for mistyped fields and for
 * fields that the schema does not have (upstream's text, but it answers those with 500).
 */
export function* serverSideApply(
  live: JsonObject | undefined,
  applied: JsonObject,
  options: ApplyOptions,
): Asking<JsonObject> {
  const typed = typedOf(options);
  const config = checkedConfig(applied, options, typed);
  const base = withoutManagedFields(live ?? identityOf(config));
  const entries = yield* entriesOf(live, base, options);
  const self = entries.find((e) => isSelf(e, 'Apply', options));
  const others = entries.filter((e) => e !== self);
  const set = managedPart(fieldSetOf(config, typed), options.resetFields);
  const effective = removeFields(config, resetPart(config, options, typed), typed) ?? config;
  const merged = mergeApplied(base, effective, typed) as JsonObject;
  const owners = [...others, entryOf(options, 'Apply', set)];
  const pruned = yield* prune(merged, self, owners, options);
  // Pruning the last field of an object removes the object too, even an object that was applied as
  // {}.
  const next = pruned === merged ? merged : (mergeApplied(pruned, effective, typed) as JsonObject);
  const comparison = compareObjects(base, next, typed);
  const { in: changesIn } = yield* changesOf(others, base, next, comparison, options);
  const conflicts = conflictsOf(others, changesIn, live, options, typed);
  if (conflicts.length > 0 && !options.force) throw conflictError(conflicts);
  const kept = releaseChanged(others, changesIn);
  const entry = appliedEntry(options, set, comparison, self);
  if (!isEmptySet(set)) kept.push(entry);
  const result = cloneJson(next);
  result['metadata'] = withManagedFields(
    (result['metadata'] ?? {}) as JsonObject,
    cloneJson(inOrder(capUpdates(kept))),
    live,
  );
  syncLastApplied(result, live, applied, options);
  return result;
}

/** The time of an entry is that of the last apply that changed a value: owning more is none. */
function appliedEntry(
  options: ApplyOptions,
  set: FieldSet,
  { added, modified, removed }: Comparison,
  self: ManagedFieldsEntry | undefined,
): ManagedFieldsEntry {
  const { time, ...entry } = entryOf(options, 'Apply', set);
  const changed = ![added, modified, removed].every(isEmptySet);
  const at = changed ? time : self?.time;
  return at === undefined ? entry : { ...entry, time: at };
}

/**
 * Keeps the member order of the live object, so that an apply without a change gives equal bytes.
 */
function withManagedFields(
  metadata: JsonObject,
  managedFields: ManagedFieldsEntry[],
  live: JsonObject | undefined,
): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys((live?.['metadata'] ?? {}) as JsonObject)) {
    if (key === 'managedFields') out[key] = managedFields;
    else if (Object.hasOwn(metadata, key)) setMember(out, key, metadata[key]);
  }
  for (const [key, value] of Object.entries(metadata))
    if (!Object.hasOwn(out, key)) setMember(out, key, value);
  return { ...out, managedFields };
}

/** The manager 'before-first-apply' owns the fields of an object without managers. */
function* entriesOf(
  live: JsonObject | undefined,
  base: JsonObject,
  options: ApplyOptions,
): Asking<ManagedFieldsEntry[]> {
  if (!live) return [];
  const { managedFields } = live['metadata'] as { managedFields?: ManagedFieldsEntry[] };
  if (managedFields?.length) return managedFields;
  const { subresource: _, ...rest } = options;
  return yield* updateManagedFields(undefined, base, { ...rest, manager: 'before-first-apply' });
}

function checkedConfig(applied: JsonObject, options: ApplyOptions, typed: Typed): JsonObject {
  const config = cloneJson(applied);
  const metadata = config['metadata'];
  if (
    isJsonObject(metadata) &&
    metadata['managedFields'] !== undefined &&
    metadata['managedFields'] !== null
  )
    throw badRequest('metadata.managedFields must be nil');
  const { namespace, name } = (metadata ?? {}) as { namespace?: string; name?: string };
  const where = `failed to create typed patch object (${namespace ?? ''}/${name ?? ''}; ${options.apiVersion}, Kind=${applied['kind'] as string})`;
  if ('typed' in options) {
    const problems = typedProblems(config, typed);
    if (problems.length)
      throw new StatusError({ message: `${where}: ${problemsText(problems)}`, code: 500 });
    return config;
  }
  const { object, problems } = decodeAsWritten(config, options.schemaName, options.table, 'Strict');
  const unknown = problems
    .map((p) => /^unknown field "(.*)"$/.exec(p)?.[1])
    .filter((path) => path !== undefined);
  if (unknown.length)
    throw typedPatchError(
      where,
      unknown.map((path) => `.${path}: field not declared in schema`),
    );
  const doubled = doubledItems(object, typed, '');
  if (doubled.length) throw typedPatchError(where, doubled);
  return object;
}

const typedPatchError = (where: string, problems: readonly string[]): StatusError =>
  badRequest(`${where}: ${problemsText(problems)}`);

function doubledItems(value: unknown, typed: Typed, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const structure = structureOf(typed, value);
  if (structure.kind === 'map')
    return Object.entries(value).flatMap(([key, member]) =>
      doubledItems(member, memberOf(typed, key), `${path}.${key}`),
    );
  if (structure.kind === 'leaf') return [];
  const seen = new Set<string>();
  return (value as unknown[]).flatMap((member) => {
    const element = itemElement(member, structure.keys, itemOf(typed));
    const text = pathText([element]);
    const doubled = seen.has(element) ? [`${path}: duplicate entries for key ${text}`] : [];
    seen.add(element);
    return [...doubled, ...doubledItems(member, itemOf(typed), path + text)];
  });
}

function identityOf(config: JsonObject): JsonObject {
  const { apiVersion, kind } = config;
  return { apiVersion, kind, metadata: {} };
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = (object['metadata'] ?? {}) as JsonObject;
  return { ...object, metadata };
}

/** Fields of the configuration that the endpoint ignores. */
function resetPart(config: JsonObject, { resetFields = [] }: ApplyOptions, typed: Typed): FieldSet {
  if (resetFields.length === 0) return EMPTY_SET;
  const all = withNamedFields(fieldSetOf(config, typed), typed);
  return difference(all, managedKeep(all, resetFields));
}

function managedKeep(set: FieldSet, resetFields: readonly (readonly string[])[]): FieldSet {
  let kept = set;
  for (const [first, ...rest] of resetFields) {
    const key = `f:${first}`;
    const node = kept[key];
    if (node === undefined) continue;
    const { [key]: _, ...others } = kept;
    kept = rest.length === 0 ? others : { ...others, [key]: managedKeep(node, [rest]) };
  }
  return kept;
}

/**
 * Removes fields that the manager applied before, does not apply now, and no other manager owns.
 * `owners` have the entry of this apply too.
 */
function* prune(
  merged: JsonObject,
  self: ManagedFieldsEntry | undefined,
  owners: readonly ManagedFieldsEntry[],
  options: ApplyOptions,
): Asking<JsonObject> {
  if (!self || isEmptySet(setOf(self))) return merged;
  const versions = new Set([self, ...owners].map((entry) => versionOf(entry, options)));
  if (versions.size > 1) return yield* pruneAcross(merged, self, owners, options);
  const typed = typedOf(options);
  const owned = unionAll(owners.map(setOf));
  const gone = difference(withNamedFields(setOf(self), typed), withNamedFields(owned, typed));
  return (removeFields(merged, gone, typed) ?? {}) as JsonObject;
}

/** Entries of kinds with one schema count as of the version of the request. */
const versionOf = ({ apiVersion }: ManagedFieldsEntry, options: ApplyOptions): string =>
  'typedIn' in options && apiVersion !== undefined ? apiVersion : options.apiVersion;

/** As prune, by the fields that the object has in the version of each owner. */
function* pruneAcross(
  merged: JsonObject,
  self: ManagedFieldsEntry,
  owners: readonly ManagedFieldsEntry[],
  options: ApplyOptions,
): Asking<JsonObject> {
  const first = versionOf(self, options);
  const firstTyped = typedIn(options, first);
  if (!firstTyped) return merged;
  const last = withNamedFields(setOf(self), firstTyped);
  const before = yield* shownIn(merged, first, options);
  let left = without(before, last, firstTyped);
  const versions = new Set([first, ...owners.map((entry) => versionOf(entry, options))]);
  for (const version of versions) {
    const typed = typedIn(options, version);
    if (!typed) continue;
    const all = yield* shownIn(merged, version, options);
    left = yield* shownIn(left, version, options);
    const here = owners.filter((entry) => versionOf(entry, options) === version);
    const owned = withNamedFields(unionAll(here.map(setOf)), typed);
    const kept = union(namedFieldsOf(left, typed), owned);
    left = without(all, difference(namedFieldsOf(all, typed), kept), typed);
  }
  left = yield* shownIn(left, first, options);
  const lost = difference(namedFieldsOf(before, firstTyped), namedFieldsOf(left, firstTyped));
  const pruned = without(before, intersection(lost, last), firstTyped);
  return yield* shownIn(pruned, options.apiVersion, options);
}

const namedFieldsOf = (object: JsonObject, typed: Typed): FieldSet =>
  withNamedFields(fieldSetOf(object, typed), typed);

/** A converter needs the identity of what is left. */
function without(object: JsonObject, gone: FieldSet, typed: Typed): JsonObject {
  const { apiVersion, kind, metadata } = object;
  const left = (removeFields(object, gone, typed) ?? {}) as JsonObject;
  return { metadata, ...left, apiVersion, kind };
}

interface Conflict {
  entry: ManagedFieldsEntry;
  path: string;
}

function conflictsOf(
  others: readonly ManagedFieldsEntry[],
  changesIn: ChangesIn,
  live: JsonObject | undefined,
  options: ApplyOptions,
  typed: Typed,
): Conflict[] {
  // kubectl may take over the fields that it applied client-side before.
  const lastApplied = options.manager === 'kubectl' ? lastAppliedSet(live, typed) : undefined;
  const conflicts: Conflict[] = [];
  for (const entry of others) {
    const changes = changesIn(entry.apiVersion);
    if (!changes) continue;
    const changed = union(changes.modified, changes.added);
    const contested = lastApplied ? difference(changed, lastApplied) : changed;
    for (const path of members(intersection(setOf(entry), contested)))
      conflicts.push({ entry, path: pathText(path) });
  }
  return conflicts;
}

function annotationsOf(object: JsonObject | undefined): JsonObject {
  const metadata = object?.['metadata'];
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

function lastAppliedSet(live: JsonObject | undefined, typed: Typed): FieldSet | undefined {
  const text = annotationsOf(live)[LAST_APPLIED];
  if (typeof text !== 'string') return undefined;
  try {
    return fieldSetOf(parseJson(text).value, typed);
  } catch {
    return undefined;
  }
}

/** Updates kubectl's client-side annotation, where it exists, at server-side applies. */
function syncLastApplied(
  result: JsonObject,
  live: JsonObject | undefined,
  applied: JsonObject,
  options: ApplyOptions,
): void {
  if (options.manager !== 'kubectl' || annotationsOf(live)[LAST_APPLIED] === undefined) return;
  const annotations = annotationsOf(result);
  const sent = cloneJson(applied);
  delete annotationsOf(sent)[LAST_APPLIED];
  annotations[LAST_APPLIED] = `${jsonText(sent)}\n`;
}

function managerText({ manager, subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ''}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: path,
  }));
  if (conflicts.length === 1) {
    const { entry, path } = conflicts[0]!;
    return statusError(
      'Conflict',
      `Apply failed with 1 conflict: conflict with ${managerText(entry)}: ${path}`,
      { causes },
    );
  }
  const byManager = new Map<string, string[]>();
  for (const { entry, path } of conflicts)
    byManager.set(managerText(entry), [...(byManager.get(managerText(entry)) ?? []), path]);
  const lines = [...byManager]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([manager, paths]) => [`conflicts with ${manager}:`, ...paths.map((p) => `- ${p}`)]);
  return statusError(
    'Conflict',
    `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`,
    { causes },
  );
}
