// Prints values in error messages as upstream v1.32 does (Go's %#v), because users search for these
// texts and clients compare them. fieldErrors prints strings, numbers and booleans itself.
import { stringifyJson } from '../../../apimachinery/codec/json.js';
import { GoText } from '../../../apimachinery/errors/status-error.js';
import type { LabelSelector } from '../../../apimachinery/meta/types.js';

const quote = (text: string): string => JSON.stringify(text);

/** A value that error messages show as this text. */
export const shownAs = (text: string): GoText => new GoText(text);

export const goStrings = (list: readonly string[] | undefined): GoText =>
  shownAs(list ? `[]string{${list.map(quote).join(', ')}}` : '[]string(nil)');

export function goStringMap(map: Record<string, string> | undefined): GoText {
  if (!map) return shownAs('map[string]string(nil)');
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${quote(key)}:${quote(map[key] ?? '')}`);
  return shownAs(`map[string]string{${entries.join(', ')}}`);
}

export function goLabelSelector(selector: LabelSelector | undefined): GoText {
  const expressions = selector?.matchExpressions?.map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${quote(key)}, Operator:${quote(operator)}, Values:${String(goStrings(values))}}`,
  );
  const list = '[]v1.LabelSelectorRequirement';
  const labels = String(goStringMap(selector?.matchLabels));
  const all = expressions ? `${list}{${expressions.join(', ')}}` : `${list}(nil)`;
  return shownAs(`v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:${all}}`);
}

export function goIntOrString(value: number | string | undefined): GoText {
  const [type, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, ''];
  return shownAs(`intstr.IntOrString{Type:${type}, IntVal:${number}, StrVal:${quote(text)}}`);
}

/** The bytes of the value's JSON in hexadecimal. */
export function goRawExtension(value: unknown): GoText {
  const text = value === undefined ? undefined : stringifyJson(value);
  const bytes =
    text && [...new TextEncoder().encode(text)].map((byte) => `0x${byte.toString(16)}`).join(', ');
  const raw = bytes === undefined ? '(nil)' : `{${bytes}}`;
  return shownAs(`runtime.RawExtension{Raw:[]uint8${raw}, Object:runtime.Object(nil)}`);
}
