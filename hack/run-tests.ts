// The layers of tests in their order, each a mocha run of its own with a bound. A layer that crashes or is late counts as
// one failure, so that the last line never says more than what was seen.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const LTS = '24';

interface Layer {
  name: string;
  /** Every *.test.js below these folders of build/. */
  folders: string[];
  minutes: number;
  /** Needs root on Linux. */
  root?: boolean;
  /** Runs under this release line of Node instead of the current one. */
  node?: string;
}

const UNIT = ['pkg', 'cmd', 'hack'];
const INTEGRATION = ['test/integration'];

export const LAYERS: readonly Layer[] = [
  { name: 'unit', folders: UNIT, minutes: 5 },
  { name: 'repo', folders: ['test/repo'], minutes: 3 },
  { name: 'contract', folders: ['test/contract'], minutes: 5 },
  { name: 'integration', folders: INTEGRATION, minutes: 9 },
  { name: 'sim', folders: ['test/sim'], minutes: 5 },
  { name: 'interop', folders: ['test/interop'], minutes: 6 },
  { name: 'lts', folders: [...UNIT, ...INTEGRATION], minutes: 11, node: LTS },
  { name: 'privileged', folders: ['test/privileged'], minutes: 10, root: true },
  { name: 'e2e', folders: ['test/e2e'], minutes: 25, root: true },
];

interface Counts {
  passes: number;
  failures: number;
  pending: number;
  failed: string[];
}

function run(command: readonly string[], minutes: number, env: Record<string, string> = {}): Promise<number> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env }, timeout: minutes * 60_000, killSignal: 'SIGKILL' });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal) process.stdout.write(`ended by ${signal}: the bound is ${minutes} minutes\n`);
      resolve(code ?? 1);
    });
  });
}

/** The binary of a release line of Node, from npm's `node` package, kept beside the clusters. */
async function nodeOf(line: string): Promise<string> {
  const prefix = join(ROOT, '.wheelhouse', `node-${line}`);
  const binary = join(prefix, 'node_modules/node/bin/node');
  if (!existsSync(binary)) {
    mkdirSync(prefix, { recursive: true });
    const code = await run(['npm', 'install', '--prefix', prefix, '--no-audit', '--no-fund', '--no-save', '--loglevel=error', `node@${line}`], 5);
    if (code !== 0 || !existsSync(binary)) throw new Error(`npm could not install node@${line}`);
  }
  return binary;
}

/** Compiled tests, but only those whose source is still there. */
function testsIn(folder: string): string[] {
  const dir = join(ROOT, 'build', folder);
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.js'));
  return files
    .filter((file) => existsSync(join(ROOT, folder, file.replace(/js$/, 'ts'))))
    .sort()
    .map((file) => join('build', folder, file));
}

async function runLayer(layer: Layer): Promise<Counts> {
  const files = layer.folders.flatMap(testsIn);
  if (!files.length) return { passes: 0, failures: 0, pending: 0, failed: [] };
  const scratch = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
  const report = join(scratch, 'counts.json');
  const broken = (why: string): Counts => ({ passes: 0, failures: 1, pending: 0, failed: [`layer ${layer.name}: ${why}`] });
  try {
    const node = layer.node ? await nodeOf(layer.node) : process.execPath;
    const mocha = ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', '--exit', '--reporter', 'hack/count-reporter.cjs'];
    const code = await run([node, ...mocha, ...files], layer.minutes, { COUNTS_FILE: report });
    if (!existsSync(report)) return broken(`ended with code ${code} before its tests did`);
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Counts;
    return code !== 0 && counts.failures === 0 ? { ...counts, failures: 1, failed: [`layer ${layer.name}: exit code ${code}`] } : counts;
  } catch (error) {
    return broken((error as Error).message);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !LAYERS.some((layer) => layer.name === name));
  if (unknown.length) {
    process.stderr.write(`hack/test: no layer ${unknown.join(', ')}; there are ${LAYERS.map(({ name }) => name).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const total: Counts = { passes: 0, failures: 0, pending: 0, failed: [] };
  const lines: string[] = [];
  for (const layer of LAYERS) {
    if (wanted.length && !wanted.includes(layer.name)) continue;
    const started = performance.now();
    process.stdout.write(`\n== ${layer.name}\n`);
    const isRoot = process.getuid?.() === 0;
    const counts = layer.root && !isRoot ? { passes: 0, failures: 1, pending: 0, failed: [`layer ${layer.name}: needs root`] } : await runLayer(layer);
    total.passes += counts.passes;
    total.failures += counts.failures;
    total.pending += counts.pending;
    total.failed.push(...counts.failed);
    lines.push(`${layer.name.padEnd(12)} ${String(counts.passes).padStart(5)} passed ${String(counts.failures).padStart(4)} failed  ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n`);
  for (const title of total.failed) process.stdout.write(`failed: ${title}\n`);
  process.stdout.write(`${total.passes} passed, ${total.failures} failed\n`);
  if (total.failures) process.exitCode = 1;
}

await main(process.argv.slice(2));
