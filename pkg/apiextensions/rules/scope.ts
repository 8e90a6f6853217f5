// The part of a schema that a rule sees: the type of `self`. The types of a whole schema are
// declared once, and the scopes of its parts share them.
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import type { TypeProvider } from '../../cel/checker/environment.js';
import { escapeName } from '../../cel/kubernetes/escaping.js';
import { declareSchema, schemaTypes, type Declaration } from '../../cel/kubernetes/schema.js';

/** The name of the type of `self` in messages. Upstream's number changes with each compilation. */
export const SELF_TYPE = 'selfType0';

export interface Scope {
  readonly declaration: Declaration;
  /** The common beginning of the names of its struct types. */
  readonly typeName: string;
  readonly types: TypeProvider;
}

/**
 * The scope of a structural schema; undefined when rules cannot see such a schema. `isRoot` is set
 * for the root of a resource.
 */
export function scopeOf(schema: JSONSchemaProps, isRoot: boolean): Scope | undefined {
  // Structural schemas have one schema for all items.
  const declaration = declareSchema(
    schema as Parameters<typeof declareSchema>[0],
    SELF_TYPE,
    isRoot,
  );
  return declaration && { declaration, typeName: SELF_TYPE, types: schemaTypes([declaration]) };
}

/**
 * The scope of a property. Rules above cannot name some properties, whose own rules have a scope
 * nevertheless.
 */
export function scopeOfProperty(
  { declaration, typeName, types }: Scope,
  name: string,
  schema: JSONSchemaProps,
): Scope | undefined {
  const escaped = escapeName(name);
  const field = escaped === undefined ? undefined : declaration.fields?.get(escaped);
  return field
    ? { declaration: field.declaration, typeName: `${typeName}.${escaped}`, types }
    : scopeOf(schema, false);
}

/** The scope of the items of a list, or of the values of a map. */
export function scopeOfElement(
  { declaration, typeName, types }: Scope,
  schema: JSONSchemaProps,
): Scope | undefined {
  const { element, type } = declaration;
  if (!element) return scopeOf(schema, false);
  const step = type.kind === 'list' ? '@idx' : '@elem';
  return { declaration: element, typeName: `${typeName}.${step}`, types };
}
