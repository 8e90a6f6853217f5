// The shapes of an object under admission: the resources that show the same stored objects in other
// groups or versions (upstream runtime.EquivalentResourceMapper and ObjectConvertor).
import { typedOf as typedOfSchema } from '../../apimachinery/apply/managed-fields.js';
import type { Typed } from '../../apimachinery/apply/structure.js';
import { decodeObject, type DecodeMode } from '../../apimachinery/codec/strict.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { schemaNameOf } from '../../apimachinery/schema/kinds.js';
import type { Entry } from '../cache/entry.js';
import { decodingReason } from '../codec/body.js';
import type { ObjectCodec, ResourceDefinition } from '../resource/definition.js';
import type { ServedResource, ServedResources } from '../served/served.js';

/** The objects of a kind from the watch cache, in the shape of its version. */
export interface ObjectsOfKind {
  /** Plural, as in URLs. */
  readonly resource: string;
  readonly namespaced: boolean;
  get(namespace: string, name: string): Promise<ApiObject | undefined>;
  list(
    namespace: string,
    selects: (labels: Readonly<Record<string, string>> | undefined) => boolean,
  ): Promise<readonly ApiObject[]>;
}

export interface ObjectShapes {
  /** The stored objects of a kind, custom resources too; undefined when none is served. */
  objectsOf(apiVersion: string, kind: string): ObjectsOfKind | undefined;
  /**
   * The other resources that show the stored objects of `resource` and have the subresource too,
   * in the order in which they were registered.
   */
  equivalents(resource: ResourceDefinition, subresource: string): readonly ResourceDefinition[];
  /** A copy in the shape of `to`. The object of a part with a kind of its own stays as it is. */
  convert(object: ApiObject, from: ResourceDefinition, to: ResourceDefinition): Promise<ApiObject>;
  /**
   * Makes an object from JSON of any kind that the server knows, and sets defaults. Unknown fields
   * are left out, or refused by the mode 'Strict'. Custom resources keep unknown fields.
   * @throws Error in the words of upstream's decoder.
   */
  decode(value: unknown, resource: ResourceDefinition, mode?: 'Ignore' | 'Strict'): ApiObject;
  /** The type by which applied parts of the object are merged; undefined for an unknown kind. */
  typedOf(object: ApiObject, resource: ResourceDefinition): Typed | undefined;
}

const isOwnKind = (object: ApiObject | undefined, { facts }: ResourceDefinition): boolean =>
  object?.kind === facts.kind && object.apiVersion === apiVersionOf(facts);

/** Unknown fields stay until the object is stored; metadata is that of every object. */
function decodeCustom(value: unknown, resource: ResourceDefinition, codec: ObjectCodec): ApiObject {
  const raw = value as ApiObject & Record<string, unknown>;
  let metadata: ApiObject['metadata'];
  try {
    ({ metadata } = codec.decode({ ...structuredClone(raw) }, 'Ignore', []).object);
  } catch (error) {
    throw new Error(decodingReason(error), { cause: error });
  }
  const object = { ...raw, metadata };
  resource.defaults?.(object);
  return object;
}

function objectsOf(resource: ServedResource): ObjectsOfKind {
  const { cache, namespaced, definition } = resource;
  const show = async (entries: readonly Entry[]): Promise<readonly ApiObject[]> =>
    (await resource.ready(entries)).map((entry) => resource.object(entry));
  return {
    resource: definition.facts.resource,
    namespaced,
    async get(namespace, name) {
      const entry = cache.index.get(resource.keyOf(namespace, name));
      return entry && (await show([entry]))[0];
    },
    // Conversion keeps labels, so only the selected objects are converted.
    list: (namespace, selects) =>
      show(
        cache.index
          .view()
          .collect(namespaced ? `${namespace}/` : '')
          .filter((entry) => selects(entry.object().metadata.labels)),
      ),
  };
}

export function createShapes(resources: ServedResources): ObjectShapes {
  const known = new Map<string, readonly ResourceDefinition[]>();
  let generation = -1;
  const servedOf = ({ facts }: ResourceDefinition): ServedResource | undefined =>
    resources.find(facts.group, facts.version, facts.resource);

  function equivalents(
    definition: ResourceDefinition,
    subresource: string,
  ): readonly ResourceDefinition[] {
    if (generation !== resources.generation) {
      known.clear();
      ({ generation } = resources);
    }
    const { group, version, resource } = definition.facts;
    const key = `${group}/${version}/${resource}/${subresource}`;
    let found = known.get(key);
    if (found) return found;
    const { storage } = definition;
    found =
      storage === undefined
        ? []
        : resources
            .all()
            .map((served) => served.definition)
            .filter(
              (other) =>
                other !== definition &&
                other.storage === storage &&
                (!subresource ||
                  other.facts.subresources?.some(({ name }) => name === subresource)),
            );
    known.set(key, found);
    return found;
  }

  async function convert(
    object: ApiObject,
    from: ResourceDefinition,
    to: ResourceDefinition,
  ): Promise<ApiObject> {
    const copy = structuredClone(object);
    if (from === to || !isOwnKind(object, from)) return copy;
    const out = from.stored;
    const stored = out ? await (out.convert?.toStored(copy) ?? out.toStored(copy)) : copy;
    const back = to.stored;
    if (!back) return stored;
    if (!back.convert || stored.apiVersion === apiVersionOf(to.facts))
      return back.fromStored(stored);
    const [converted] = await back.convert.fromStored([stored]);
    return converted!;
  }

  function typedOf(object: ApiObject, resource: ResourceDefinition): Typed | undefined {
    if (resource.codec && isOwnKind(object, resource)) return resource.codec.typed();
    const table = servedOf(resource)?.schemas ?? {};
    const schemaName = schemaNameOf(table, object.apiVersion, object.kind);
    return schemaName === undefined ? undefined : typedOfSchema({ schemaName, table });
  }

  function decode(
    value: unknown,
    resource: ResourceDefinition,
    mode: DecodeMode = 'Ignore',
  ): ApiObject {
    const { apiVersion = '', kind = '' } = (value ?? {}) as { apiVersion?: string; kind?: string };
    if (resource.codec && isOwnKind(value as ApiObject, resource))
      return decodeCustom(value as ApiObject, resource, resource.codec);
    const schemas = servedOf(resource)?.schemas ?? {};
    const schema = schemaNameOf(schemas, apiVersion, kind);
    if (!schema)
      throw new Error(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
      );
    let object: ApiObject;
    let problems: string[];
    try {
      ({ object, problems } = decodeObject<ApiObject>(
        value as Record<string, unknown>,
        schema,
        schemas,
        mode,
      ));
    } catch (error) {
      throw new Error(decodingReason(error), { cause: error });
    }
    // The mode Ignore has no problems.
    if (problems.length) throw new Error(`strict decoding error: ${problems.join(', ')}`);
    object.metadata ??= { name: '' };
    if (isOwnKind(object, resource)) resource.defaults?.(object);
    return object;
  }

  return {
    equivalents,
    convert,
    decode,
    typedOf,
    objectsOf(apiVersion, kind) {
      const served = resources
        .all()
        .find((one) => one.kind === kind && one.apiVersion === apiVersion && one.maybeCache);
      return served && objectsOf(served);
    },
  };
}
