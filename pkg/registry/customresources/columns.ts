// The printer columns of custom resources (apiextensions-apiserver, tableconvertor.go).
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ColumnFacts } from '../../apimachinery/schema/facts.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import type { CustomResourceColumnDefinition } from '../../apis/apiextensions/v1/types.js';
import type { Cell, ResourceDefinition } from '../../apiserver/resource/definition.js';
import {
  parseJsonPath,
  printValue,
  type JsonPath,
} from '../../apiextensions/jsonpath/json-path.js';

/** Columns whose texts are those of ObjectMeta. */
const metaColumn = (name: string): ColumnFacts =>
  COLUMNS['Deployment']!.find((column) => column.name === name)!;

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: metaColumn('Age').description!,
};

/** Columns and cells of a version; the paths are parsed at the first table. */
export function columnsOf(
  given: readonly CustomResourceColumnDefinition[] | undefined,
): Required<Pick<ResourceDefinition, 'columns' | 'row'>> {
  const columns = given?.length ? given : [AGE];
  let paths: readonly (JsonPath | undefined)[] | undefined;
  return {
    columns: [
      metaColumn('Name'),
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
