// PriorityClass: defaults and validation (upstream pkg/apis/scheduling).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { optionalOneOf } from '../../core/v1/validation/fields.js';
import { validateImmutableField } from '../../meta/v1/object-meta.js';
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
  const name = metadata.name ?? '';
  const own = SYSTEM_PRIORITY_CLASSES[name];
  const reserved = `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error:`;
  const problem =
    own === undefined
      ? `${name} is not a known system priority class`
      : `value of ${name} PriorityClass must be ${own}`;
  const isSystem = name.startsWith(SYSTEM_PREFIX);
  return [
    ...fieldErrors
      .when(isSystem && own !== value)
      .forbidden('metadata.name', `${reserved} ${problem}`),
    ...fieldErrors
      .when(!isSystem && value > HIGHEST_USER_PRIORITY)
      .forbidden(
        'value',
        `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`,
      ),
    ...optionalOneOf(preemptionPolicy, ['PreemptLowerPriority', 'Never'], 'preemptionPolicy'),
  ];
}

export function validatePriorityClassUpdate(next: PriorityClass, old: PriorityClass): FieldError[] {
  const policies = [next.preemptionPolicy, old.preemptionPolicy] as const;
  return [
    ...fieldErrors
      .unless(next.value === old.value)
      .forbidden('value', 'may not be changed in an update.'),
    ...validateImmutableField(...policies, 'preemptionPolicy'),
  ];
}
