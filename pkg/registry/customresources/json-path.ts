// Values at the path of a column or a selectable field: names that dots separate.
import type { ApiObject } from '../../apimachinery/meta/object.js';
export interface JsonPath {
  find(object: ApiObject): unknown[];
  print(results: readonly unknown[]): string;
}
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps = text.replace(/^\./, '').split('.');
  return {
    find(object) {
      let at: unknown = object;
      for (const step of steps) at = (at as Record<string, unknown> | undefined)?.[step];
      return at === undefined ? [] : [at];
    },
    print: (results) => String(results[0]),
  };
}
