// Lets callers that want the same fresh answer share one question. A caller never gets an answer to
// a question asked before it came: callers gather while the question before is under way, then for
// one turn of the event loop, and then one question is asked for all of them. Waiting for the question
// before counts: from its coming on a caller waits no longer than the limit and LAST_QUESTION_MS.

import type { Clock } from '../../util/env/env.js';
import { LAST_QUESTION_MS } from '../limits.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SharedCheck<T> {
  private gathering: Promise<T> | undefined;
  private asked: Promise<unknown> = Promise.resolve();

  /** `ask` must settle within the milliseconds it is given. */
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
