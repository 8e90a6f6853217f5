// The timeout of requests that are not long-running: the server's --request-timeout, or less when
// the client asks for less with ?timeout= (upstream endpoints/filters/request_deadline.go). Writes
// have a lower bound of their own (endpoints/handlers/rest.go requestTimeoutUpperBound).
import {
  badRequest,
  statusError,
  type StatusError,
} from '../../apimachinery/errors/status-error.js';
import { parseDuration } from '../../util/duration/go-duration.js';
import { WRITE_TIMEOUT_MS } from '../limits.js';

/** The timeout of one request, checked before each step that cannot be undone. */
export interface Deadline {
  /** Throws after the client got the timeout as its answer: no further step may begin. */
  throwIfExpired(): void;
}

/**
 * Milliseconds from the request's arrival; more than the maximum, and 0, mean the maximum. Throws
 * 400.
 */
export function requestTimeout(
  query: URLSearchParams,
  maximumMs: number,
  isWrite: boolean,
): number {
  const bound = isWrite ? Math.min(maximumMs, WRITE_TIMEOUT_MS) : maximumMs;
  const text = query.get('timeout');
  if (!text) return bound;
  let wanted: number;
  try {
    wanted = parseDuration(text);
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${(error as Error).message}`);
  }
  return wanted > 0 && wanted < bound ? wanted : bound;
}

/** The answer to a request that timed out, 504. A write may have happened or not. */
export function requestTimedOut(isWrite: boolean): StatusError {
  const why = isWrite
    ? 'within requested timeout - context deadline exceeded'
    : 'within the allotted timeout';
  return statusError('Timeout', `Timeout: request did not complete ${why}`, {});
}
