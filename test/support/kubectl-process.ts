// Runs the real kubectl against a server, with a cache folder of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KubectlResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Kubectl {
  /**
   * Does not throw for a non-zero exit code. `more` is added to the environment. The command ends
   * once its output matches `enough`.
   */
  run(
    args: readonly string[],
    input?: string,
    more?: Readonly<Record<string, string>>,
    enough?: RegExp,
  ): Promise<KubectlResult>;
  /** stdout; throws with stderr when kubectl fails. */
  ok(args: readonly string[], input?: string): Promise<string>;
  close(): Promise<void>;
}

/** Without a `kubeconfig`, for commands that need no server. */
export async function createKubectl(kubeconfig: string | undefined): Promise<Kubectl> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-'));
  const env = { ...process.env, HOME: home, KUBECONFIG: kubeconfig ?? join(home, 'none') };
  const run = (
    args: readonly string[],
    input = '',
    more: Readonly<Record<string, string>> = {},
    enough?: RegExp,
  ): Promise<KubectlResult> =>
    new Promise((resolve, reject) => {
      const child = spawn('kubectl', args, { env: { ...env, ...more } });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (enough?.test(stdout)) child.kill();
      });
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      // A command that reads no input may exit before the input is written.
      child.stdin.on('error', () => undefined);
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
      child.stdin.end(input);
    });
  return {
    run,
    async ok(args, input) {
      const { code, stdout, stderr } = await run(args, input);
      if (code !== 0)
        throw new Error(`kubectl ${args.join(' ')}: exit ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
