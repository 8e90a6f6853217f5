// Texts that table rows of several kinds share (upstream pkg/printers/internalversion/printers.go).
// A row gives every cell, the wide ones too: kubectl hides columns by their priority.
import { ageSince } from '../apimachinery/duration/human-duration.js';
import type { LabelSelector, ObjectMeta } from '../apimachinery/meta/types.js';
import type { PodTemplateSpec } from '../apis/core/v1/types.js';

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

/** Age of an object. */
export function age(object: { metadata: ObjectMeta }, now: number): string {
  return ageSince(object.metadata.creationTimestamp, now);
}

export function orNone(text: string | undefined): string {
  return text || NONE;
}

/** 'True', 'False' or '<unset>'. */
export function optionalBoolean(value: boolean | undefined): string {
  return value === undefined ? UNSET : value ? 'True' : 'False';
}

/** 'a=1,b=2', sorted by key; '<none>' for an empty map. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length ? keys.map((key) => `${key}=${labels?.[key]}`).join(',') : NONE;
}

function requirementText(key: string, operator: string, values: readonly string[]): string {
  const list = [...values].sort().join(',');
  if (operator === 'In') return `${key} in (${list})`;
  if (operator === 'NotIn') return `${key} notin (${list})`;
  return operator === 'DoesNotExist' ? `!${key}` : key;
}

/** The selector as kubectl's `-l` would take it. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const parts: [key: string, text: string][] = [];
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) parts.push([key, `${key}=${value}`]);
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    parts.push([key, requirementText(key, operator, values ?? [])]);
  }
  parts.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return parts.length ? parts.map(([, text]) => text).join(',') : NONE;
}

/** Names and images of a template's containers. */
export function containerCells(template: PodTemplateSpec | undefined): [names: string, images: string] {
  const containers = template?.spec?.containers ?? [];
  return [containers.map(({ name }) => name).join(','), containers.map(({ image }) => image ?? '').join(',')];
}

/** The first `shown` entries, and how many more there are. */
export function firstFew(entries: readonly string[], shown = 3): string {
  const text = entries.slice(0, shown).join(',');
  return entries.length > shown ? `${text} + ${entries.length - shown} more...` : text;
}
