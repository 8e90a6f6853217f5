// PodDisruptionBudget: defaults and validation (upstream pkg/apis/policy).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { optionalOneOf } from '../../core/v1/validation/fields.js';
import { nonnegativeIntOrPercent, percentAtMost100 } from '../../meta/v1/int-or-percent.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { validateNonnegative } from '../../meta/v1/object-meta.js';
import type { PodDisruptionBudget } from './types.js';

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget'];

export function emptyBudgetStatus(): NonNullable<PodDisruptionBudget['status']> {
  return { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
}

export function defaultPodDisruptionBudget(budget: PodDisruptionBudget): void {
  budget.spec ??= {};
  budget.status ??= emptyBudgetStatus();
}

export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const policy = spec.unhealthyPodEvictionPolicy;
  return [
    ...fieldErrors
      .unless(spec.minAvailable === undefined || spec.maxUnavailable === undefined)
      .invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'),
    ...(['minAvailable', 'maxUnavailable'] as const).flatMap((field) => [
      ...nonnegativeIntOrPercent(spec[field], `spec.${field}`),
      ...percentAtMost100(spec[field], `spec.${field}`),
    ]),
    ...validateLabelSelector(spec.selector, 'spec.selector'),
    ...optionalOneOf(policy, EVICTION_POLICIES, 'spec.unhealthyPodEvictionPolicy'),
  ];
}

export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget): FieldError[] {
  const counts = [
    'disruptionsAllowed',
    'currentHealthy',
    'desiredHealthy',
    'expectedPods',
  ] as const;
  return counts.flatMap((count) => validateNonnegative(status?.[count], `status.${count}`));
}
