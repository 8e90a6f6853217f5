// IntOrString fields that hold a count or a percentage: maxSurge, maxUnavailable, minAvailable.
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { goIntOrString } from './go-value.js';
import { validateNonnegative } from './object-meta.js';

const PERCENT = /^[0-9]+%$/;
const PERCENT_TEXT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** The number in '25%' or 25; undefined for other text. */
export function scaledValue(value: number | string | undefined): number | undefined {
  if (value === undefined || typeof value === 'number') return value;
  return PERCENT.test(value) ? Number(value.slice(0, -1)) : undefined;
}

/** Like scaledValue; '25' counts as 25, and other text as 0 (getIntOrPercentValue). */
export function looseValue(value: number | string | undefined): number {
  const text = typeof value === 'string' ? value : '';
  return scaledValue(value) ?? (/^[+-]?\d+$/.test(text) ? Number(text) : 0);
}

export function nonnegativeIntOrPercent(
  value: number | string | undefined,
  path: string,
): FieldError[] {
  if (typeof value !== 'string') return validateNonnegative(value, path);
  return PERCENT.test(value) ? [] : [fieldErrors.invalid(path, goIntOrString(value), PERCENT_TEXT)];
}

export const percentAtMost100 = (value: number | string | undefined, path: string): FieldError[] =>
  typeof value === 'string' && (scaledValue(value) ?? 0) > 100
    ? [fieldErrors.invalid(path, goIntOrString(value), 'must not be greater than 100%')]
    : [];
