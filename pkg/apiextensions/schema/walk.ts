// The schemas inside a schema, structural or not.
import type {
  CustomResourceDefinitionSpec,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';

/** The schemas of a definition's versions. */
export const schemasOf = ({ versions }: Partial<CustomResourceDefinitionSpec>): JSONSchemaProps[] =>
  (versions ?? []).flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);

/** Calls `visit` for each schema directly inside. */
export function eachInner(schema: JSONSchemaProps, visit: (inner: JSONSchemaProps) => void): void {
  const { items, additionalProperties, additionalItems, dependencies, not } = schema;
  if (Array.isArray(items)) items.forEach(visit);
  else if (items) visit(items);
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) list?.forEach(visit);
  for (const one of [not, additionalProperties, additionalItems])
    if (typeof one === 'object') visit(one);
  for (const map of [schema.properties, schema.patternProperties, schema.definitions])
    if (map) Object.values(map).forEach(visit);
  for (const one of Object.values(dependencies ?? {})) if (!Array.isArray(one)) visit(one);
}

/** Whether a schema or one inside, at any depth, is as asked. */
export function someSchema(
  schema: JSONSchemaProps,
  isWanted: (schema: JSONSchemaProps) => boolean,
): boolean {
  // A list instead of recursion: the depth of a schema is the client's choice.
  const left = [schema];
  for (let at = left.pop(); at; at = left.pop()) {
    if (isWanted(at)) return true;
    eachInner(at, (inner) => void left.push(inner));
  }
  return false;
}

/** Whether more than `levels` schemas are inside one another. */
export function isDeeperThan(schema: JSONSchemaProps, levels: number): boolean {
  let level = [schema];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    const next: JSONSchemaProps[] = [];
    for (const one of level) eachInner(one, (inner) => void next.push(inner));
    level = next;
  }
  return false;
}
