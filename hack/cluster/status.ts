// hack/status: a cluster's addresses, ports and processes, as text or JSON.
import { parseFlags, withShortOutput } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { STATUS_FLAGS } from './flags.generated.js';
import { statusOf, type ClusterStatus } from './cluster-status.js';
import { OUTPUT, table } from './output.js';
import { networkOf, networkRows } from './network-status.js';
import { requireRecord } from './record.js';

const FLAGS = { ...STATUS_FLAGS, output: OUTPUT } as const;

const megabytes = (bytes: number | undefined) =>
  bytes === undefined ? '-' : `${(bytes / 1e6).toFixed(0)} MB`;

const both = (first: string, second: string | undefined) =>
  [first, second].filter(Boolean).join(' and ');

export function renderStatus(status: ClusterStatus): string {
  const { ports } = status;
  const head = table([
    ['cluster', `${status.name} (${status.backend}, ${status.supervisor})`],
    ['api', status.api],
    ['kubeconfig', status.kubeconfig],
    ['underlay', both(status.underlay, status.six?.underlay)],
    ['pods', both(status.podNetwork, status.six?.podNetwork)],
    ['services', `${both(status.serviceRange, status.six?.serviceRange)}, DNS ${status.dns}`],
    [
      'ports',
      `api ${ports.api}, etcd ${ports.etcd}/${ports.etcdPeer}, controller-manager ${ports.controllerManager}, scheduler ${ports.scheduler}`,
    ],
  ]);
  const nodes = table([
    ['NODE', 'ADDRESS'],
    ...status.nodes.map(({ name, address, address6 }) => [name, both(address, address6)]),
  ]);
  const processes = table([
    ['PROCESS', 'STATE', 'PID', 'MEMORY', 'CPU', 'CPU TIME', 'UP'],
    ...status.processes.map(({ service, state, pid, rssBytes, cpuSeconds, uptimeSeconds }) => [
      service,
      state,
      String(pid ?? '-'),
      megabytes(rssBytes),
      cpuSeconds === undefined || !uptimeSeconds
        ? '-'
        : `${((100 * cpuSeconds) / uptimeSeconds).toFixed(1)}%`,
      cpuSeconds === undefined ? '-' : `${cpuSeconds.toFixed(1)} s`,
      uptimeSeconds === undefined ? '-' : `${uptimeSeconds.toFixed(0)} s`,
    ]),
  ]);
  return `${head}\n\n${nodes}\n\n${processes}\n`;
}

async function main(argv: string[]): Promise<void> {
  const about = "Shows a cluster's nodes, addresses and processes.";
  const flags = parseFlags('hack/status', about, FLAGS, withShortOutput(argv));
  if (flags.network && process.getuid?.() !== 0)
    throw new Error('--network looks into the nodes, which needs root: run it with sudo');
  if (flags.network) {
    const networks = await networkOf(requireRecord(flags.name));
    const { nodes, paths } = networkRows(networks);
    process.stdout.write(
      flags.output === 'json'
        ? `${JSON.stringify(networks, undefined, 2)}\n`
        : `${table(nodes)}\n\n${table(paths)}\n`,
    );
    return;
  }
  const status = await statusOf(requireRecord(flags.name));
  process.stdout.write(
    flags.output === 'json' ? `${JSON.stringify(status, undefined, 2)}\n` : renderStatus(status),
  );
  if (status.processes.some(({ state }) => state !== 'run')) process.exitCode = 1;
}

await runMain('hack/status', main);
