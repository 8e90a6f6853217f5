// Completion indexes of an Indexed job: their text form '0-2,5' and the next indexes (upstream:
// pkg/controller/job/indexed_job_utils.go). Pure.
import type { Pod } from '../../apis/core/v1/types.js';

export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** Undefined when the pod has no valid index. */
export function completionIndex(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[COMPLETION_INDEX] ?? '';
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

/** Indexes of `completions` or more are left out: the job was scaled down. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [first = NaN, last = first] = part.split('-').map(Number);
    for (let index = first; index <= last && index < completions; index++) indexes.add(index);
  }
  return indexes;
}

export function formatIndexes(indexes: ReadonlySet<number>): string {
  const runs: [first: number, last: number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && index === run[1] + 1) run[1] = index;
    else runs.push([index, index]);
  }
  const text = ([first, last]: [number, number]) =>
    first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`;
  return runs.map(text).join(',');
}

/** The lowest `count` indexes that are not taken. */
export function nextIndexes(
  count: number,
  completions: number,
  taken: ReadonlySet<number>,
): number[] {
  const next: number[] = [];
  for (let index = 0; index < completions && next.length < count; index++)
    if (!taken.has(index)) next.push(index);
  return next;
}
