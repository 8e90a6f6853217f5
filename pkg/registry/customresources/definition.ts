// Makes the resources of a CustomResourceDefinition: a ResourceDefinition for each served version,
// with the structural schemas in the place of the fact tables. Schemas are compiled at first use.
// Source: apiextensions-apiserver, customresource_handler.go, and the strategies of its registry.
import { cloneJson } from '../../apimachinery/meta/clone.js';
import { compileSchema, type SchemaProgram } from '../../apiextensions/values/program.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { statusError, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { ResourceFacts, SubresourceFacts } from '../../apimachinery/schema/facts.js';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  WebhookConversion,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';
import {
  isStandardFinalizer,
  subdomainName,
  validateForeignObjectMeta,
  validateObjectMetaUpdate,
} from '../../apis/meta/v1/object-meta.js';
import type { Convert } from '../../apiserver/customresources/conversion.js';
import type { PublishedKind, ResourceDefinition } from '../../apiserver/resource/definition.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';
import { columnsOf } from './columns.js';
import { parseJsonPath, type JsonPath } from '../../apiextensions/jsonpath/json-path.js';
import { scaleOfCustomResource, validateScaleOf } from './scale.js';
import { loadEngine } from '../../apiextensions/rules/engine.js';
import { compareVersions } from '../../apimachinery/meta/versions.js';

// The warnings of deprecated versions (apiextensions-apiserver
// pkg/apiserver/customresource_handler.go).

/** The author's text, or one that names a better version where one is served. */
function deprecationOf(
  { spec }: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
): string[] {
  if (!version.deprecated) return [];
  if (version.deprecationWarning !== undefined) return [version.deprecationWarning];
  const { group, names } = spec;
  const nameOf = (name: string) => `${apiVersionOf({ group, version: name })} ${names.kind}`;
  const better = spec.versions
    .filter(
      ({ name, served, deprecated }) =>
        served && !deprecated && compareVersions(name, version.name) < 0,
    )
    .map(({ name }) => name)
    .sort(compareVersions)[0];
  const advice = better === undefined ? '' : `; use ${nameOf(better)}`;
  return [`${nameOf(version.name)} is deprecated${advice}`];
}

// The compiled schemas of a definition's versions. A schema is read and compiled at first use.
interface Schemas {
  of(version: string): SchemaProgram;
  ofApiVersion(apiVersion: string): SchemaProgram | undefined;
  /** The schema of a version as the definition has it. */
  source(version: string): JSONSchemaProps | undefined;
  /** Loads what the rules of a version need. */
  load(version: string): Promise<void> | undefined;
}

/** `current` reads the definition, which may be gone by then. */
function createSchemas(
  { spec }: Pick<CustomResourceDefinition, 'spec'>,
  current: () => CustomResourceDefinition | undefined,
): Schemas {
  const programs = new Map<string, SchemaProgram>();
  const loaded = new Set<string>();
  const source = (version: string): JSONSchemaProps | undefined =>
    current()?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
  const of = (version: string): SchemaProgram =>
    getOrInsert(programs, version, () => compileSchema(source(version), spec.names.kind));
  return {
    of,
    source,
    ofApiVersion(apiVersion) {
      const found = spec.versions.find(
        ({ name }) => apiVersionOf({ group: spec.group, version: name }) === apiVersion,
      );
      return found && of(found.name);
    },
    load(version) {
      if (loaded.has(version)) return undefined;
      const schema = source(version);
      const loading = schema && loadEngine([schema]);
      if (!loading) loaded.add(version);
      return loading?.then(() => void loaded.add(version));
    },
  };
}

type WithStatus = ApiObject & { status?: unknown };

const READS = ['delete', 'deletecollection', 'get', 'list'];
const ALL_VERBS = [...READS, 'patch', 'create', 'update', 'watch'];

/** Storage and names of a definition. */
export interface Served {
  readonly definition: CustomResourceDefinition;
  readonly version: CustomResourceDefinitionVersion;
  readonly schemas: Schemas;
  readonly convert: Convert;
  /** Reads the definition again. */
  readonly current: () => CustomResourceDefinition | undefined;
  /** The schema gives a default to the status, which a new object is stored without. */
  readonly hasStatusDefault: boolean;
}

function subresourcesOf({ subresources }: CustomResourceDefinitionVersion, kind: string) {
  const verbs = ['get', 'patch', 'update'];
  const out: SubresourceFacts[] = [];
  if (subresources?.status !== undefined) out.push({ name: 'status', kind, verbs });
  if (subresources?.scale)
    out.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs });
  return out;
}

function factsOf({ spec, status }: CustomResourceDefinition, served: Served['version']) {
  const names = status?.acceptedNames ?? spec.names;
  const { kind, shortNames, categories } = names;
  const isTerminating = isConditionTrue(status?.conditions ?? [], 'Terminating');
  const subresources = subresourcesOf(served, kind);
  const facts: ResourceFacts = {
    group: spec.group,
    version: served.name,
    kind,
    resource: names.plural,
    singular: names.singular ?? '',
    namespaced: spec.scope === 'Namespaced',
    verbs: isTerminating ? [...READS, 'watch'] : ALL_VERBS,
    ...(shortNames?.length && { shortNames }),
    ...(categories?.length && { categories }),
    ...(subresources.length && { subresources }),
  };
  return { facts, isTerminating };
}

/** Takes everything but status and managedFields from the stored object. */
function keepAllButStatus(next: WithStatus, old: WithStatus): void {
  const { status } = next;
  const { managedFields } = next.metadata;
  const target = next as unknown as Record<string, unknown>;
  for (const field of Object.keys(target)) delete target[field];
  Object.assign(target, cloneJson(old));
  if (status === undefined) delete next.status;
  else next.status = status;
  if (managedFields) next.metadata.managedFields = managedFields;
  else delete next.metadata.managedFields;
}

type Stored = NonNullable<ResourceDefinition['stored']>;

/**
 * How the stored objects of all versions become objects of this one, and back. Objects get the
 * defaults of the version that they are stored in, and are pruned by both.
 */
function storedOf({ definition, version, schemas, convert, hasStatusDefault }: Served): Stored {
  const { group, versions, conversion } = definition.spec;
  const own = apiVersionOf({ group, version: version.name });
  const storage = versions.find((one) => one.storage)!.name;
  const target = apiVersionOf({ group, version: storage });
  const { webhook } = conversion ?? {};
  const pruned = (object: ApiObject, name: string): ApiObject => {
    schemas.of(name).prune(object);
    return object;
  };
  const byWebhook = (to: WebhookConversion): NonNullable<Stored['convert']> => ({
    async fromStored(objects) {
      for (const object of objects) schemas.ofApiVersion(object.apiVersion)?.fromStorage(object);
      const converted = await convert(to, objects, own);
      return converted.map((object) => pruned(object, version.name));
    },
    async toStored(object) {
      if (storage === version.name) return object;
      const [converted] = await convert(to, [object], target);
      return pruned(converted!, storage);
    },
    toVersion: async (object, apiVersion) => (await convert(to, [object], apiVersion))[0]!,
  });
  return {
    ...(conversion?.strategy === 'Webhook' && webhook && { convert: byWebhook(webhook) }),
    isOwnShape: storage === version.name && !hasStatusDefault,
    fromStored(object) {
      const from = object.apiVersion;
      schemas.ofApiVersion(from)?.fromStorage(object);
      if (from === own) return object;
      object.apiVersion = own;
      return pruned(object, version.name);
    },
    toStored(object) {
      if (storage === version.name) return object;
      object.apiVersion = target;
      return pruned(object, storage);
    },
  };
}

const selectableOf = ({
  selectableFields = [],
}: CustomResourceDefinitionVersion): Record<string, (object: ApiObject) => string> =>
  Object.fromEntries(
    selectableFields.map(({ jsonPath }) => {
      let path: JsonPath | undefined;
      const text = (object: ApiObject): string => {
        path ??= parseJsonPath(jsonPath);
        const [value] = path?.find(object) ?? [];
        return value === undefined || value === null ? '' : String(value as string | number);
      };
      return [jsonPath.replace(/^\./, ''), text];
    }),
  );

/** Finalizers that are new in the object and may clash with those of others. */
function finalizerWarnings({ metadata }: ApiObject, old?: ApiObject): string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = new Set(metadata.finalizers?.filter((finalizer) => !before.has(finalizer)));
  return [...added]
    .filter((finalizer) => !isStandardFinalizer(finalizer))
    .sort()
    .map(
      (finalizer) =>
        `metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}

type Checks = Pick<ResourceDefinition, 'validateCreate' | 'validateUpdate' | 'status'>;

function checksOf(
  facts: ResourceFacts,
  version: Served['version'],
  schema: () => SchemaProgram,
): Checks {
  const { subresources } = version;
  const hasStatus = subresources?.status !== undefined;
  const scaleErrors = (object: ApiObject): FieldError[] =>
    subresources?.scale ? validateScaleOf(object, subresources.scale) : [];
  const metaErrors = ({ metadata }: ApiObject): FieldError[] =>
    validateForeignObjectMeta(metadata, facts.namespaced, subdomainName);
  const validateUpdate: Checks['validateUpdate'] = (next, old, warn) => [
    ...metaErrors(next),
    ...validateObjectMetaUpdate(next.metadata, old.metadata),
    ...schema().validateUpdate(next, old, warn),
    ...scaleErrors(next),
  ];
  return {
    validateCreate: (object) => [
      ...metaErrors(object),
      ...schema().validate(object),
      ...scaleErrors(object),
    ],
    validateUpdate,
    ...(hasStatus && {
      status: { resets: STATUS_ALONE.resets, prepareUpdate: keepAllButStatus, validateUpdate },
    }),
  };
}

function publishedOf(
  { definition, version, schemas }: Served,
  facts: ResourceFacts,
): PublishedKind {
  const { group, kind, resource } = facts;
  const { spec, status } = definition;
  const listKind = status?.acceptedNames?.listKind ?? spec.names.listKind ?? `${kind}List`;
  return {
    group,
    version: version.name,
    kind,
    listKind,
    plural: resource,
    schema: () => schemas.source(version.name),
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) =>
      jsonPath.replace(/^\./, ''),
    ),
  };
}

function resourceOf(served: Served): ResourceDefinition {
  const { current, definition, version, schemas } = served;
  const { facts, isTerminating } = factsOf(definition, version);
  const { scale, status } = version.subresources ?? {};
  const hasStatus = status !== undefined;
  const schema = () => schemas.of(version.name);
  const notices = deprecationOf(definition, version);
  const selectableFields = selectableOf(version);
  return {
    facts,
    schema: `${facts.group.split('.').reverse().join('.')}.${facts.version}.${facts.kind}`,
    storage: `${facts.group}/${facts.resource}`,
    stored: storedOf(served),
    codec: {
      decode: (value, mode, duplicates) => schema().decode(value, mode, duplicates),
      typed: () => schema().typed(),
      typedOf: (apiVersion) => schemas.ofApiVersion(apiVersion)?.typed(),
      published: publishedOf(served, facts),
    },
    warnings: finalizerWarnings,
    load: () => schemas.load(version.name),
    defaults: (object) => schema().applyDefaults(object),
    ...columnsOf(version.additionalPrinterColumns),
    ...(Object.keys(selectableFields).length && { selectableFields }),
    ...(notices.length && { notices }),
    prepareCreate(object: WithStatus) {
      if (hasStatus) delete object.status;
    },
    prepareUpdate(next: WithStatus, old: WithStatus) {
      if (hasStatus) keepStatus(next, old);
    },
    ...checksOf(facts, version, schema),
    generation: hasStatus ? true : 'status',
    ...(scale && { scale: scaleOfCustomResource(scale) }),
    allowUnconditionalUpdate: false,
    ...(isTerminating && { refuses: refusesCreate(facts), hiddenVerbs: ALL_VERBS }),
    guard() {
      const { name, uid } = definition.metadata;
      const now = current();
      if (!now || now.metadata.uid !== uid || now.metadata.deletionTimestamp)
        throw refusesCreate(facts)('create')!;
      return { key: `${DEFINITIONS}/${name}`, revision: Number(now.metadata.resourceVersion) };
    },
  };
}

/** Where definitions are stored. */
const DEFINITIONS = '/registry/apiextensions.k8s.io/customresourcedefinitions';

/** The kind is going: what is created now would be removed at once. */
function refusesCreate({ group, resource }: ResourceFacts) {
  return (verb: string) =>
    verb === 'create'
      ? statusError(
          'MethodNotAllowed',
          'create not allowed while custom resource definition is terminating',
          { group, kind: resource },
        )
      : undefined;
}

/** The served versions of an established definition. `current` reads the definition again. */
export function customResourcesOf(
  { apiVersion, kind, metadata: { name, uid }, spec, status = {} }: CustomResourceDefinition,
  current: () => CustomResourceDefinition | undefined,
  convert: Convert,
): ResourceDefinition[] {
  // Resources keep no schema: they read it by `current`, if they need it.
  const versions = spec.versions.map(({ schema, ...version }) => ({
    ...version,
    hasStatusDefault:
      version.subresources?.status !== undefined &&
      schema?.openAPIV3Schema?.properties?.['status']?.default !== undefined,
  }));
  const definition = {
    apiVersion,
    kind,
    metadata: { name, uid: uid! },
    spec: { ...spec, versions },
    status,
  };
  const schemas = createSchemas(definition, current);
  return versions
    .filter(({ served }) => served)
    .map(({ hasStatusDefault, ...version }) =>
      resourceOf({ definition, version, schemas, convert, current, hasStatusDefault }),
    );
}
