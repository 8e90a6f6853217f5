// Labels of nodes that have got other names, and warnings where selectors use the old ones
// (upstream pkg/api/node/util.go).
import { isValidLabelValue } from '../../../apimachinery/validation/names.js';
import type { NodeSelectorTerm } from './types.js';
import { MOVED_LABELS } from './facts.generated.js';
import { each } from './validation/fields.js';

/** Upstream's text about the label's successor; undefined for labels that did not move. */
export const movedLabel = (key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(MOVED_LABELS, key) ? MOVED_LABELS[key] : undefined;

/** `lenient` terms were not validated: bad label values in them get warnings. */
export const nodeSelectorTermWarnings = (
  term: NodeSelectorTerm | undefined,
  lenient: boolean,
  path: string,
): string[] =>
  each(term?.matchExpressions, `${path}.matchExpressions`, ({ key, values }, field) => {
    const moved = movedLabel(key);
    const bad = lenient
      ? each(values, `${field}.values`, (value, place) =>
          isValidLabelValue(value).map((text) => `${place}: ${value} is invalid, ${text}`),
        )
      : [];
    return [...(moved ? [`${field}.key: ${key} is ${moved}`] : []), ...bad];
  });
