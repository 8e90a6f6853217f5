// Lets concurrent callers share one call with a fresh result. A caller never gets the result of a
// call that started before it: callers wait for the end of the previous call and one turn of the
// event loop, and then share the next call. A caller waits for both calls together no longer than
// the limit plus LAST_QUESTION_MS.

import type { Clock } from '../../util/env/env.js';
import { LAST_QUESTION_MS } from '../limits.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SharedCheck<T> {
  private gathering: Promise<T> | undefined;
  private asked: Promise<unknown> = Promise.resolve();

  /** `ask` must settle within the given milliseconds. */
  constructor(
    private readonly ask: (timeoutMs: number) => Promise<T>,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly limitMs: number,
  ) {}

  get(): Promise<T> {
    this.gathering ??= this.gather();
    return this.gathering;
  }

  private async gather(): Promise<T> {
    const deadline = this.clock.monotonic() + this.limitMs;
    await this.asked;
    await nextTurn();
    this.gathering = undefined;
    const question = this.ask(Math.max(LAST_QUESTION_MS, deadline - this.clock.monotonic()));
    this.asked = question.catch(() => {});
    return question;
  }
}
