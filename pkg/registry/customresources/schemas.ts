// The compiled schemas of a definition's versions. A schema is read and compiled at first use.
import { loadEngine } from '../../apiextensions/rules/engine.js';
import { compileSchema, type SchemaProgram } from '../../apiextensions/values/program.js';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import type {
  CustomResourceDefinition,
  JSONSchemaProps,
} from '../../apis/apiextensions/v1/types.js';

export interface Schemas {
  of(version: string): SchemaProgram;
  ofApiVersion(apiVersion: string): SchemaProgram | undefined;
  /** The schema of a version as the definition has it. */
  source(version: string): JSONSchemaProps | undefined;
  /** Loads what the rules of a version need. */
  load(version: string): Promise<void> | undefined;
}

/** `current` reads the definition, which may be gone by then. */
export function createSchemas(
  { spec }: Pick<CustomResourceDefinition, 'spec'>,
  current: () => CustomResourceDefinition | undefined,
): Schemas {
  const programs = new Map<string, SchemaProgram>();
  const loaded = new Set<string>();
  const source = (version: string): JSONSchemaProps | undefined =>
    current()?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
  const of = (version: string): SchemaProgram => {
    let program = programs.get(version);
    if (!program) {
      program = compileSchema(source(version), spec.names.kind);
      programs.set(version, program);
    }
    return program;
  };
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
