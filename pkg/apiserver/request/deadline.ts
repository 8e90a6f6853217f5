// The timeout of requests that are not long-running: the server's --request-timeout, or less when the
// client asks for less with ?timeout= (upstream endpoints/filters/request_deadline.go). Writes have a
// lower bound of their own (endpoints/handlers/rest.go requestTimeoutUpperBound).
import {
  badRequest,
  statusError,
  type StatusError,
} from '../../apimachinery/errors/status-error.js';
import { WRITE_TIMEOUT_MS } from '../limits.js';

/** The timeout of one request, checked before each step that cannot be undone. */
export interface Deadline {
  /** Throws after the client got the timeout as its answer: no further step may begin. */
  throwIfExpired(): void;
}

const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's time.ParseDuration, in milliseconds. Throws an Error with Go's text. */
export function parseGoDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
  if (rest === '0') return 0;
  let total = 0;
  let at = 0;
  if (!rest) throw new Error(`time: invalid duration ${quoted}`);
  while (at < rest.length) {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest.slice(at))?.[0];
    if (number === undefined) throw new Error(`time: invalid duration ${quoted}`);
    at += number.length;
    const unit = /^[^.\d]*/.exec(rest.slice(at))![0];
    if (!unit) throw new Error(`time: missing unit in duration ${quoted}`);
    if (!Object.hasOwn(UNIT_MS, unit))
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    at += unit.length;
    total += Number(number) * UNIT_MS[unit]!;
  }
  if (!(total * 1e6 < 2 ** 63)) throw new Error(`time: invalid duration ${quoted}`);
  return sign === '-' ? -total : total;
}

/** Milliseconds from the request's arrival; more than the maximum, and 0, mean the maximum. Throws 400. */
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
    wanted = parseGoDuration(text);
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
