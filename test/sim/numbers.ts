/** A number of pods, or a share of `total` rounded up. */
export function resolveSurge(value: number | string, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) / 100) * total);
}
