// The rules that an update may break because the stored object breaks them already: data that was
// accepted once stays writable (upstream validation.go, ValidateCustomResourceDefinitionUpdate).
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import { knowsReview } from '../../apis/meta/v1/webhook-client.js';
import { schemasOf, someSchema } from '../schema/walk.js';
import { isCaBundle, type ConversionOptions } from './conversion.js';
import { hasUnprunedDefaults } from './defaults.js';
import { validateListMapKeys, validateSetItems } from './list-type.js';
import type { SchemaOptions } from './schema.js';
import { TYPES } from './facts.generated.js';

export interface DefinitionOptions extends ConversionOptions, Omit<SchemaOptions, 'isUnchanged'> {
  /** Each version has a schema; else each served one. */
  readonly requiresSchemas: boolean;
  /** Whether a version has the schema that it had. */
  readonly isUnchanged: (version: string) => boolean;
}

export const NEW_OBJECT: DefinitionOptions = {
  requiresKnownReview: true,
  // A condition shows a bad bundle before the kind is served.
  requiresValidCaBundle: false,
  requiresSchemas: true,
  requiresValidTypes: true,
  requiresPrunedDefaults: true,
  requiresAtomicSets: true,
  requiresListMapKeys: true,
  isStored: () => false,
  isUnchanged: () => false,
};

export function optionsOfUpdate(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition,
  isServed: boolean,
): DefinitionOptions {
  const before = schemasOf(old.spec);
  const obeys = (breaks: (schema: JSONSchemaProps) => boolean): boolean =>
    !before.some((schema) => someSchema(schema, breaks));
  const { webhook } = old.spec.conversion ?? {};
  const reviews = webhook?.conversionReviewVersions ?? [];
  const caBundle = webhook?.clientConfig?.caBundle;
  const unchanged = unchangedVersions(next.spec, old.spec);
  return {
    requiresKnownReview: reviews.length === 0 || knowsReview(reviews),
    requiresValidCaBundle: isServed && (!caBundle || isCaBundle(caBundle)),
    requiresSchemas: (old.spec.versions ?? []).every(({ schema }) => schema?.openAPIV3Schema),
    requiresValidTypes: obeys(({ type }) => Boolean(type) && !TYPES.includes(type!)),
    requiresPrunedDefaults: !before.some(hasUnprunedDefaults),
    requiresAtomicSets: obeys((schema) => validateSetItems(schema, '').length > 0),
    requiresListMapKeys: obeys((schema) => validateListMapKeys(schema, '').length > 0),
    isStored: storedExpressions(before),
    isUnchanged: (version) => unchanged.has(version),
  };
}

function unchangedVersions(
  next: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec,
): ReadonlySet<string> {
  const before = new Map((old.versions ?? []).map(({ name, schema }) => [name, schema]));
  return new Set(
    (next.versions ?? [])
      .filter(({ name, schema }) => before.has(name) && semanticEqual(schema, before.get(name)))
      .map(({ name }) => name),
  );
}

function storedExpressions(schemas: readonly JSONSchemaProps[]): DefinitionOptions['isStored'] {
  const stored = { rule: new Set<string>(), message: new Set<string>() };
  const collect = ({ 'x-kubernetes-validations': rules = [] }: JSONSchemaProps): boolean => {
    for (const { messageExpression, rule } of rules) {
      stored.rule.add(rule);
      if (messageExpression) stored.message.add(messageExpression);
    }
    return false;
  };
  for (const schema of schemas) someSchema(schema, collect);
  return (kind, expression) => stored[kind].has(expression);
}
