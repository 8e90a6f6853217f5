// PriorityClass: defaults and validation (upstream pkg/apis/scheduling).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { optionalOneOf } from '../../core/v1/validation/fields.js';
import type { PriorityClass } from './types.js';

const HIGHEST_USER_PRIORITY = 1_000_000_000;
const SYSTEM_PREFIX = 'system-';

/** Classes of every cluster (upstream scheduling.SystemPriorityClasses). */
export const SYSTEM_PRIORITY_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export function defaultPriorityClass(priority: PriorityClass): void {
  priority.value ??= 0;
  priority.preemptionPolicy ??= 'PreemptLowerPriority';
}

export function validatePriorityClass({
  metadata,
  value,
  preemptionPolicy,
}: PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  const complain = fieldErrors.below('metadata', errors);
  const name = metadata.name ?? '';
  if (name.startsWith(SYSTEM_PREFIX)) {
    if (SYSTEM_PRIORITY_CLASSES[name] === undefined) {
      complain.forbidden(
        'name',
        `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
      );
    } else if (SYSTEM_PRIORITY_CLASSES[name] !== value) {
      complain.forbidden(
        'name',
        `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: value of ${name} PriorityClass must be ${SYSTEM_PRIORITY_CLASSES[name]}`,
      );
    }
  } else if (value > HIGHEST_USER_PRIORITY) {
    errors.push(
      fieldErrors.forbidden(
        'value',
        `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`,
      ),
    );
  }
  return [
    ...errors,
    ...optionalOneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never'], 'preemptionPolicy'),
  ];
}

export function validatePriorityClassUpdate(next: PriorityClass, old: PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  if (next.value !== old.value)
    errors.push(fieldErrors.forbidden('value', 'may not be changed in an update.'));
  if (next.preemptionPolicy !== old.preemptionPolicy) {
    errors.push(
      fieldErrors.invalid('preemptionPolicy', next.preemptionPolicy ?? null, 'field is immutable'),
    );
  }
  return errors;
}
