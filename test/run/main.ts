// Runs the layers of tests in order, each as a mocha run with a time limit. A layer that crashes,
// exceeds its limit or has no tests counts as one failure, so the last line never claims more than
// what ran.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmPackageFile } from '../support/npm-package.js';
import { LAYERS, type Layer } from '../support/test-layers.js';
import { report, type Counts, type LayerResult } from './report.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
/** Bound of a test that sets none; a shared machine makes seconds of milliseconds. */
const TEST_LIMIT_MS = 60_000;
const none = { passes: 0, failed: [], skipped: [] };

function run(
  command: readonly string[],
  minutes: number,
  env: Record<string, string> = {},
  output?: number,
): Promise<number> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, {
      cwd: ROOT,
      stdio: output === undefined ? 'inherit' : ['ignore', output, output],
      env: { ...process.env, ...env },
      timeout: minutes * 60_000,
      killSignal: 'SIGKILL',
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal) process.stdout.write(`ended by ${signal}: the bound is ${minutes} minutes\n`);
      resolve(code ?? 1);
    });
  });
}

/** Compiled tests whose source still exists. */
function testsIn(place: string): string[] {
  if (existsSync(join(ROOT, `${place}.test.ts`))) return [join('build', `${place}.test.js`)];
  const dir = join(ROOT, 'build', place);
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.js'),
  );
  return files
    .filter((file) => existsSync(join(ROOT, place, file.replace(/js$/, 'ts'))))
    .sort()
    .map((file) => join('build', place, file));
}

async function countLayer(layer: Layer, output?: number): Promise<Counts> {
  const files = layer.places.flatMap(testsIn);
  const scratch = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
  const countsFile = join(scratch, 'counts.json');
  const broken = (why: string, counts: Counts = none): Counts => ({
    ...counts,
    failed: [`layer ${layer.name}: ${why}`],
  });
  try {
    if (layer.root && process.getuid?.() !== 0) return broken('needs root');
    if (!files.length) return broken('has no tests');
    const node = layer.node
      ? await npmPackageFile(`node-${layer.node}`, `node@${layer.node}`, 'node/bin/node')
      : process.execPath;
    const mocha = [
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      '--exit',
      '--timeout',
      String(TEST_LIMIT_MS),
      '--reporter',
      'test/run/count-reporter.cjs',
    ];
    const env = { COUNTS_FILE: countsFile };
    const code = await run([node, ...mocha, ...files], layer.minutes, env, output);
    if (!existsSync(countsFile)) return broken(`ended with code ${code} before its tests did`);
    const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
    return code !== 0 && counts.failed.length === 0 ? broken(`exit code ${code}`, counts) : counts;
  } catch (error) {
    return broken((error as Error).message);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Writes the output of the layer as it comes, or into the file `output`. */
async function runLayer(layer: Layer, output?: number): Promise<LayerResult> {
  const started = performance.now();
  const counts = await countLayer(layer, output);
  return { ...counts, layer: layer.name, seconds: (performance.now() - started) / 1000 };
}

/** Runs the layers in order, and writes the output of each when it ends. */
async function runBeside(layers: readonly Layer[]): Promise<LayerResult[]> {
  const results: LayerResult[] = [];
  const scratch = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
  try {
    for (const layer of layers) {
      const file = join(scratch, layer.name);
      const output = openSync(file, 'w');
      results.push(await runLayer(layer, output));
      closeSync(output);
      process.stdout.write(`\n== ${layer.name}, beside ${layer.beside}\n`);
      process.stdout.write(readFileSync(file));
    }
    return results;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !LAYERS.some((layer) => layer.name === name));
  if (unknown.length) {
    process.stderr.write(
      `hack/test: no layer ${unknown.join(', ')}; there are ${LAYERS.map(({ name }) => name).join(', ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const results: LayerResult[] = [];
  const layers = LAYERS.filter(({ name }) => !wanted.length || wanted.includes(name));
  const isAlone = ({ beside }: Layer) => !layers.some(({ name }) => name === beside);
  for (const layer of layers.filter(isAlone)) {
    process.stdout.write(`\n== ${layer.name}\n`);
    const others = layers.filter(({ beside }) => beside === layer.name);
    const [own, besides] = await Promise.all([runLayer(layer), runBeside(others)]);
    results.push(...besides, own);
  }
  const { lines, ok } = report(results, process.env['CI'] === 'true');
  process.stdout.write(`\n${lines.join('\n')}\n`);
  if (!ok) process.exitCode = 1;
}

await main(process.argv.slice(2));
