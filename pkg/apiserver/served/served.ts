// A served resource: its definition joined with its cache and its keys. Only this file turns
// entries into the resource's objects and bytes, since entries may be stored in another version's
// shape.
import {
  alreadyExists,
  badRequest,
  conflict,
  notFound,
  type QualifiedResource,
} from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import type { FieldSelector } from '../../apimachinery/fields/selector.js';
import { Entry } from '../cache/entry.js';
import type { ResourceCache } from '../cache/resource-cache.js';
import type { ExpectedKind } from '../codec/body.js';
import { encodeStored, spliceRevision } from '../codec/object-bytes.js';
import type { ResourceDefinition } from '../resource/definition.js';

export class ServedResource implements QualifiedResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  /** The kind of a request body. */
  readonly expected: ExpectedKind;
  private readonly folder: string;

  constructor(
    readonly definition: ResourceDefinition,
    readonly schemas: SchemaTable,
    /** Absent for resources that store nothing. */
    readonly maybeCache: ResourceCache | undefined,
    root: string,
  ) {
    const { facts } = definition;
    this.group = facts.group;
    this.version = facts.version;
    this.resource = facts.resource;
    this.kind = facts.kind;
    this.namespaced = facts.namespaced;
    this.apiVersion = apiVersionOf(facts);
    this.expected = {
      group: facts.group,
      version: facts.version,
      kind: facts.kind,
      schema: definition.schema,
      ...(definition.codec && { codec: definition.codec }),
    };
    this.folder = `${root}/${definition.storage ?? ''}`;
  }

  get cache(): ResourceCache {
    if (!this.maybeCache) throw badRequest(`${this.resource} are not stored`);
    return this.maybeCache;
  }

  has(verb: string): boolean {
    const { facts, hiddenVerbs } = this.definition;
    return facts.verbs.includes(verb) || (hiddenVerbs?.includes(verb) ?? false);
  }

  /** Key within the cache. */
  keyOf(namespace: string, name: string): string {
    return this.namespaced ? `${namespace}/${name}` : name;
  }

  storeKey(key: string): string {
    return `${this.folder}/${key}`;
  }

  /** The entry in this resource's shape: `entry` itself where it is stored in that shape. */
  shown(entry: Entry): Entry {
    const { stored } = this.definition;
    if (!stored) return entry;
    return entry.memo(this.shapeKey, () => {
      const object = entry.parse();
      if (stored.convert && object.apiVersion !== this.apiVersion)
        throw new Error(`${this.resource} were not converted to ${this.version}`);
      const { revision } = entry;
      const served = spliceRevision(encodeStored(stored.fromStored(object)), revision);
      return served.bytes.equals(entry.bytes) ? entry : entry.shaped(served);
    });
  }

  /**
   * The entries in this resource's shape, where that takes a call (conversion webhooks); the
   * synchronous methods accept only such entries then. Nothing is kept: a converter may change its
   * answers. Throws what the converter's failure causes.
   */
  ready(entries: readonly Entry[]): readonly Entry[] | Promise<readonly Entry[]> {
    const convert = this.definition.stored?.convert;
    return convert ? this.converted(entries, convert.fromStored) : entries;
  }

  private async converted(
    entries: readonly Entry[],
    convert: (objects: ApiObject[]) => Promise<ApiObject[]>,
  ): Promise<readonly Entry[]> {
    const foreign = entries.filter(
      (entry) => !entry.has(this.shapeKey) && entry.object().apiVersion !== this.apiVersion,
    );
    if (!foreign.length) return entries;
    const objects = await convert(foreign.map((entry) => entry.parse()));
    const shown = new Map(
      foreign.map((entry, at) => [entry, this.asShown(entry, objects[at]!)] as const),
    );
    return entries.map((entry) => shown.get(entry) ?? entry);
  }

  private asShown(entry: Entry, object: ApiObject): Entry {
    return this.markShown(entry.shaped(spliceRevision(encodeStored(object), entry.revision)));
  }

  /** Notes that the bytes of `entry` have this resource's shape. */
  markShown(entry: Entry): Entry {
    return entry.memo(this.shapeKey, () => entry);
  }

  /** The shared object in this resource's shape, which must not be changed. */
  object(entry: Entry): ApiObject {
    return this.shown(entry).object();
  }

  /** A copy of the object, which the caller may change. */
  parse(entry: Entry): ApiObject {
    return this.shown(entry).parse();
  }

  /** The served bytes in this resource's shape. */
  bytes(entry: Entry): Buffer {
    return this.shown(entry).bytes;
  }

  private readonly shapeKey = {};

  /** `object` without the unknown fields that a patch in admission may have brought. */
  pruned(object: ApiObject): ApiObject {
    const { codec } = this.definition;
    if (!codec) return object;
    return codec.decode(object as unknown as Record<string, unknown>, 'Ignore', []).object;
  }

  /** The stored form of an object of this resource. */
  encode(object: ApiObject): Buffer | Promise<Buffer> {
    const { stored } = this.definition;
    if (!stored || stored.isOwnShape) return encodeStored(object);
    if (stored.convert) return stored.convert.toStored(structuredClone(object)).then(encodeStored);
    return encodeStored(stored.toStored(structuredClone(object)));
  }

  field(entry: Entry, name: string): string {
    if (name === 'metadata.name') return entry.name;
    if (name === 'metadata.namespace') return entry.namespace;
    const readers = this.definition.selectableFields!;
    const texts = entry.memo<Record<string, string>>(readers, () => ({}));
    return (texts[name] ??= readers[name]!(this.object(entry)));
  }

  /** Throws 400 for a field that this resource cannot be selected by. */
  checkFields(selector: FieldSelector): void {
    const { codec, selectableFields } = this.definition;
    for (const { field } of selector.requirements) {
      if (
        field === 'metadata.name' ||
        (field === 'metadata.namespace' && (this.namespaced || codec || !selectableFields))
      )
        continue;
      if (!selectableFields && !codec)
        throw badRequest(
          `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      if (!selectableFields || !Object.hasOwn(selectableFields, field))
        throw badRequest(`field label not supported: ${field}`);
    }
  }

  notFound(name: string): Error {
    return notFound(this, name);
  }
  alreadyExists(name: string): Error {
    return alreadyExists(this, name);
  }
  conflict(name: string, why?: string): Error {
    return conflict(this, name, why);
  }
}

/** The served resources by group, version and name. Resources come and go while the server runs. */
export class ServedResources {
  private readonly byPath = new Map<string, ServedResource>();
  /** Changes with the list, so that discovery and OpenAPI make new documents. */
  generation = 0;
  private readonly observers = new Set<() => void>();

  add(resource: ServedResource): void {
    this.byPath.set(`${resource.group}/${resource.version}/${resource.resource}`, resource);
    this.changed();
  }

  remove(resource: ServedResource): void {
    if (this.byPath.delete(`${resource.group}/${resource.version}/${resource.resource}`))
      this.changed();
  }

  /** Calls back after every change of the list. Returns a function that removes the observer. */
  observe(callback: () => void): () => void {
    this.observers.add(callback);
    return () => this.observers.delete(callback);
  }

  private changed(): void {
    this.generation++;
    for (const callback of this.observers) callback();
  }

  /** Whether a group has built-in resources, of one version or of any. */
  hasBuiltIn(group: string, version?: string): boolean {
    for (const resource of this.byPath.values())
      if (
        resource.group === group &&
        (version === undefined || resource.version === version) &&
        !resource.definition.codec
      )
        return true;
    return false;
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.byPath.get(`${group}/${version}/${resource}`);
  }

  all(): ServedResource[] {
    return [...this.byPath.values()];
  }
}
