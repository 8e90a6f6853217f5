// Runs host commands, never through a shell.
import { spawn } from 'node:child_process';

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
export function tryExec(
  command: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 60_000,
      killSignal: 'SIGKILL',
      ...(options.env ? { env: { ...process.env, ...options.env } } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
    // a child that exits early closes its input; its exit code says why
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export async function exec(command: readonly string[], options: ExecOptions = {}): Promise<string> {
  const result = await tryExec(command, options);
  if (result.code !== 0) throw new ExecError(command, result);
  return result.stdout;
}
