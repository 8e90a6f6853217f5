// hack/bench: runs the benchmarks that are named, or all, and prints a table or JSON.
import { runMain } from '../../cmd/run.js';
import { FlagError, parseCommand, withShortOutput } from '../../cmd/flags.js';
import { OUTPUT } from '../cluster/output.js';
import { apiserver } from './apiserver.js';
import { apiserverScale } from './apiserver-scale.js';
import { autoscalers } from './autoscalers.js';
import { cluster } from './cluster.js';
import { dns } from './dns.js';
import { extension } from './extension.js';
import { ingress } from './ingress.js';
import { overlay } from './overlay.js';
import { scheduler } from './scheduler.js';
import { ratioOf, renderTable, type Benchmark, type Measure } from './measure.js';

const BENCHMARKS: readonly Benchmark[] = [
  cluster,
  apiserver,
  extension,
  scheduler,
  dns,
  ingress,
  overlay,
  apiserverScale,
  autoscalers,
];

const LIST = BENCHMARKS.map(
  (b) => `  ${b.name.padEnd(15)} ${b.about}${b.isLong ? ' (only when named)' : ''}`,
).join('\n');

const FLAGS = { list: { type: 'boolean', help: 'Print the names.' }, output: OUTPUT } as const;

void runMain('hack/bench', async (argv, signal) => {
  const about = `Runs benchmarks, and prints a row for each measure.\n\n${LIST}`;
  const words = withShortOutput(argv);
  const { flags, operands: names } = parseCommand('hack/bench', about, FLAGS, words, ['[name...]']);
  if (flags.list) throw new FlagError(LIST, 0);
  const unknown = names.find((name) => !BENCHMARKS.some((b) => b.name === name));
  if (unknown !== undefined)
    throw new FlagError(`hack/bench: no benchmark "${unknown}"; there are\n${LIST}`);
  const measures: Measure[] = [];
  for (const benchmark of BENCHMARKS) {
    if (names.length ? !names.includes(benchmark.name) : benchmark.isLong) continue;
    process.stderr.write(`${benchmark.name}: ${benchmark.about}\n`);
    measures.push(...(await benchmark.run(signal)));
  }
  const rows = measures.map((m) => ({ ...m, ratio: ratioOf(m) }));
  process.stdout.write(
    `${flags.output === 'json' ? JSON.stringify(rows, null, 2) : renderTable(measures)}\n`,
  );
});
