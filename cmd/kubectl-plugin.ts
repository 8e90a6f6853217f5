// The frame of kubectl's plugins: their flags, and kubectl with the flags that belong to it.
import { text } from 'node:stream/consumers';
import { Kubectl } from '../pkg/system/kubectl.js';
import { realClock } from '../pkg/system/env.js';
import type { Clock } from '../pkg/util/env/env.js';
import { type Config, type Flag, FlagError, parseCommand } from './flags.js';
import { KUBECTL_FLAGS } from './kubectl-flags.generated.js';
import { exitCodeOf, runMain } from './run.js';

const SHORT: Readonly<Record<string, string>> = {
  '-f': '--filename',
  '-l': '--selector',
  '-n': '--namespace',
  '-s': '--server',
};

export interface Plugin<T extends Record<string, Flag>> {
  name: string;
  about: string;
  flags: T;
  /** In commander's notation. */
  operands: readonly string[];
  run: (call: Call<T>) => Promise<void>;
}

export interface Call<T extends Record<string, Flag>> {
  flags: Config<T>;
  operands: readonly string[];
  kubectl: Kubectl;
  /** The content of stdin when a --filename is `-`. */
  input: string;
  clock: Clock;
  print: (text: string) => void;
  signal: AbortSignal;
  /** The error of a command line that is wrong. */
  misused: (why: string) => FlagError;
}

/** The words of the flags that were given, for another program. */
function words(table: Record<string, Flag>, flags: Record<string, unknown>): string[] {
  return Object.keys(table).flatMap((name) =>
    [(flags[name] as string | boolean | string[] | undefined) ?? []]
      .flat()
      .flatMap((value) => (value ? [`--${name}=${value}`] : [])),
  );
}

/** Runs the plugin with the process's arguments; ^C ends it with the exit code of that signal. */
export const runPlugin = <const T extends Record<string, Flag>>(plugin: Plugin<T>): Promise<void> =>
  runMain(plugin.name, async (argv, signal) => {
    const table = { ...plugin.flags, ...KUBECTL_FLAGS };
    const given = argv.map((word) => SHORT[word] ?? word);
    const { name, about } = plugin;
    const { flags, operands } = parseCommand(name, about, table, given, plugin.operands);
    try {
      await plugin.run({
        flags: flags as unknown as Config<T>,
        operands,
        input: given.some((word) => /^(--filename=)?-$/.test(word))
          ? await text(process.stdin)
          : '',
        kubectl: new Kubectl(words(KUBECTL_FLAGS, flags), signal),
        clock: realClock,
        print: (words) => void process.stdout.write(words),
        signal,
        misused: (why) => new FlagError(`error: ${why}\nSee '${plugin.name} --help'.`, 1),
      });
    } catch (error) {
      if (error instanceof FlagError) throw error;
      process.exitCode = signal.aborted ? exitCodeOf(signal) : 1;
      // kubectl's own errors say so themselves.
      const { message } = error as Error;
      const line = /^error/i.test(message) ? message : `error: ${message}`;
      if (!signal.aborted) process.stderr.write(`${line}\n`);
    }
  });
