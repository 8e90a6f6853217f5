// hack/clusters: the clusters of this machine, those of other checkouts too.
import { dirname } from 'node:path';
import { parseFlags, withShortOutput } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { cgroupOf, processesIn } from './cgroups.js';
import { statusOf } from './cluster-status.js';
import { hostApiUrl } from './components.js';
import { layoutOf } from './layout.js';
import { OUTPUT, table } from './output.js';
import { listRecords, type ClusterRecord } from './record.js';
import { foreignRecords } from './reservations.js';

interface Row {
  name: string;
  /** 'running', 'stopped', or how many of its processes run. */
  state: string;
  nodes: number;
  backend: string;
  api: string;
  folder: string;
}

const rowOf = (record: ClusterRecord, state: string, folder: string): Row => ({
  name: record.name,
  state,
  nodes: record.nodes.length,
  backend: `${record.backend}${record.six ? ', dual stack' : ''}`,
  api: hostApiUrl(record),
  folder,
});

async function ownState(record: ClusterRecord): Promise<string> {
  const { processes } = await statusOf(record);
  const running = processes.filter(({ state }) => state === 'run').length;
  if (running === processes.length) return 'running';
  return running ? `${running} of ${processes.length} processes` : 'stopped';
}

async function rows(): Promise<Row[]> {
  const own = listRecords().map(async (record) =>
    rowOf(record, await ownState(record), layoutOf(record.name).dir),
  );
  const foreign = foreignRecords().map(({ file, record }) =>
    rowOf(record, processesIn(cgroupOf(record.name)).size ? 'running' : 'stopped', dirname(file)),
  );
  return [...(await Promise.all(own)), ...foreign];
}

async function main(argv: string[]): Promise<void> {
  const about = 'Lists the clusters of this machine.';
  const flags = parseFlags('hack/clusters', about, { output: OUTPUT }, withShortOutput(argv));
  const all = await rows();
  const heads = ['name', 'state', 'nodes', 'backend', 'api', 'folder'] as const;
  const texts = all.map((row) => heads.map((head) => String(row[head])));
  process.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify(all, undefined, 2)}\n`
      : all.length
        ? `${table([heads.map((head) => head.toUpperCase()), ...texts])}\n`
        : 'There are no clusters; hack/up starts one.\n',
  );
}

await runMain('hack/clusters', main);
