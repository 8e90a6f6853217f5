// Prints values in error messages as upstream v1.32 does (Go's %#v), because users search for these
// texts and clients compare them. fieldErrors.invalid prints strings, numbers and booleans.
import type { FieldError } from '../../../apimachinery/errors/status-error.js';
import type { LabelSelector } from '../../../apimachinery/meta/types.js';

const quote = (text: string): string => JSON.stringify(text);

export function goStrings(list: readonly string[] | undefined): string {
  return list ? `[]string{${list.map(quote).join(', ')}}` : '[]string(nil)';
}

export function goStringMap(map: Record<string, string> | undefined): string {
  if (!map) return 'map[string]string(nil)';
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${quote(key)}:${quote(map[key] ?? '')}`);
  return `map[string]string{${entries.join(', ')}}`;
}

export function goLabelSelector(selector: LabelSelector | undefined): string {
  const expressions = selector?.matchExpressions?.map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${quote(key)}, Operator:${quote(operator)}, Values:${goStrings(values)}}`,
  );
  const list = '[]v1.LabelSelectorRequirement';
  return `v1.LabelSelector{MatchLabels:${goStringMap(selector?.matchLabels)}, MatchExpressions:${
    expressions ? `${list}{${expressions.join(', ')}}` : `${list}(nil)`
  }}`;
}

/** Like fieldErrors.invalid, for a value that is already text. */
export function invalidText(field: string, shown: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${detail}` };
}
