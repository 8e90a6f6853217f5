// The output of hack/up: one line per step with its duration; for a failed step the cause, the log
// and the next steps.

/** An error with advice for the user. */
export class StepError extends Error {
  override name = 'StepError';
  constructor(
    message: string,
    readonly advice: readonly string[],
  ) {
    super(message);
  }
}

const NAME_WIDTH = 46;

export class Steps {
  private readonly begun = performance.now();
  /** The steps that have begun. */
  count = 0;

  constructor(
    readonly signal?: AbortSignal,
    private readonly write: (text: string) => void = (text) => void process.stdout.write(text),
  ) {}

  /**
   * Runs one step and prints `name` with the duration. No step begins once the signal is aborted.
   */
  async run<T>(name: string, action: () => Promise<T>): Promise<T> {
    this.signal?.throwIfAborted();
    this.count++;
    const start = performance.now();
    this.write(`  ${name} `);
    const dots = '.'.repeat(Math.max(2, NAME_WIDTH - name.length));
    try {
      const result = await action();
      this.write(`${dots} ${seconds(performance.now() - start)}\n`);
      return result;
    } catch (error) {
      const end = this.signal?.aborted ? 'interrupted' : 'failed';
      this.write(`${dots} ${end} after ${seconds(performance.now() - start)}\n`);
      throw error;
    }
  }

  total(): string {
    return seconds(performance.now() - this.begun);
  }
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The text of a failure. */
export function renderFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof StepError ? error.advice : [];
  return `\n${message}\n${advice.map((line) => `  ${line}\n`).join('')}`;
}
