// Programs that come as npm packages and that only tests need, kept in .wheelhouse.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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

/**
 * The folder of the unpacked archive of an npm package of one version (`left-pad@1.3.0`), without
 * its dependencies. `sha512` is the archive's checksum in base64; rejects when the archive that npm
 * fetches has another.
 */
export async function npmArchive(specification: string, sha512: string): Promise<string> {
  const kept = join(KEPT, 'archives', specification.replaceAll('/', '-'));
  const unpacked = join(kept, 'package');
  if (existsSync(unpacked)) return unpacked;
  await mkdir(dirname(kept), { recursive: true });
  const part = await mkdtemp(`${kept}.`);
  try {
    const run = promisify(execFile);
    const command = ['pack', '--silent', '--pack-destination', part, specification];
    const { stdout } = await run('npm', command, { timeout: MINUTES * 60_000 });
    const archive = join(part, stdout.trim());
    const found = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (found !== sha512) throw new Error(`${specification} has the checksum ${found}`);
    await run('tar', ['-xzf', archive, '-C', part]);
    await rename(part, kept).catch((error: Error) => {
      // Another process may have been faster.
      if (!existsSync(unpacked)) throw error;
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  return unpacked;
}
