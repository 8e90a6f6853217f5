// What hack/up shows: one line per step with its time; when a step fails, the cause, the log and what to do.

/** Thrown with what a person should read and do next. */
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

  constructor(
    private readonly write: (text: string) => void = (text) => void process.stdout.write(text),
  ) {}

  /** Runs one step. `name` says what is being done; the time goes behind it. */
  async run<T>(name: string, action: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.write(`  ${name} `);
    try {
      const result = await action();
      this.write(
        `${'.'.repeat(Math.max(2, NAME_WIDTH - name.length))} ${seconds(performance.now() - start)}\n`,
      );
      return result;
    } catch (error) {
      this.write(
        `${'.'.repeat(Math.max(2, NAME_WIDTH - name.length))} failed after ${seconds(performance.now() - start)}\n`,
      );
      throw error;
    }
  }

  total(): string {
    return seconds(performance.now() - this.begun);
  }
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** How a failure is told. */
export function renderFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof StepError ? error.advice : [];
  return `\n${message}\n${advice.map((line) => `  ${line}\n`).join('')}`;
}
