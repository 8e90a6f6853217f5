// hack/cis: runs the checks of the CIS Kubernetes Benchmark against a running cluster.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { CHECKS, type Verdict } from './cis-checks.js';
import { gatherFacts } from './cis-facts.js';
import { checkName, requireRecord } from '../../hack/cluster/record.js';

const FLAGS = {
  name: { type: 'string', default: 'local', help: "The cluster's name." },
  write: { type: 'string', help: 'Write the table to this file, as Markdown.' },
} as const;

type Row = Verdict & { id: string; subject: string };

const WORDS: Readonly<Record<Verdict['result'], string>> = {
  pass: 'passes',
  fail: 'fails',
  choice: 'a choice stands against it',
  none: 'does not apply',
};

const count = (rows: readonly Row[]) =>
  (Object.keys(WORDS) as Verdict['result'][])
    .map((word) => `${rows.filter(({ result }) => result === word).length} ${word}`)
    .join(', ');

export function renderTable(rows: readonly Row[]): string {
  return `# CIS Kubernetes Benchmark 1.10
The table is written by \`hack/cis --write docs/cis-benchmark.md\`, which looks at a running cluster of \`hack/up\`: the flags of
its processes, the modes of its files and its objects. ${rows.length} checks: ${count(rows)}.

| check | subject | result |
|---|---|---|
${rows.map(({ id, subject, result, note }) => `| ${id} | ${subject} | ${WORDS[result]}${note ? `: ${note}` : ''} |`).join('\n')}
`;
}

async function main(argv: string[]): Promise<void> {
  const about = 'Runs the checks of the CIS Kubernetes Benchmark 1.10 against a running cluster.';
  const flags = parseFlags('hack/cis', about, FLAGS, argv);
  checkName(flags.name);
  const facts = await gatherFacts(requireRecord(flags.name));
  const rows = CHECKS.map(({ id, subject, judge }) => ({ id, subject, ...judge(facts) }));
  for (const { id, subject, result, note } of rows)
    process.stdout.write(
      `${id.padEnd(7)} ${result.padEnd(7)} ${subject}${note ? ` (${note})` : ''}\n`,
    );
  process.stdout.write(`${rows.length} checks: ${count(rows)}\n`);
  if (flags.write) {
    mkdirSync(dirname(flags.write), { recursive: true });
    writeFileSync(flags.write, renderTable(rows));
  }
  if (rows.some(({ result }) => result === 'fail')) process.exitCode = 1;
}

await runMain('hack/cis', main);
