// Validation of LabelSelector fields (k8s.io/apimachinery/pkg/apis/meta/v1/validation).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import type { LabelSelector, LabelSelectorRequirement } from '../../../apimachinery/meta/types.js';
import { isQualifiedName, isValidLabelValue } from '../../../apimachinery/validation/names.js';
import { validateLabels, validateWith } from './object-meta.js';

function validateRequirement(
  { key, operator, values }: LabelSelectorRequirement,
  path: string,
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  if (operator === 'In' || operator === 'NotIn') {
    if (!values?.length)
      complain.required('values', "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values?.length)
      complain.forbidden(
        'values',
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      );
  } else complain.invalid('operator', operator, 'not a valid selector operator');
  errors.push(...validateWith(isQualifiedName, key, `${path}.key`));
  for (const [index, value] of (values ?? []).entries()) {
    errors.push(...validateWith(isValidLabelValue, value, `${path}.values[${index}]`));
  }
  return errors;
}

export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(requirement, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

/** True for a selector without requirements, which selects everything. */
export const isEmptySelector = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0;
