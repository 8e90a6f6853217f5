// Numbers that may be percentages of something (apimachinery pkg/util/intstr). Pure.

/** 'up' gives the next higher whole number for a fraction, 'down' the next lower. */
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
  if (!value.endsWith('%'))
    throw new Error('invalid value for IntOrString: invalid type: string is not a percentage');
  const digits = value.slice(0, -1);
  if (!/^[+-]?\d+$/.test(digits))
    throw new Error(`invalid value for IntOrString: invalid value ${JSON.stringify(value)}`);
  const exact = (Number(digits) * total) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
