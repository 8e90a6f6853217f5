// The report at the end of a test run. Every skipped test is named with its reason. In CI a test
// that lacked only setup counts as failed. A skipped test without a reason counts as failed
// everywhere.

export interface Skipped {
  title: string;
  lack?: { setup: string } | { kernel: string };
}

export interface Counts {
  passes: number;
  failed: string[];
  skipped: Skipped[];
}

export interface LayerResult extends Counts {
  layer: string;
  seconds: number;
}

const reason = ({ lack }: Skipped): string =>
  !lack
    ? 'no reason given'
    : 'setup' in lack
      ? `lacks ${lack.setup}`
      : `the kernel lacks ${lack.kernel}`;

/** Moves skipped tests that may not be skipped to the failed tests. */
function judge<T extends Counts>(counts: T, ci: boolean): T {
  const wrong = counts.skipped.filter(({ lack }) => !lack || (ci && 'setup' in lack));
  return {
    ...counts,
    failed: [...counts.failed, ...wrong.map((test) => `${test.title} (skipped: ${reason(test)})`)],
    skipped: counts.skipped.filter((test) => !wrong.includes(test)),
  };
}

/**
 * The closing lines; the last is `N passed, N failed`, with `, N skipped` when tests were skipped.
 */
export function report(
  results: readonly LayerResult[],
  ci: boolean,
): { lines: string[]; ok: boolean } {
  const judged = results.map((result) => judge(result, ci));
  const failed = judged.flatMap((result) => result.failed);
  const skipped = judged.flatMap((result) => result.skipped);
  const passes = judged.reduce((sum, result) => sum + result.passes, 0);
  const row = (result: LayerResult) =>
    `${result.layer.padEnd(12)} ${String(result.passes).padStart(5)} passed ${String(result.failed.length).padStart(4)} failed ${String(result.skipped.length).padStart(4)} skipped  ${result.seconds.toFixed(0)} s`;
  return {
    lines: [
      ...judged.map(row),
      ...skipped.map((test) => `skipped: ${test.title}: ${reason(test)}`),
      ...failed.map((title) => `failed: ${title}`),
      `${passes} passed, ${failed.length} failed${skipped.length ? `, ${skipped.length} skipped` : ''}`,
    ],
    ok: failed.length === 0,
  };
}
