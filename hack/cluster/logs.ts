// hack/logs: everything that explains a cluster's behaviour, in one archive: logs, objects, states
// of host and nodes. Keys, tokens, kubeconfigs, Secrets and etcd's data are left out.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { tryExec } from '../../pkg/system/exec.js';
import { LOGS_FLAGS } from './flags.generated.js';
import { giveToCaller } from './caller.js';
import { statusOf } from './cluster-status.js';
import { allServices } from './components.js';
import { enterNode, layoutOf, ROOT } from './layout.js';
import { OBJECTS, ON_EACH, ON_HOST, ON_NODE } from './logs.generated.js';
import { networkOf } from './network-status.js';
import { requireRecord, type ClusterRecord } from './record.js';
import { adminClient } from './start.js';
import { supervisorOf } from './supervisor.js';

/** Lines of each service where the journal has the logs. */
const JOURNAL_LINES = 50_000;
const ARCHIVE_MS = 300_000;

/** Writes what cannot be had as the reason why. */
async function gather(record: ClusterRecord, folder: string): Promise<void> {
  const write = async (file: string, text: () => Promise<string>) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      await text().catch((error: unknown) => `not available: ${String(error)}\n`),
    );
  };
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  await write('status.json', async () => json(await statusOf(record)));
  await write('network.json', async () => json(await networkOf(record)));
  const run = async (place: string, enter: readonly string[], table: Record<string, string>) => {
    for (const [file, line] of Object.entries(table))
      await write(`${place}/${file}.txt`, async () => {
        const { stdout, stderr } = await tryExec([...enter, 'sh', '-c', line]);
        return stdout + stderr;
      });
  };
  await run('host', [], { doctor: join(ROOT, 'hack/doctor'), ...ON_HOST, ...ON_EACH });
  for (const { name } of record.nodes)
    await run(`nodes/${name}`, enterNode(record.name, name), { ...ON_EACH, ...ON_NODE });
  const supervisor = supervisorOf(record.name);
  if (supervisor.kind === 'systemd')
    for (const { name } of allServices(record))
      await write(`logs/${name}.log`, () => supervisor.tail(name, JOURNAL_LINES));
  await write('objects/version.json', async () => {
    const client = await adminClient(record);
    try {
      for (const [group, names] of Object.entries(OBJECTS))
        for (const name of names)
          await write(`objects/${name}.json`, async () =>
            Buffer.from((await client.raw('GET', `${group}/${name}`)).body).toString(),
          );
      return Buffer.from((await client.raw('GET', '/version')).body).toString();
    } finally {
      await client.close();
    }
  });
}

async function main(argv: string[]): Promise<void> {
  const about = "Writes a cluster's logs and states into one archive.";
  const flags = parseFlags('hack/logs', about, LOGS_FLAGS, argv);
  const record = requireRecord(flags.name);
  const { dir } = layoutOf(record.name);
  const base = `wheelhouse-${record.name}-logs`;
  const archive = resolve(flags.output ?? `${base}.tar.gz`);
  const folder = mkdtempSync(join(tmpdir(), `${base}-`));
  try {
    await gather(record, folder);
    const parts = ['cluster.json', 'logs', ...record.nodes.map(({ name }) => `nodes/${name}/log`)];
    const present = parts.filter((part) => existsSync(join(dir, part)));
    // A new file: an old one, or a link, would keep its mode or lead elsewhere.
    rmSync(archive, { force: true });
    writeFileSync(archive, '', { mode: 0o600, flag: 'wx' });
    const command = ['tar', '-czf', archive, `--transform=s,^\\(\\./\\)\\?,${base}/,S`];
    command.push('--exclude=logs/audit/audit-*', '--warning=no-file-changed');
    const { code, stderr } = await tryExec([...command, '-C', folder, '.', '-C', dir, ...present], {
      timeoutMs: ARCHIVE_MS,
    });
    // 1: a log grew while tar read it.
    if (code > 1 || code < 0) throw new Error(`tar ended with ${code}: ${stderr.trim()}`);
    giveToCaller(archive);
    process.stdout.write(`${archive}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runMain('hack/logs', main);
