// Programs that come as npm packages and that only tests need, kept in .wheelhouse.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEPT = join(dirname(fileURLToPath(import.meta.url)), '../../../.wheelhouse');
const MINUTES = 5;
const FLAGS = ['--no-audit', '--no-fund', '--no-save', '--legacy-peer-deps', '--loglevel=error'];

/**
 * The path of `file` inside an npm package (`node@24`), which is installed on the first call into
 * the folder `folder` of .wheelhouse. Rejects when npm cannot install the package.
 */
export async function npmPackageFile(
  folder: string,
  specification: string,
  file: string,
): Promise<string> {
  const prefix = join(KEPT, folder);
  const path = join(prefix, 'node_modules', file);
  if (existsSync(path)) return path;
  mkdirSync(prefix, { recursive: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    const npm = spawn('npm', ['install', '--prefix', prefix, ...FLAGS, specification], {
      stdio: 'inherit',
      timeout: MINUTES * 60_000,
      killSignal: 'SIGKILL',
    });
    npm.once('error', reject);
    npm.once('close', resolve);
  });
  if (code !== 0 || !existsSync(path)) throw new Error(`npm could not install ${specification}`);
  return path;
}
