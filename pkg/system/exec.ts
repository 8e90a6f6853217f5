// Runs host commands, never through a shell; quotes the words of scripts that others run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  input?: string;
  /** Milliseconds after which the child is killed; default 60,000. */
  timeoutMs?: number;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

/** Thrown by `exec` for an exit code other than 0. */
export class ExecError extends Error {
  override name = 'ExecError';
  constructor(
    readonly command: readonly string[],
    readonly result: ExecResult,
  ) {
    super(
      `${command.join(' ')}: exit code ${result.code}: ${result.stderr.trim() || result.stdout.trim()}`,
    );
  }
}

/**
 * Runs a command and resolves with its exit code, whatever it is; -1 when a signal ended the child.
 */
export async function tryExec(
  command: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const [file, ...args] = command;
  const child = spawn(file!, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
    ...(options.env && { env: { ...process.env, ...options.env } }),
    ...(options.signal && { signal: options.signal }),
  });
  // a child that exits early closes its input; its exit code says why
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, closed] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close'),
  ]);
  const code = (closed[0] as number | null) ?? -1;
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

export async function exec(command: readonly string[], options: ExecOptions = {}): Promise<string> {
  const result = await tryExec(command, options);
  if (result.code !== 0) throw new ExecError(command, result);
  return result.stdout;
}

/** Quotes a word for a POSIX shell. */
export const quote = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
