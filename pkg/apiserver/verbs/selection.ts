// The label and field selectors of a request as one predicate on entries.
import {
  escapeFieldValue,
  EVERY_FIELD,
  parseFieldSelector,
  type FieldSelector,
} from '../../apimachinery/fields/selector.js';
import { EVERYTHING, parseSelector, type Selector } from '../../apimachinery/labels/selector.js';
import type { Entry } from '../cache/entry.js';
import type { ServedResource } from '../served/served.js';

export interface Selection {
  readonly labels: Selector;
  readonly fields: FieldSelector;
  /** Canonical text: equal selections have equal text; '' selects everything. */
  readonly text: string;
  /** Absent when the selection is everything. */
  readonly matches: ((entry: Entry) => boolean) | undefined;
  /** Set when only an object of this name can match. */
  readonly name: string | undefined;
  /** A label and its required value, with which lists skip chunks. */
  readonly label: { key: string; value: string } | undefined;
  /** A field and its required value, by which events find their watchers. */
  readonly equal: { field: string; value: string } | undefined;
}

const EVERYTHING_SELECTED: Selection = {
  labels: EVERYTHING,
  fields: EVERY_FIELD,
  text: '',
  matches: undefined,
  name: undefined,
  label: undefined,
  equal: undefined,
};

/**
 * The selection of a query; `name` narrows it to one object. Throws 400 for bad syntax and unknown
 * fields.
 */
export function selectionOf(
  resource: ServedResource,
  query: URLSearchParams,
  name = '',
): Selection {
  const labelText = query.get('labelSelector') ?? '';
  const ofName = name && `metadata.name=${escapeFieldValue(name)}`;
  const fieldText = [query.get('fieldSelector') ?? '', ofName].filter(Boolean).join(',');
  if (!labelText && !fieldText) return EVERYTHING_SELECTED;
  const labels = labelText ? parseSelector(labelText) : EVERYTHING;
  const fields = fieldText ? parseFieldSelector(fieldText) : EVERY_FIELD;
  resource.checkFields(fields);
  if (labels.empty && !fields.requirements.length) return EVERYTHING_SELECTED;
  const { requirements } = fields;
  const matchesLabels = labelTest(labels);
  return {
    labels,
    fields,
    text: `${labels.toString()}|${fields.toString()}`,
    matches: requirements.length
      ? (entry) => {
          for (const { field, operator, value } of requirements)
            if ((resource.field(entry, field) === value) !== (operator === '=')) return false;
          return labels.empty || matchesLabels(entry.labels);
        }
      : (entry) => matchesLabels(entry.labels),
    name: fields.exact('metadata.name'),
    label: equalLabel(labels),
    equal: requirements.find(({ operator }) => operator === '='),
  };
}

function equalLabel({ requirements }: Selector): Selection['label'] {
  const equality = requirements.find(({ operator }) => operator === '=' || operator === '==');
  return equality && { key: equality.key, value: equality.values[0]! };
}

/**
 * The predicate of a label selector; a single equality, the usual case, needs no loop over
 * requirements.
 */
function labelTest(selector: Selector): (labels: Readonly<Record<string, string>>) => boolean {
  const label = equalLabel(selector);
  if (!label || selector.requirements.length > 1) return (labels) => selector.matches(labels);
  const { key, value } = label;
  return (labels) => labels[key] === value;
}
