// The printer columns of custom resources (apiextensions-apiserver, tableconvertor.go).
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { CustomResourceColumnDefinition } from '../../apis/apiextensions/v1/types.js';
import { CREATED_COLUMN, NAME_COLUMN } from '../../apis/meta/v1/columns.js';
import type { Cell, ResourceDefinition } from '../../apiserver/resource/definition.js';
import {
  parseJsonPath,
  printValue,
  type JsonPath,
} from '../../apiextensions/jsonpath/json-path.js';

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: CREATED_COLUMN.description!,
};

/** Columns and cells of a version; the paths are parsed at the first table. */
export function columnsOf(
  given: readonly CustomResourceColumnDefinition[] | undefined,
): Required<Pick<ResourceDefinition, 'columns' | 'row'>> {
  const columns = given?.length ? given : [AGE];
  let paths: readonly (JsonPath | undefined)[] | undefined;
  return {
    columns: [
      NAME_COLUMN,
      ...columns.map(({ name, type, format, jsonPath, description, priority }) => ({
        name,
        type,
        format: format ?? '',
        description:
          description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
        priority: priority ?? 0,
      })),
    ],
    row(object, now) {
      paths ??= columns.map(({ jsonPath }) => parseJsonPath(jsonPath));
      return [
        object.metadata.name,
        ...columns.map(({ type }, at) => cellOf(object, paths![at], type, now)),
      ];
    },
  };
}

function cellOf(object: ApiObject, path: JsonPath | undefined, type: string, now: number): Cell {
  const results = path?.find(object);
  if (!results?.length) return null;
  const [value] = results;
  switch (type) {
    case 'string':
      return printValue(value);
    case 'integer':
      if (typeof value === 'bigint') return value as unknown as number;
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      if (typeof value === 'bigint') return value as unknown as number;
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return dateCell(value, now);
    default:
      return null;
  }
}

function dateCell(value: unknown, now: number): Cell {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return '<invalid>';
  return ageSince(value, now);
}
