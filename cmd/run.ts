// The frame of every binary: flags, signals, one AbortSignal, and a clear error message at the end.
import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import type { Env } from '../pkg/util/env/env.js';
import { FlagError } from './flags.js';
import type { Watchdog } from './watchdog.js';

/** A component: runs with its flags until abort. */
export type Run<C> = (
  config: C,
  env: Env,
  signal: AbortSignal,
  watchdog?: Watchdog,
) => Promise<void>;

/**
 * Runs `main` until it resolves or SIGINT or SIGTERM aborts its signal; the reason's cause is the
 * name of that one. A second signal ends the
 * process at once. Exit codes: 0 done, 1 failed, 2 wrong flags.
 */
export async function runMain(
  binary: string,
  main: (argv: string[], signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every wait of the process adds a listener
  let signals = 0;
  const onSignal = (cause: NodeJS.Signals) => {
    if (++signals > 1) process.exit(1); // the only other exit: the user asked twice
    controller.abort(new Error('shutting down', { cause }));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Node would open its debugger, which runs any code for whoever connects.
  process.on('SIGUSR1', () => {});
  try {
    await main(process.argv.slice(2), controller.signal);
  } catch (error) {
    if (error instanceof FlagError) {
      (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else if (!controller.signal.aborted) {
      process.stderr.write(`${binary}: ${describe(error)}\n`);
      process.exitCode = 1;
    }
  } finally {
    // Open handles, such as a stuck socket, may delay the exit only for this time.
    setTimeout(() => process.exit(), 500).unref();
  }
}

/** The exit code of a process that the aborted signal's cause ended. */
export const exitCodeOf = ({ reason }: AbortSignal): number =>
  128 + constants.signals[(reason as Error).cause as NodeJS.Signals];

/**
 * The message alone for errors that the user can correct; with the stack for programming errors.
 */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const ours = ['TypeError', 'ReferenceError', 'RangeError', 'AssertionFailure'].includes(
    error.name,
  );
  return ours ? (error.stack ?? error.message) : error.message;
}
