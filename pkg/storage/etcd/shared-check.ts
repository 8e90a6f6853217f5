// Lets callers that want the same fresh answer share one question. A caller never gets an answer to
// a question asked before it came: whoever arrives while one is under way waits for the next.

export class SharedCheck<T> {
  private running: Promise<T> | undefined;
  private following: Promise<T> | undefined;

  constructor(private readonly ask: () => Promise<T>) {}

  get(): Promise<T> {
    if (!this.running) return this.start();
    this.following ??= this.running.then(
      () => this.start(),
      () => this.start(),
    );
    return this.following;
  }

  private start(): Promise<T> {
    this.following = undefined;
    const question = this.ask().finally(() => {
      if (this.running === question) this.running = undefined;
    });
    this.running = question;
    return question;
  }
}
