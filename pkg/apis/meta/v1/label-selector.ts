// Validation of LabelSelector fields (k8s.io/apimachinery/pkg/apis/meta/v1/validation).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import type { LabelSelector, LabelSelectorRequirement } from '../../../apimachinery/meta/types.js';
import { isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.js';
import { validateLabels, validateWith } from './object-meta.js';

/** Operator, number of values and key. Only requirements of nodes compare numbers. */
export function validateRequirement(
  { key, operator, values }: Partial<LabelSelectorRequirement>,
  path: string,
  comparesNumbers = false,
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const count = values?.length ?? 0;
  if (operator === 'In' || operator === 'NotIn') {
    if (!count) complain.required('values', "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (count) complain.forbidden('values', detail);
  } else if (comparesNumbers && (operator === 'Gt' || operator === 'Lt')) {
    if (count !== 1)
      complain.required('values', "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else complain.invalid('operator', operator ?? '', 'not a valid selector operator');
  return [...errors, ...validateWith(isQualifiedName, key, `${path}.key`)];
}

export const labelValue = (value: string, path: string): FieldError[] =>
  validateWith(isValidLabelValue, value, path);

export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) => {
      const at = `${path}.matchExpressions[${index}]`;
      return [
        ...validateRequirement(requirement, at),
        ...(requirement.values ?? []).flatMap((value, place) =>
          labelValue(value, `${at}.values[${place}]`),
        ),
      ];
    }),
  ];
}

/** True for a selector without requirements, which selects everything. */
export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0;
