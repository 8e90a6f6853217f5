// Programs of examples/ as processes of this machine, and the certificates that their READMEs make.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { exec } from '../../pkg/system/exec.js';

const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const START_MS = 20_000;

/** The text of a manifest of an example. */
export const manifestOf = (example: string, file: string): string =>
  readFileSync(`examples/${example}/manifests/${file}`, 'utf8');

export interface Certificate {
  cert: string;
  key: string;
  /** For caBundle. */
  bundle: string;
}

/** A certificate that is its own authority, by the command of the READMEs. */
export async function selfSigned(folder: string, name: string): Promise<Certificate> {
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  await exec(
    [
      'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365',
      `-subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout ${key} -out ${cert}`,
    ].flatMap((words) => words.split(' ')),
  );
  return { cert, key, bundle: readFileSync(cert).toString('base64') };
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export interface Running {
  stop(): Promise<void>;
}

/** Bundles the example and runs it until its first line of output. */
export async function runExample(
  folder: string,
  example: string,
  kubeconfig: string,
  env: Record<string, string> = {},
): Promise<Running> {
  const outfile = join(folder, `${example}.mjs`);
  await build({
    entryPoints: [`examples/${example}/src/main.ts`],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: REQUIRE },
    outfile,
    logLevel: 'warning',
  });
  const config = join(folder, `${example}.kubeconfig`);
  writeFileSync(config, kubeconfig);
  const child = spawn(process.execPath, [outfile], {
    env: { PATH: process.env['PATH'], KUBECONFIG: config, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  clearTimeout(timer);
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`${example} ended: ${output}`);
  return { stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}
