// The lifetime of cached objects by the number of nodes (upstream: ttlBoundaries). The steps
// overlap, so that a cluster at a boundary does not rewrite all its nodes again and again. Pure.

export const TTL_STEPS: readonly { from: number; to: number; seconds: number }[] = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: 10_000, seconds: 300 },
  { from: 9000, to: Infinity, seconds: 600 },
];

/** The index of the step for this many nodes, when the present step has the index `step`. */
export function nextStep(step: number, nodes: number): number {
  if (nodes > TTL_STEPS[step]!.to) return nextStep(step + 1, nodes);
  return nodes < TTL_STEPS[step]!.from ? nextStep(step - 1, nodes) : step;
}
