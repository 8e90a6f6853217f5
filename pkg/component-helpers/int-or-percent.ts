// Fields with a number or a percentage (apimachinery pkg/util/intstr). Pure.
import { scaledValue } from '../apis/meta/v1/int-or-percent.js';

/** Direction in which fractions become whole numbers. */
export type Rounding = 'up' | 'down';

/**
 * The number itself, or a percentage of `total`, rounded (GetScaledValueFromIntOrPercent); 0 when
 * absent. Text must be a whole number followed by '%'.
 * @throws Error with upstream's text for any other text.
 */
export function resolveIntOrPercent(
  value: number | string | undefined,
  total: number,
  rounding: Rounding,
): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = scaledValue(value);
  if (percent === undefined)
    throw new Error('invalid value for IntOrString: invalid type: string is not a percentage');
  const exact = (percent * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
