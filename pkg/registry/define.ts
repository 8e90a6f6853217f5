// Joins a kind's behaviour with the facts of the API (verbs, names, schema). The contract is
// pkg/apiserver/resource/definition.ts; registry.ts lists all definitions.
// Invariant: a definition without facts or a schema stops the process at load, so that every served
// resource is complete.
import { COLUMNS } from '../apis/facts/columns.js';
import { MESSAGES } from '../apis/facts/messages.js';
import { GATED_RESOURCES } from '../apis/facts/gated-resources.js';
import { RESOURCES } from '../apis/facts/resources.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { FieldError } from '../apimachinery/errors/status-error.js';
import type { ResourceFacts } from '../apimachinery/schema/facts.js';
import {
  subdomainName,
  validateObjectMeta,
  validateObjectMetaUpdate,
  type NameRule,
} from '../apis/meta/v1/object-meta.js';
import type { Cell, ResourceDefinition } from '../apiserver/resource/definition.js';
import { assert } from '../util/assert/assert.js';
import { age } from './cells.js';
import { keepSpec, keepStatus } from './strategy.js';
import type { PodTemplateSpec } from '../apis/core/v1/types.js';
import { dnsLabelWarnings, podTemplateWarnings } from '../apis/core/v1/pod-warnings.js';
import { dropGatedFields } from './pod-gates.js';

// The strategies of all kinds with a pod template drop fields of disabled feature gates and give
// warnings about the template (upstream pkg/registry/apps/*/strategy.go and others).
interface PodTemplateOf<T> {
  of: (object: T) => PodTemplateSpec | undefined;
  /** Path of the template in warnings: 'spec.template'. */
  path: string;
  /** The kind's name is the first part of host names, which are DNS labels. */
  namesPods?: boolean;
}

type Strategy<T extends ApiObject> = Pick<
  ResourceDefinition<T>,
  'prepareCreate' | 'prepareUpdate' | 'warnings'
>;

const withPodTemplate = <T extends ApiObject>(
  { of, path, namesPods }: PodTemplateOf<T>,
  own: Strategy<T>,
): Strategy<T> => ({
  prepareCreate(object, context) {
    own.prepareCreate?.(object, context);
    dropGatedFields(of(object)?.spec, undefined);
  },
  prepareUpdate(next, old, context) {
    own.prepareUpdate?.(next, old, context);
    dropGatedFields(of(next)?.spec, of(old)?.spec);
  },
  warnings(object, old) {
    // An update that leaves the spec alone warns about nothing again.
    if (old && old.metadata.generation === object.metadata.generation) return [];
    return [
      ...(namesPods && !old ? dnsLabelWarnings(object.metadata.name) : []),
      ...podTemplateWarnings(of(object), path),
      ...(own.warnings?.(object, old) ?? []),
    ];
  },
});

const schemaByKind = new Map<string, string>();
for (const [schema, message] of Object.entries(MESSAGES)) {
  for (const { group, version, kind } of message.gvk ?? []) {
    // Kinds such as DeleteOptions are listed for every group; the resources' kinds are unique.
    schemaByKind.set(`${group}/${version}/${kind}`, schema);
  }
}

const factsByResource = new Map<string, ResourceFacts>();
for (const facts of [...RESOURCES, ...GATED_RESOURCES])
  factsByResource.set(`${facts.group}/${facts.version}/${facts.resource}`, facts);

type ResourceBehaviour<T extends ApiObject> = Omit<ResourceDefinition<T>, 'facts' | 'schema'>;

/**
 * A definition without what the facts give. The default of `storage` is the resource's name. A kind
 * with a status keeps it in updates, and the status endpoint keeps the spec, unless the kind has
 * functions of its own.
 */
export type Behaviour<T extends ApiObject> = ResourceBehaviour<T> & {
  /** The rule for names of this kind; default subdomainName. */
  name?: NameRule;
  /** A table row without its name and its age; for kinds without `row`. */
  cells?: (object: T, now: number) => Cell[];
  /** The status of new objects of a kind without prepareCreate. */
  freshStatus?: () => object;
  /** Kinds with a pod template: the API drops its gated fields and warns about it. */
  podTemplate?: PodTemplateOf<T>;
  /**
   * Upstream's update strategy of this kind validates the whole object, or its spec only, twice.
   * Each error stands twice among the causes.
   */
  validatesTwice?: 'all' | 'spec';
};

type Validation<T extends ApiObject> = Pick<
  ResourceDefinition<T>,
  'validate' | 'validateUpdate' | 'status'
>;

/** Joins the kind's own checks with those of the metadata. */
function validationOf<T extends ApiObject>(
  behaviour: Behaviour<T>,
  namespaced: boolean,
): Validation<T> {
  const { name = subdomainName, validate, validateUpdate, validatesTwice, status } = behaviour;
  const validateAll = (object: T): FieldError[] => [
    ...validateObjectMeta(object.metadata, namespaced, name),
    ...(validate?.(object) ?? []),
  ];
  const again = validatesTwice === 'all' ? validateAll : validatesTwice && validate;
  const update =
    (own: ((next: T, old: T) => FieldError[]) | undefined) =>
    (next: T, old: T): FieldError[] => [
      ...validateObjectMetaUpdate(next.metadata, old.metadata),
      ...(own?.(next, old) ?? []),
    ];
  return {
    validate: validateAll,
    validateUpdate: update((next, old) => [
      ...(again?.(next) ?? []),
      ...(validateUpdate?.(next, old) ?? []),
    ]),
    ...(status && {
      status: { prepareUpdate: keepSpec, ...status, validateUpdate: update(status.validateUpdate) },
    }),
  };
}

type Row<T extends ApiObject> = NonNullable<ResourceDefinition<T>['row']>;

/** The cells between those that every object has, in the order of the kind's columns. */
function rowOf<T extends ApiObject>(kind: string, cells: Row<T>): Row<T> {
  const columns = COLUMNS[kind] ?? [];
  const [nameAt, ageAt] = ['Name', 'Age'].map((column) =>
    columns.findIndex(({ name }) => name === column),
  ) as [number, number];
  return (object, now) => {
    const row = [...cells(object, now)];
    row.splice(nameAt, 0, object.metadata.name);
    row.splice(ageAt, 0, age(object, now));
    return row;
  };
}

/** Throws at load when the API facts do not know `type`. */
export function defineResource<T extends ApiObject>(
  definition: { type: ResourceType<T> } & Behaviour<NoInfer<T>>,
): ResourceDefinition<T> {
  const {
    type,
    name: _name,
    podTemplate,
    validatesTwice: _twice,
    freshStatus,
    cells,
    ...given
  } = definition;
  const own: ResourceBehaviour<T> = {
    storage: type.resource,
    ...(cells && { row: rowOf<T>(type.kind, cells) }),
    ...(given.status && { prepareUpdate: keepStatus }),
    ...(freshStatus && {
      prepareCreate: (object) => void Object.assign(object, { status: freshStatus() }),
    }),
    ...given,
  };
  const behaviour = podTemplate ? { ...own, ...withPodTemplate<T>(podTemplate, own) } : own;
  const facts = factsByResource.get(`${type.group}/${type.version}/${type.resource}`);
  assert(facts !== undefined, `no facts for ${type.resource}.${type.version}.${type.group}`);
  const schema = schemaByKind.get(`${type.group}/${type.version}/${type.kind}`);
  assert(schema !== undefined, `no schema for ${type.kind}.${type.version}.${type.group}`);
  return { facts, schema, ...behaviour, ...validationOf<T>(definition, facts.namespaced) };
}
