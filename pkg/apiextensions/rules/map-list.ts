// The items of a list with keys, by their keys (k8s.io/apiserver/pkg/cel/common/maplist.go).
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';

export interface MapList {
  /** The item with the keys of `item`. */
  get(item: unknown): unknown;
}

const EMPTY: MapList = { get: () => undefined };

/** The items of `list` by key; nothing is found in a list of another type. */
export function mapListOf(list: unknown, schema: JSONSchemaProps): MapList {
  if (!Array.isArray(list) || list.length === 0 || schema['x-kubernetes-list-type'] !== 'map')
    return EMPTY;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const defaults =
    schema.items && !Array.isArray(schema.items) ? schema.items.properties : undefined;
  const keyOf = (item: Readonly<Record<string, unknown>>): string =>
    JSON.stringify(
      keys.map((key) => {
        const value = Object.hasOwn(item, key) ? item[key] : defaults?.[key]?.default;
        return typeof value === 'bigint' ? String(value) : value;
      }),
    );
  let items: Map<string, unknown> | undefined;
  return {
    get(item) {
      if (!isJsonObject(item)) return undefined;
      if (!items) {
        items = new Map();
        for (const one of list as unknown[]) {
          if (!isJsonObject(one)) continue;
          const key = keyOf(one);
          if (!items.has(key)) items.set(key, one);
        }
      }
      return items.get(keyOf(item));
    },
  };
}
