// Errors of patches that cannot be applied (apiserver endpoints/handlers/patch.go).
import { statusError, type StatusError } from '../errors/status-error.js';

/**
 * 422 for a well-formed patch that does not fit the object. Upstream does not tell the client why
 * (NewGenericServerResponse drops the text); the error's cause does.
 */
export function unprocessablePatch(why: string): StatusError {
  const text = 'the server rejected our request due to an error in our request';
  const error = statusError('Invalid', text, {});
  error.cause = new Error(why);
  return error;
}
