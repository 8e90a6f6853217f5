// Flag tables: name, type, default and help of each flag, one table per binary (its options.ts).
// Parsing, --help and the manuals use the same table. The syntax is that of Go's pflag:
// --name=value, --name value, --bool, --bool=false; lists repeat or take commas.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { RELEASE } from '../pkg/apimachinery/meta/release.js';
import { parseDuration } from '../pkg/util/duration/go-duration.js';
import { upstreamFlags, type UpstreamFlag } from './upstream-flags.js';

export type FlagType = 'string' | 'number' | 'boolean' | 'list' | 'duration' | 'map';

export interface Flag {
  type: FlagType;
  /** Duration defaults are written as Go writes them: '1m30s'. */
  default?: string | number | boolean | readonly string[];
  help: string;
  required?: boolean;
  /** Allowed values. */
  choices?: readonly string[];
}

/** The flag --log-level of every binary. */
export const LOG_LEVEL = {
  type: 'string',
  default: 'info',
  choices: ['debug', 'info', 'warn', 'error'],
  help: 'Minimum severity of log messages.',
} as const satisfies Flag;

type ValueOf<F extends Flag> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'number' | 'duration'
    ? number
    : F['type'] extends 'list'
      ? string[]
      : F['type'] extends 'map'
        ? Record<string, string>
        : string;

/**
 * The parsed values. Flags without a default that were not given are undefined, except booleans
 * (false) and lists (empty).
 */
export type Config<T extends Record<string, Flag>> = Readonly<{
  [K in keyof T]: T[K] extends
    | { default: string | number | boolean | readonly string[] }
    | { required: true }
    | { type: 'boolean' | 'list' | 'map' }
    ? ValueOf<T[K]>
    : ValueOf<T[K]> | undefined;
}>;

/** Milliseconds of Go's duration syntax; flags take none below zero. */
export function durationFlag(text: string): number {
  let duration: number;
  try {
    duration = parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  if (duration < 0) throw new InvalidArgumentError(`duration "${text}" is below zero`);
  return duration;
}

const PARSERS: Record<FlagType, (text: string, previous: unknown) => unknown> = {
  string: (text) => text,
  number(text) {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new InvalidArgumentError(`"${text}" is not a number`);
    return value;
  },
  boolean(text) {
    if (/^(true|1|t)$/i.test(text)) return true;
    if (/^(false|0|f)$/i.test(text)) return false;
    throw new InvalidArgumentError(`"${text}" is neither true nor false`);
  },
  list: (text, previous) => [
    ...((previous as string[] | undefined) ?? []),
    ...text
      .split(',')
      .map((s) => s.trim())
      .filter(Boolean),
  ],
  duration: (text) => durationFlag(text),
  map(text, previous) {
    const pairs = text.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      if (at < 0) throw new InvalidArgumentError(`"${pair}" is not of the form name=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
    return { ...(previous as object | undefined), ...Object.fromEntries(pairs) };
  },
};

const EMPTY: Partial<Record<FlagType, unknown>> = { boolean: false, list: [], map: {} };

/** The answer to --version, in the form of upstream's programs. */
export const PRINTED_VERSION = `Kubernetes ${RELEASE}`;

/** Thrown for --help (`exitCode` 0) and for wrong flags (2). The message is ready to print. */
export class FlagError extends Error {
  override name = 'FlagError';
  constructor(
    message: string,
    readonly exitCode = 2,
  ) {
    super(message);
  }
}

/** True when both texts are one number, one duration of Go, or the same text. */
function sameValue(a: string, b: string): boolean {
  if (a === b || (a !== '' && b !== '' && Number(a) === Number(b))) return true;
  try {
    return parseDuration(a) === parseDuration(b);
  } catch {
    return false;
  }
}

/** Takes upstream's default silently, another value with a warning, or refuses that value. */
function judge(binary: string, flag: UpstreamFlag, text: string | null, warn: Warn): void {
  const value = flag.boolean ? String(PARSERS.boolean(text ?? 'true', undefined)) : (text ?? '');
  if (sameValue(value, flag.default)) return;
  const given = `--${flag.name}=${value}`;
  if (flag.refused) throw new FlagError(`${binary}: ${given} is not supported: ${flag.why}`);
  warn(`${binary}: ${given} has no effect: ${flag.why}\n`);
}

type Warn = (line: string) => void;

/** Upstream's flags without an effect, and --version. Help does not show the former. */
function addForeign(command: Command, binary: string, warn: Warn, isWanted: IsWanted): void {
  for (const flag of upstreamFlags(binary)) {
    if (!isWanted(flag.name)) continue;
    const value = flag.boolean ? '[bool]' : '<value>';
    command.addOption(new Option(`--${flag.name} ${value}`).hideHelp());
    command.on(`option:${flag.name}`, (text: string | null) => judge(binary, flag, text, warn));
  }
  command.addOption(new Option('--version [bool]', 'Prints the version, and ends.'));
  command.on('option:version', (text: string | null) => {
    if (text !== 'false') throw new FlagError(PRINTED_VERSION, 0);
  });
}

type IsWanted = (name: string) => boolean;

/** Adds the wanted flags of the table; their values go to `values`. */
function addOwn(
  command: Command,
  binary: string,
  table: Record<string, Flag>,
  values: Record<string, unknown>,
  isWanted: IsWanted,
): void {
  for (const [name, flag] of Object.entries(table)) {
    if (!isWanted(name)) continue;
    const shown =
      flag.default === undefined || flag.default === '' ? '' : ` (default ${String(flag.default)})`;
    const option = new Option(
      `--${name} ${flag.type === 'boolean' ? '[bool]' : `<${flag.type}>`}`,
      `${flag.help}${shown}`,
    );
    if (flag.choices) option.choices([...flag.choices]);
    command.addOption(option);
    command.on(`option:${name}`, (text: string | null) => {
      try {
        if (flag.choices && text !== null && !flag.choices.includes(text))
          throw new InvalidArgumentError(`Allowed choices are ${flag.choices.join(', ')}.`);
        values[name] =
          text === null || (text === '' && flag.type === 'boolean')
            ? true
            : PARSERS[flag.type](text, values[name]);
      } catch (error) {
        throw new FlagError(`${binary}: invalid value for --${name}: ${(error as Error).message}`);
      }
    });
  }
}

/**
 * Parses `argv`, without the node binary and the script. `warn` takes lines about upstream's flags
 * that have no effect here. Throws FlagError for --help, for --version and for wrong flags.
 */
export const parseFlags = <const T extends Record<string, Flag>>(
  binary: string,
  about: string,
  table: T,
  argv: readonly string[],
  warn?: Warn,
): Config<T> => parseCommand(binary, about, table, argv, [], warn).flags;

/**
 * parseFlags for a program with operands in commander's notation: `<file>`, `[name]`, `[name...]`.
 * Throws FlagError for operands that are missing or too many, too.
 */
export function parseCommand<const T extends Record<string, Flag>>(
  binary: string,
  about: string,
  table: T,
  argv: readonly string[],
  operands: readonly string[],
  warn: Warn = (line) => void process.stderr.write(line),
): { flags: Config<T>; operands: string[] } {
  const words = argv
    .map((word) => word.replace(/^-(v(?=$|=|\d)|[a-z][a-z0-9-]+)/, '--$1'))
    // The word after a boolean flag may be an operand, and is no value in pflag either.
    .map((word) =>
      operands.length && table[word.slice(2)]?.type === 'boolean' ? `${word}=true` : word,
    );
  const named = new Set(words.map((word) => word.slice(2).split('=')[0]!));
  let printed = '';
  let given: string[] = [];
  const parse = (isWanted: IsWanted): Record<string, unknown> => {
    const values: Record<string, unknown> = {};
    const lines: string[] = [];
    printed = '';
    const command = new Command(binary);
    command.description(about).allowExcessArguments(false).exitOverride();
    for (const operand of operands) command.argument(operand);
    command.configureOutput({ writeOut: (s) => (printed += s), writeErr: (s) => (printed += s) });
    addOwn(command, binary, table, values, isWanted);
    const isForeign = (name: string) => isWanted(name) && !Object.hasOwn(table, name);
    addForeign(command, binary, (line) => lines.push(line), isForeign);
    try {
      given = command.parse(words, { from: 'user' }).args;
    } finally {
      if (!printed) lines.forEach(warn);
    }
    return values;
  };
  const ended = (error: unknown): never => {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = error.code === 'commander.helpDisplayed';
    throw new FlagError(
      isHelp ? printed : `${binary}: ${printed.trim()}\nSee '${binary} --help'.`,
      isHelp ? 0 : 2,
    );
  };
  let values: Record<string, unknown>;
  try {
    // Commander compares every flag with every other one: a start needs those on its command line.
    values = parse((name) => named.has(name));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    try {
      values = parse(() => true); // for the help, and for the flag that a wrong one resembles
    } catch (again) {
      return ended(again);
    }
  }
  for (const [name, flag] of Object.entries(table)) {
    if (values[name] !== undefined) continue;
    if (flag.required)
      throw new FlagError(`${binary}: --${name} is required\nSee '${binary} --help'.`);
    values[name] =
      flag.type === 'duration' && typeof flag.default === 'string'
        ? durationFlag(flag.default)
        : (flag.default ?? structuredClone(EMPTY[flag.type]));
  }
  return { flags: Object.freeze(values) as Config<T>, operands: given };
}

/** Writes -o out in full: '-o json', '-o=json', '-ojson'. */
export const withShortOutput = (argv: readonly string[]): string[] =>
  argv.flatMap((word) =>
    word.startsWith('-o')
      ? ['--output', ...(word === '-o' ? [] : [word.replace(/^-o=?/, '')])]
      : [word],
  );
