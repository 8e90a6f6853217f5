// Limits of requests in flight. Without priority and fairness, reads and writes have a limit each,
// with a bounded queue before 429. Long-running requests (watches, streams) are not counted.
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Exchange } from '../http/exchange.js';
import { MAX_REQUESTS_QUEUED } from '../limits.js';
import type { ServedResource } from '../served/served.js';
import type { RequestInfo } from '../request/request-info.js';

/** A request as it arrives. */
export interface Arrival {
  readonly exchange: Exchange;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly query: URLSearchParams;
  readonly resource: ServedResource | undefined;
  readonly isRead: boolean;
}

export interface RequestLimiter {
  /**
   * Runs the request when its turn comes. Rejects with 429, or with the error of `run`. The request
   * may give its place back early: `exchange.leaveFlow`.
   */
  admit(arrival: Arrival, run: () => Promise<void>): Promise<void>;
}

export const tooManyRequests = (): Error =>
  statusError('TooManyRequests', 'Too many requests, please try again later.', {
    retryAfterSeconds: 1,
  });

/** Calls `free` once, at the end of `run` or when the request gives its place back before. */
export async function holdPlace(
  exchange: Exchange,
  run: () => Promise<void>,
  free: () => void,
): Promise<void> {
  let holds = true;
  const leave = (): void => {
    if (!holds) return;
    holds = false;
    free();
  };
  exchange.leaveFlow = leave;
  try {
    await run();
  } finally {
    leave();
  }
}

type Gate = (exchange: Exchange, run: () => Promise<void>) => Promise<void>;

function createGate(limit: number): Gate {
  const queue: (() => void)[] = [];
  let inFlight = 0;
  const free = (): void => {
    const next = queue.shift();
    if (next) next();
    else inFlight--;
  };
  return (exchange, run) => {
    if (inFlight < limit) {
      inFlight++;
      return holdPlace(exchange, run, free);
    }
    if (queue.length >= MAX_REQUESTS_QUEUED) return Promise.reject(tooManyRequests());
    return new Promise((resolve, reject) => {
      queue.push(() => void holdPlace(exchange, run, free).then(resolve, reject));
    });
  };
}

/** --max-requests-inflight and --max-mutating-requests-inflight without priority and fairness. */
export function inFlightLimits({
  reads,
  writes,
}: {
  reads: number;
  writes: number;
}): RequestLimiter {
  const [read, write] = [createGate(reads), createGate(writes)];
  return {
    admit: ({ exchange, info, isRead }, run) => {
      if (info.verb === 'watch') return run();
      return isRead ? read(exchange, run) : write(exchange, run);
    },
  };
}
