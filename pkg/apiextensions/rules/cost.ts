// The estimated cost of the rules of a schema (upstream
// apiextensions-apiserver/pkg/apis/apiextensions/validation/cel_validation.go).
import { fieldErrors, type FieldError } from '../../apimachinery/errors/status-error.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import {
  MAX_REQUEST_BYTES,
  STATIC_COST_LIMIT,
  STATIC_COST_LIMIT_OF_SCHEMA,
} from '../../cel/limits.js';
import { MAX_NAMED_EXPENSIVE_RULES } from '../limits.js';

/** How many values of a schema an object has at most; undefined without a bound. */
export type Cardinality = number | undefined;

/** By how much a schema multiplies the cardinality of the schemas inside. */
export function innerCardinality(outer: Cardinality, schema: JSONSchemaProps): Cardinality {
  if (outer === undefined) return undefined;
  const { additionalProperties, maxItems, maxProperties, type } = schema;
  const factor =
    type === 'array'
      ? maxItems
      : type === 'object' && additionalProperties !== undefined
        ? maxProperties
        : 1;
  return factor === undefined ? undefined : outer * Math.max(0, factor);
}

/** The cost of a rule for a whole object. `minBytes` is the size of one value in JSON at least. */
export const costOfRule = (maxCost: number, cardinality: Cardinality, minBytes: number): number =>
  maxCost * (cardinality ?? Math.floor(MAX_REQUEST_BYTES / (minBytes + 1)));

/** `Estimate` names the cost in the error. */
export const costError = (
  path: string,
  estimate: 'estimated rule cost' | 'estimated messageExpression cost',
  cost: number,
): FieldError | undefined =>
  cost > STATIC_COST_LIMIT
    ? fieldErrors.forbidden(path, excess(estimate, cost / STATIC_COST_LIMIT))
    : undefined;

function excess(name: string, factor: number): string {
  // Upstream prints more digits where the factor would look like 1.0.
  const shown =
    factor > 100
      ? 'more than 100x'
      : factor < 1.5
        ? `${factor.toFixed(6)}x`
        : `${factor.toFixed(1)}x`;
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

export interface TotalCost {
  add(path: string, cost: number): void;
  /** The errors of a sum above the limit. `path` is that of the whole schema. */
  errors(path: string): FieldError[];
}

export function createTotalCost(): TotalCost {
  let total = 0;
  let expensive: { path: string; cost: number }[] = [];
  return {
    add(path, cost) {
      total += cost;
      if (cost < STATIC_COST_LIMIT_OF_SCHEMA / 100) return;
      expensive = [...expensive, { path, cost }]
        .sort((a, b) => b.cost - a.cost)
        .slice(0, MAX_NAMED_EXPENSIVE_RULES);
    },
    errors(path) {
      if (total <= STATIC_COST_LIMIT_OF_SCHEMA) return [];
      const part =
        'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
      const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
      return [
        ...expensive.map((rule) => fieldErrors.forbidden(rule.path, part)),
        fieldErrors.forbidden(path, excess(name, total / STATIC_COST_LIMIT_OF_SCHEMA)),
      ];
    },
  };
}
