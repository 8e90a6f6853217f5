// Lease: validation (upstream pkg/apis/coordination/validation).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { validateNonnegative } from '../../meta/v1/object-meta.js';
import type { Lease } from './types.js';

export function validateLease({ spec }: Lease): FieldError[] {
  const seconds = spec.leaseDurationSeconds;
  const errors: FieldError[] = [];
  if (seconds !== undefined && seconds <= 0)
    errors.push(
      fieldErrors.invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'),
    );
  return [...errors, ...validateNonnegative(spec.leaseTransitions, 'spec.leaseTransitions')];
}
