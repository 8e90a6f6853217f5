// The compiled schemas of a definition's versions.
import type { Typed } from '../../apimachinery/apply/structure.js';
import { decodeObject, type Decoded, type DecodeMode } from '../../apimachinery/codec/strict.js';
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import { apiVersionOf, type ApiObject } from '../../apimachinery/meta/object.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type {
  CustomResourceDefinition,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';

export interface VersionSchema {
  /** Makes an object from a body: see ObjectCodec. */
  decode(
    value: Record<string, unknown>,
    mode: DecodeMode,
    duplicates: readonly string[],
  ): Decoded<ApiObject>;
  applyDefaults(object: ApiObject): void;
  /** Prunes and defaults an object of the store, and drops malformed metadata. */
  fromStorage(object: ApiObject): void;
  prune(object: ApiObject): void;
  validate(object: ApiObject): FieldError[];
  validateUpdate(next: ApiObject, old: ApiObject, warn?: (text: string) => void): FieldError[];
  typed(): Typed;
}

export function createSchemas(
  { spec }: CustomResourceDefinition,
  current: () => CustomResourceDefinition | undefined,
): {
  of(version: string): VersionSchema;
  /** The schema of a version as the definition has it. */
  source(version: string): JSONSchemaProps | undefined;
  ofApiVersion(apiVersion: string): VersionSchema | undefined;
} {
  const made = new Map<string, VersionSchema>();
  const of = (version: string): VersionSchema => {
    let schema = made.get(version);
    if (!schema) {
      current();
      schema = {
        decode(value, mode) {
          const { metadata } = value;
          const decoded = decodeObject(
            { metadata },
            'io.k8s.api.core.v1.ConfigMap',
            MESSAGES,
            mode,
          );
          value['metadata'] = decoded.object['metadata'] ?? {};
          return { object: value as unknown as ApiObject, problems: decoded.problems };
        },
        applyDefaults() {},
        fromStorage() {},
        prune() {},
        validate: () => [],
        validateUpdate: () => [],
        typed: () => ({ type: undefined, facts: undefined }),
      };
      made.set(version, schema);
    }
    return schema;
  };
  return {
    of,
    source: (version) =>
      current()?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema,
    ofApiVersion(apiVersion) {
      const found = spec.versions.find(
        ({ name }) => apiVersionOf({ group: spec.group, version: name }) === apiVersion,
      );
      return found && of(found.name);
    },
  };
}
