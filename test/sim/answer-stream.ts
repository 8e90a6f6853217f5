// The ordered stream of response chunks from the link to the client.

export class AnswerStream {
  private readonly waiting: Uint8Array[] = [];
  private state: 'open' | 'ended' | { error: unknown } = 'open';
  private wake: (() => void) | undefined;

  push(chunk: Uint8Array): void {
    if (this.state !== 'open') return;
    this.waiting.push(chunk);
    this.wake?.();
  }

  end(): void {
    if (this.state === 'open') this.state = 'ended';
    this.wake?.();
  }

  fail(error: unknown): void {
    if (this.state === 'open') this.state = { error };
    this.wake?.();
  }

  /** `left` is called when the reader stops before the end. */
  async *chunks(left: (() => void) | undefined): AsyncGenerator<Uint8Array> {
    let isDone = false;
    try {
      for (;;) {
        const next = this.waiting.shift();
        if (next) {
          yield next;
          continue;
        }
        if (this.state === 'ended') break;
        if (this.state !== 'open') throw this.state.error as Error;
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
      }
      isDone = true;
    } finally {
      if (!isDone) left?.();
    }
  }
}
