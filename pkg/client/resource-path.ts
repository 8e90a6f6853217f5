// URLs of resources: /api/v1/namespaces/NS/pods/NAME/log?query. Pure.
import type { ResourceType } from '../apimachinery/meta/object.js';
import { assert } from '../util/assert/assert.js';

export type Query = Record<string, string | number | boolean | undefined>;

/** Without `namespace`, the path of a namespaced collection covers all namespaces. */
export function resourcePath(
  type: ResourceType<unknown>,
  where: { namespace?: string | undefined; name?: string; subresource?: string | undefined },
  query: Query = {},
): string {
  const { namespace, name, subresource } = where;
  assert(name !== '', `a ${type.kind} is addressed by an empty name`);
  assert(
    !type.namespaced || name === undefined || namespace,
    `a ${type.kind} is addressed by name without its namespace`,
  );
  const parts = [type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`];
  if (type.namespaced && namespace) parts.push('namespaces', encodeURIComponent(namespace));
  parts.push(type.resource);
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource) parts.push(subresource);
  const text = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '' && value !== false)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&');
  return parts.join('/') + (text ? `?${text}` : '');
}
