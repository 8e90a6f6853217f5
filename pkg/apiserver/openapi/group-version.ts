// Names of group versions and their kinds in paths and schemas.
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import type { SchemaTable } from '../../apimachinery/schema/facts.js';
import { schemaNameOf } from '../../apimachinery/schema/kinds.js';

export const groupVersionPath = ({ group, version }: { group: string; version: string }): string =>
  group ? `apis/${group}/${version}` : `api/${version}`;

export type Kind = { group: string; version: string; kind: string };

/** The value of x-kubernetes-group-version-kind. */
export const gvkOf = ({ group, kind, version }: Kind) => ({ group, kind, version });

/** The schema name of a resource's objects; undefined for connect-only kinds. */
export const schemaOfResource = (
  table: SchemaTable,
  { group, version, kind }: Kind,
): string | undefined => schemaNameOf(table, apiVersionOf({ group, version }), kind);
