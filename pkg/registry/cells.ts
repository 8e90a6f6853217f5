// Cells that the table rows of several kinds share (upstream
// pkg/printers/internalversion/printers.go). A row contains the wide cells too: kubectl hides
// columns by their priority.
import { ageSince } from '../apimachinery/duration/human-duration.js';
import type { ObjectMeta } from '../apimachinery/meta/types.js';
import type { PodTemplateSpec } from '../apis/core/v1/types.js';

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

export const age = (object: { metadata: ObjectMeta }, now: number): string =>
  ageSince(object.metadata.creationTimestamp, now);

export const orNone = (text: string | undefined): string => text || NONE;

/** 'True', 'False' or '<unset>'. */
export const optionalBoolean = (value: boolean | undefined): string =>
  value === undefined ? UNSET : value ? 'True' : 'False';

/** 'a=1,b=2', sorted by key; '<none>' for an empty map. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length ? keys.map((key) => `${key}=${labels?.[key]}`).join(',') : NONE;
}

export function containerCells(
  template: PodTemplateSpec | undefined,
): [names: string, images: string] {
  const containers = template?.spec?.containers ?? [];
  return [
    containers.map(({ name }) => name).join(','),
    containers.map(({ image }) => image ?? '').join(','),
  ];
}

/** The first `shown` entries and the number of the others: 'a,b + 3 more...'. */
export function firstFew(entries: readonly string[], shown = 3, separator = ','): string {
  const text = entries.slice(0, shown).join(separator);
  return entries.length > shown ? `${text} + ${entries.length - shown} more...` : text;
}

const ACCESS_MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** 'RWO,ROX', in the order in which upstream names the modes. */
export const accessModesText = (modes: readonly string[] | undefined): string =>
  Object.keys(ACCESS_MODES)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => ACCESS_MODES[mode])
    .join(',');
