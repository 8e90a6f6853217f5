// Schema names of kinds.
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { SchemaTable } from './facts.js';

const kindsOf = new WeakMap<SchemaTable, Map<string, string>>();

/**
 * 'apps/v1', 'Deployment' -> 'io.k8s.api.apps.v1.Deployment'; undefined when the table has no such
 * kind.
 */
export function schemaNameOf(
  table: SchemaTable,
  apiVersion: string,
  kind: string,
): string | undefined {
  const kinds = getOrInsert(kindsOf, table, () => indexKinds(table));
  const key = `${apiVersion}/${kind}`;
  const known = kinds.get(key);
  if (known) return known;
  const found = withoutGvk(table, apiVersion, kind);
  if (found) kinds.set(key, found);
  return found;
}

function indexKinds(table: SchemaTable): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [name, facts] of Object.entries(table)) {
    for (const { group, version, kind } of facts.gvk ?? [])
      kinds.set(`${group ? `${group}/` : ''}${version}/${kind}`, name);
  }
  return kinds;
}

/**
 * Messages without a group, version and kind: options and metadata of every group, and CRD kinds.
 */
function withoutGvk(table: SchemaTable, apiVersion: string, kind: string): string | undefined {
  const meta = `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`;
  if (table[meta]) return meta;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const tail = `.${group!.split('.')[0]}.${version}.${kind}`;
  return Object.keys(table).find((name) => name.endsWith(tail));
}
