// Names of group versions and their kinds in paths and schemas.
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { schemaNameOf } from '../../apimachinery/schema/kinds.js';

export function groupVersionPath({ group, version }: { group: string; version: string }): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

/** The schema name of a resource's objects; undefined for connect-only kinds. */
export function schemaOfResource(
  table: SchemaTable,
  resource: { group: string; version: string; kind: string },
): string | undefined {
  return schemaNameOf(
    table,
    resource.group ? `${resource.group}/${resource.version}` : resource.version,
    resource.kind,
  );
}
