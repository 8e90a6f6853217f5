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
    };
    this.folder = `${root}/${definition.storage ?? ''}`;
  }

  get cache(): ResourceCache {
    if (!this.maybeCache) throw badRequest(`${this.resource} are not stored`);
    return this.maybeCache;
  }

  has(verb: string): boolean {
    return this.definition.facts.verbs.includes(verb);
  }

  /** Key within the cache. */
  keyOf(namespace: string, name: string): string {
    return this.namespaced ? `${namespace}/${name}` : name;
  }

  storeKey(key: string): string {
    return `${this.folder}/${key}`;
  }

  /** The shared object in this resource's shape, which must not be changed. */
  object(entry: Entry): ApiObject {
    return this.definition.stored ? entry.memo(this, () => this.parse(entry)) : entry.object();
  }

  /** A copy of the object, which the caller may change. */
  parse(entry: Entry): ApiObject {
    const object = entry.parse();
    return this.definition.stored ? this.definition.stored.fromStored(object) : object;
  }

  /** The served bytes in this resource's shape. */
  bytes(entry: Entry): Buffer {
    if (!this.definition.stored) return entry.bytes;
    return entry.memo(
      this.kindKey,
      () => spliceRevision(encodeStored(this.parse(entry)), entry.revision).bytes,
    );
  }

  private readonly kindKey = {};

  /** The stored form of an object of this resource. */
  encode(object: ApiObject): Buffer {
    return encodeStored(
      this.definition.stored ? this.definition.stored.toStored(structuredClone(object)) : object,
    );
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
    const { selectableFields } = this.definition;
    for (const { field } of selector.requirements) {
      if (
        field === 'metadata.name' ||
        (field === 'metadata.namespace' && (this.namespaced || !selectableFields))
      )
        continue;
      if (!selectableFields)
        throw badRequest(
          `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      if (!Object.hasOwn(selectableFields, field))
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

  add(resource: ServedResource): void {
    this.byPath.set(`${resource.group}/${resource.version}/${resource.resource}`, resource);
    this.generation++;
  }

  remove(resource: ServedResource): void {
    if (this.byPath.delete(`${resource.group}/${resource.version}/${resource.resource}`))
      this.generation++;
  }

  hasGroup(group: string): boolean {
    for (const resource of this.byPath.values()) if (resource.group === group) return true;
    return false;
  }

  hasVersion(group: string, version: string): boolean {
    for (const resource of this.byPath.values())
      if (resource.group === group && resource.version === version) return true;
    return false;
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.byPath.get(`${group}/${version}/${resource}`);
  }

  all(): ServedResource[] {
    return [...this.byPath.values()];
  }
}
