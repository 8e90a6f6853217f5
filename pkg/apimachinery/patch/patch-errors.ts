// Errors of patches that cannot be applied (apiserver endpoints/handlers/patch.go).
import { statusError, type StatusError } from '../errors/status-error.js';

/** 422 for a well-formed patch that does not fit the object. */
export function unprocessablePatch(why: string): StatusError {
  return statusError('Invalid', 'the server rejected our request due to an error in our request', {
    causes: [{ reason: 'FieldValueInvalid', field: 'patch', message: why }],
  });
}
