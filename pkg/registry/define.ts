// Joins a kind's behaviour with the facts of the API (verbs, names, schema). What a definition says
// is in pkg/apiserver/resource.ts; the list of all of them is registry.ts. Nothing here runs requests.
// Invariant: a definition whose facts, schema or columns are missing stops the process at load, so
// that a served resource is never half known.
import { MESSAGES } from '../apis/facts/messages.js';
import { RESOURCES } from '../apis/facts/resources.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { ResourceFacts } from '../apimachinery/schema/facts.js';
import type { ResourceDefinition } from '../apiserver/resource.js';
import { assert } from '../util/assert/assert.js';

const schemaByKind = new Map<string, string>();
for (const [schema, message] of Object.entries(MESSAGES)) {
  for (const { group, version, kind } of message.gvk ?? []) {
    // Kinds such as DeleteOptions are listed for every group; the resources' kinds are unique.
    schemaByKind.set(`${group}/${version}/${kind}`, schema);
  }
}

const factsByResource = new Map<string, ResourceFacts>();
for (const facts of RESOURCES) {
  factsByResource.set(`${facts.group}/${facts.version}/${facts.resource}`, facts);
}

export type Behaviour<T extends ApiObject> = Omit<ResourceDefinition<T>, 'facts' | 'schema'>;

/** Throws at load when the API facts do not know `type`. */
export function defineResource<T extends ApiObject>(
  definition: { type: ResourceType<T> } & Behaviour<NoInfer<T>>,
): ResourceDefinition<T> {
  const { type, ...behaviour } = definition;
  const facts = factsByResource.get(`${type.group}/${type.version}/${type.resource}`);
  assert(facts !== undefined, `no facts for ${type.resource}.${type.version}.${type.group}`);
  const schema = schemaByKind.get(`${type.group}/${type.version}/${type.kind}`);
  assert(schema !== undefined, `no schema for ${type.kind}.${type.version}.${type.group}`);
  return { facts, schema, ...behaviour };
}
