#!/usr/bin/env node
// The command wheelhouse-test: a cluster for tests in any language.
import { fstatSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { startCluster, type ClusterOptions } from './wheelhouse-test.js';

const USAGE = `Usage: wheelhouse-test up [--nodes N] [--crds FILE]... [--port PORT] [--log-level LEVEL]

Starts a Kubernetes cluster for tests: API server, controllers, scheduler and simulated nodes in one
process. Once it is ready, one line on standard output is an administrator's kubeconfig (JSON, which
is YAML too). It stops on SIGINT, on SIGTERM, and when standard input, if it is a pipe, ends.

  --nodes N          simulated nodes; default 1
  --crds FILE        YAML or JSON of CustomResourceDefinitions; may be repeated
  --port PORT        of 127.0.0.1; default: any free port
  --log-level LEVEL  debug, info, warn or error (default) on standard error
`;

const FLAGS = {
  nodes: { type: 'string' },
  crds: { type: 'string', multiple: true },
  port: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

class UsageError extends Error {}

function optionsOf(argv: string[]): ClusterOptions | string {
  const { values, positionals } = parseArgs({ args: argv, options: FLAGS, allowPositionals: true });
  if (values.help) return USAGE;
  if (values.version) {
    const text = readFileSync(`${import.meta.dirname}/package.json`, 'utf8');
    return `${(JSON.parse(text) as { version: string }).version}\n`;
  }
  if (positionals[0] !== 'up') throw new UsageError(`want the command "up"`);
  // FILE... after one --crds is what people write: --crds a.yaml b.yaml
  const files = positionals.slice(1);
  if (files.length && !values.crds) throw new UsageError(`unexpected "${files[0]}"`);
  return {
    ...(values.nodes !== undefined && { nodes: Number(values.nodes) }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.crds && { crds: [...values.crds, ...files] }),
    ...(values['log-level'] && { logLevel: values['log-level'] as 'info' }),
  };
}

/** Resolves when the user or the parent process wants the end. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(name, () => resolve());
    // Neither a handler of signals nor the cluster keeps a process alive.
    setInterval(() => {}, 2 ** 30);
    // Shells give /dev/null to programs in the background: its end means nothing.
    const input = fstatSync(0);
    if (!input.isFIFO() && !input.isSocket()) return;
    process.stdin.once('close', resolve).once('end', resolve).resume();
  });
}

async function main(argv: string[]): Promise<void> {
  const options = optionsOf(argv);
  if (typeof options === 'string') return void process.stdout.write(options);
  const end = ended();
  const cluster = await startCluster(options);
  const kubeconfig: unknown = parse(readFileSync(cluster.kubeconfig, 'utf8'));
  process.stdout.write(`${JSON.stringify(kubeconfig)}\n`);
  await end;
  await cluster.stop();
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: Error & { code?: string }) => {
    const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`wheelhouse-test: ${error.message}\n${isUsage ? `\n${USAGE}` : ''}`);
    process.exit(isUsage || error instanceof TypeError ? 2 : 1);
  },
);
