// Lets callers that want the same fresh answer share one question. A caller never gets an answer to
// a question asked before it came: callers gather while the question before is under way, then for
// one turn of the event loop, and then one question is asked for all of them.

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class SharedCheck<T> {
  private gathering: Promise<T> | undefined;
  private asked: Promise<unknown> = Promise.resolve();

  constructor(private readonly ask: () => Promise<T>) {}

  get(): Promise<T> {
    this.gathering ??= this.gather();
    return this.gathering;
  }

  private async gather(): Promise<T> {
    await this.asked;
    await nextTurn();
    this.gathering = undefined;
    const question = this.ask();
    this.asked = question.catch(() => {});
    return question;
  }
}
