// hack/up: chooses addresses and ports once, then starts the cluster. A running cluster stays as it
// is, a stopped cluster starts again with its record.
import { join, relative } from 'node:path';
import { parseFlags } from '../../cmd/flags.js';
import { runMain } from '../../cmd/run.js';
import { allServices, hostApiUrl } from './components.js';
import {
  checkReservation,
  withDecisionLock,
  withReservations,
  writeReservation,
} from './reservations.js';
import { layoutOf, ROOT } from './layout.js';
import { checkPlace } from './node.js';
import {
  checkName,
  decide,
  listRecords,
  MAX_NODES,
  observeHost,
  readRecord,
  writeRecord,
  type Backend,
  type ClusterRecord,
  type Wanted,
} from './record.js';
import { startCluster } from './start.js';
import { renderFailure, StepError, Steps } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { until } from './wait.js';
import { GENTLE_STOP_MS, releaseHost, stopProcesses } from './teardown.js';

const FLAGS = {
  name: {
    type: 'string',
    default: 'local',
    help: "The cluster's name; several clusters run side by side under different names.",
  },
  nodes: { type: 'number', default: 3, help: `How many nodes, 1 to ${MAX_NODES}.` },
  backend: {
    type: 'string',
    default: 'vxlan',
    choices: ['vxlan', 'udp', 'host-gw'],
    help: 'How packets travel between nodes: vxlan, udp or host-gw.',
  },
  'dual-stack': {
    type: 'boolean',
    help: 'Give nodes, pods and services IPv6 addresses beside IPv4; not with the udp backend.',
  },
  guestbook: { type: 'boolean', help: 'Create the guestbook of manifests/guestbook too.' },
  separate: {
    type: 'boolean',
    help: 'Run kube-apiserver, kube-controller-manager and kube-scheduler as three processes instead of one hyperkube.',
  },
  'no-build': { type: 'boolean', help: 'Start what is built, even when sources are newer.' },
} as const;

/** Time in which the supervisor restarts a process that was just killed. */
const SETTLE_MS = 5000;

/** The services that do not run; undefined when none runs. */
async function stoppedServices(record: ClusterRecord): Promise<string[] | undefined> {
  const names = allServices(record).map(({ name }) => name);
  const supervisor = supervisorOf(record.name);
  const stopped = async () => {
    const states = await supervisor.status(names);
    return names.filter((name) => states.get(name)?.state !== 'run');
  };
  const first = await stopped();
  if (first.length === names.length) return undefined;
  let last = first;
  await until(
    async () => (last = await stopped()).length === 0,
    SETTLE_MS,
    () => '',
  ).catch(() => undefined);
  return last;
}

/**
 * Says that the cluster runs, or names the processes that keep failing and their logs. Changes
 * nothing.
 */
function tellRunning(record: ClusterRecord, stopped: readonly string[]): void {
  if (!stopped.length) {
    process.stdout.write(
      `Cluster "${record.name}" is already running: ${record.nodes.length} nodes, ${record.backend}. Nothing was changed.\n${renderUsage(record)}`,
    );
    return;
  }
  const supervisor = supervisorOf(record.name);
  const logs = stopped.map((name) => `${name} does not run, log: ${supervisor.logHint(name)}`);
  throw new StepError(
    `cluster "${record.name}" is running, but not as a whole; nothing was changed`,
    [
      ...logs,
      `To start it anew with what it holds: hack/down --name ${record.name} --keep, then hack/up --name ${record.name}`,
    ],
  );
}

export function renderUsage(record: ClusterRecord): string {
  const { kubeconfig } = layoutOf(record.name);
  const name = record.name === 'local' ? '' : ` --name ${record.name}`;
  const api = hostApiUrl(record);
  return `
API  ${api}
UI   ${api}/ui/  (in a browser: kubectl proxy, then http://127.0.0.1:8001/ui/)

  export KUBECONFIG=${kubeconfig}
  kubectl get nodes
  kubectl create -f ${relative(process.cwd(), join(ROOT, 'manifests/guestbook')) || '.'}/

hack/status${name} shows the processes, hack/node-exec${name} ${record.nodes[0]!.name} COMMAND runs something inside a node,
hack/down${name} removes everything.
`;
}

async function main(argv: string[]): Promise<void> {
  const flags = parseFlags('hack/up', 'Starts a cluster of nodes on this machine.', FLAGS, argv);
  checkName(flags.name);
  checkPlace();
  if (!Number.isInteger(flags.nodes) || flags.nodes < 1 || flags.nodes > MAX_NODES)
    throw new Error(`--nodes must be a whole number from 1 to ${MAX_NODES}`);
  if (flags['dual-stack'] && flags.backend === 'udp')
    throw new Error('--dual-stack needs the vxlan or the host-gw backend: udp carries IPv4 only');
  const steps = new Steps();
  try {
    let record = readRecord(flags.name);
    const stopped = record ? await stoppedServices(record) : undefined;
    if (record?.started && stopped) return tellRunning(record, stopped);
    if (record) {
      const old = record;
      checkReservation(old.name, old.index);
      await writeRecord({ ...old, started: false });
      process.stdout.write(
        `Cluster "${old.name}" exists but does not run; starting it again with ${old.nodes.length} nodes, ${old.backend}\n`,
      );
      await steps.run('clearing what is left of the last run', async () => {
        await stopProcesses(old, GENTLE_STOP_MS);
        await releaseHost(old);
        writeReservation(old);
      });
    } else {
      const wanted: Wanted = {
        name: flags.name,
        nodes: flags.nodes,
        backend: flags.backend as Backend,
        separate: flags.separate,
        dualStack: flags['dual-stack'],
      };
      record = await withDecisionLock(async () => {
        checkReservation(wanted.name);
        const decided = await decide(wanted, withReservations(await observeHost()));
        await writeRecord(decided);
        writeReservation(decided);
        return decided;
      });
      const others = listRecords().length - 1;
      process.stdout.write(
        `Cluster "${record.name}": ${record.nodes.length} nodes, ${record.backend}${record.six ? ', IPv4 and IPv6' : ''}${others ? `, beside ${others} other` : ''}\n`,
      );
    }
    await startCluster(record, steps, flags);
    await writeRecord({ ...record, started: true });
    process.stdout.write(`\nReady after ${steps.total()}.\n${renderUsage(record)}`);
  } catch (error) {
    process.stderr.write(renderFailure(error));
    process.exitCode = 1;
  }
}

await runMain('hack/up', main);
