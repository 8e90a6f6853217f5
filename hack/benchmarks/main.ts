// hack/bench: runs the benchmarks that are named, or all, and prints a table or JSON.
import { runMain } from '../../cmd/run.js';
import { FlagError } from '../../cmd/flags.js';
import { apiserver } from './apiserver.js';
import { apiserverScale } from './apiserver-scale.js';
import { cluster } from './cluster.js';
import { dns } from './dns.js';
import { extension } from './extension.js';
import { overlay } from './overlay.js';
import { scheduler } from './scheduler.js';
import { ratioOf, renderTable, type Benchmark, type Measure } from './measure.js';

const BENCHMARKS: readonly Benchmark[] = [
  cluster,
  apiserver,
  extension,
  scheduler,
  dns,
  overlay,
  apiserverScale,
];

const USAGE = `Usage: hack/bench [NAME...] [-o json|text]

${BENCHMARKS.map((b) => `  ${b.name.padEnd(15)} ${b.about}${b.isLong ? ' (only when named)' : ''}`).join('\n')}`;

void runMain('hack/bench', async (argv, signal) => {
  if (argv.includes('--help') || argv.includes('-h') || argv.includes('--list'))
    throw new FlagError(USAGE, 0);
  const at = argv.findIndex((word) => word === '-o' || word === '--output');
  const inline = argv.find((word) => /^(-o|--output)=/.test(word));
  const format = inline ? inline.split('=')[1]! : at >= 0 ? (argv[at + 1] ?? '') : 'text';
  if (!['json', 'text'].includes(format))
    throw new FlagError(`hack/bench: output is text or json, not "${format}"\n\n${USAGE}`, 2);
  const names = argv.filter((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1));
  const unknown = names.find((name) => !BENCHMARKS.some((b) => b.name === name));
  if (unknown !== undefined)
    throw new FlagError(`hack/bench: no benchmark "${unknown}"\n\n${USAGE}`, 2);
  const measures: Measure[] = [];
  for (const benchmark of BENCHMARKS) {
    if (names.length ? !names.includes(benchmark.name) : benchmark.isLong) continue;
    process.stderr.write(`${benchmark.name}: ${benchmark.about}\n`);
    measures.push(...(await benchmark.run(signal)));
  }
  const rows = measures.map((m) => ({ ...m, ratio: ratioOf(m) }));
  process.stdout.write(
    `${format === 'json' ? JSON.stringify(rows, null, 2) : renderTable(measures)}\n`,
  );
});
