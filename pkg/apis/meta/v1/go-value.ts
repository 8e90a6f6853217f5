// Prints values in error messages as upstream v1.32 does (Go's %#v), because users search for these
// texts and clients compare them. fieldErrors.invalid prints strings, numbers and booleans.
import { stringifyJson } from '../../../apimachinery/codec/json.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
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

export function goIntOrString(value: number | string | undefined): string {
  return typeof value === 'string'
    ? `intstr.IntOrString{Type:1, IntVal:0, StrVal:${quote(value)}}`
    : `intstr.IntOrString{Type:0, IntVal:${value ?? 0}, StrVal:""}`;
}

/** The bytes of the value's JSON in hexadecimal. */
export function goRawExtension(value: unknown): string {
  const text = value === undefined ? undefined : stringifyJson(value);
  const bytes =
    text && [...new TextEncoder().encode(text)].map((byte) => `0x${byte.toString(16)}`).join(', ');
  return `runtime.RawExtension{Raw:[]uint8${bytes === undefined ? '(nil)' : `{${bytes}}`}, Object:runtime.Object(nil)}`;
}

/** Like fieldErrors.notSupported, for a value that is already text. */
export function notSupportedText(
  field: string,
  shown: string,
  supported: readonly string[],
): FieldError {
  return {
    type: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${shown}: supported values: ${supported.map(quote).join(', ')}`,
  };
}

/** Like fieldErrors.invalid, for a value that is already text. */
export function invalidText(field: string, shown: string, detail: string): FieldError {
  return {
    type: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${shown}${detail && `: ${detail}`}`,
  };
}

/** Like fieldErrors.notSupported, for a value that is already text. */
export function unsupportedText(
  field: string,
  shown: string,
  supported: readonly string[],
): FieldError {
  const { message, ...error } = fieldErrors.notSupported(field, '', supported);
  return { ...error, message: message.replace('""', () => shown) };
}

/** Like fieldErrors.duplicate, for a value that is already text. */
export function duplicateText(field: string, shown: string): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${shown}` };
}
