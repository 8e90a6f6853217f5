// Limits of requests in flight, reads and writes apart, with a bounded queue before 429.
// Long-running requests (watches, streams) are not counted.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { MAX_REQUESTS_QUEUED } from '../limits.js';

export class FlowLimit {
  inFlight = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  /**
   * True when the request may run; otherwise a promise that resolves when it may. Throws 429 when
   * the queue is full. Each enter needs one leave().
   */
  enter(): true | Promise<void> {
    if (this.inFlight < this.limit) {
      this.inFlight++;
      return true;
    }
    if (this.queue.length >= MAX_REQUESTS_QUEUED) {
      throw statusError('TooManyRequests', 'Too many requests, please try again later.', {
        retryAfterSeconds: 1,
      });
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.inFlight--;
  }
}
