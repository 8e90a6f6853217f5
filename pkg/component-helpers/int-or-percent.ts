// Numbers that may be percentages of something (k8s.io/apimachinery/pkg/util/intstr). Pure.

/** A percentage of `of`, rounded by `round`, or the number itself; 0 when absent. */
export function resolveIntOrPercent(
  value: number | string | undefined,
  of: number,
  round: (n: number) => number,
): number {
  if (value === undefined) return 0;
  return typeof value === 'number' ? value : round((Number.parseFloat(value) * of) / 100);
}
