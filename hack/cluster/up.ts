// hack/up: chooses addresses and ports once, then starts the cluster. A running cluster gets the
// nodes that it lacks, a stopped cluster starts again with its record. SIGINT and SIGTERM undo what
// the command has done so far.
import { accessSync, constants as modes } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { parseFlags, type Config } from '../../cmd/flags.js';
import { exitCodeOf, runMain } from '../../cmd/run.js';
import { allServices, hostApiUrl } from './components.js';
import { UP_FLAGS } from './flags.generated.js';
import { checkMergeable, mergeKubeconfig } from './user-kubeconfig.js';
import { endChildren } from './processes.js';
import { refusalOf, resize } from './resize.js';
import {
  checkReservation,
  withClusterLock,
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
import { adminClient, createGuestbook, startAddons, startCluster } from './start.js';
import { renderFailure, StepError, Steps } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { until } from './wait.js';
import { GENTLE_STOP_MS, releaseHost, removeCluster, stopProcesses } from './teardown.js';

const FLAGS = {
  ...UP_FLAGS,
  nodes: { type: 'number', default: 3, help: `How many nodes, 1 to ${MAX_NODES}.` },
} as const;

/** Time in which the supervisor restarts a process that was just killed. */
const SETTLE_MS = 5000;

type Flags = Config<typeof FLAGS>;
/** Undoes what is done so far, and returns the sentence that says so. */
type Undo = (steps: Steps) => Promise<string>;

/** The flags as they were given, the others as they are by default. */
interface Request {
  flags: Flags;
  isGiven: (flag: keyof Flags) => boolean;
}

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
  const allRun = async () => (last = await stopped()).length === 0;
  await until(allRun, SETTLE_MS, '').catch(() => undefined);
  return last;
}

/** Names the processes that keep failing, and their logs. */
function brokenError(record: ClusterRecord, stopped: readonly string[]): StepError {
  const supervisor = supervisorOf(record.name);
  const logs = stopped.map((name) => `${name} does not run, log: ${supervisor.logHint(name)}`);
  return new StepError(
    `cluster "${record.name}" is running, but not as a whole; nothing was changed`,
    [
      ...logs,
      `To start it anew with what it holds: hack/down --name ${record.name} --keep, then hack/up --name ${record.name}`,
    ],
  );
}

/** Whether a program is on the PATH. */
function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), modes.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const NO_KUBECTL = `
kubectl is not installed. Every version from 1.27 to 1.33 works: the package kubectl of
https://pkgs.k8s.io/core:/stable:/v1.32/deb/, or the program from https://dl.k8s.io/release/v1.32.0/bin/linux/
(Debian 12's kubernetes-client is 1.20, which is too old).
`;

function renderUsage(record: ClusterRecord, isMerged: boolean): string {
  const { kubeconfig } = layoutOf(record.name);
  const name = record.name === 'local' ? '' : ` --name ${record.name}`;
  const api = hostApiUrl(record);
  return `
API  ${api}
UI   ${api}/ui/  (in a browser: kubectl proxy, then http://127.0.0.1:8001/ui/)

${isMerged ? '' : `  export KUBECONFIG=${kubeconfig}\n`}  kubectl get nodes
  kubectl create -f ${relative(process.cwd(), join(ROOT, 'manifests/guestbook')) || '.'}/

hack/status${name} shows the processes, hack/node-exec${name} ${record.nodes[0]!.name} COMMAND runs something inside a node,
hack/down${name} removes everything.
${isInstalled('kubectl') ? '' : NO_KUBECTL}`;
}

const print = (text: string): void => void process.stdout.write(text);

/** Chooses addresses and ports, and starts a cluster with them. */
async function create({ flags }: Request, steps: Steps, onUndo: OnUndo): Promise<ClusterRecord> {
  const wanted: Wanted = {
    name: flags.name,
    nodes: flags.nodes,
    backend: flags.backend as Backend,
    separate: flags.separate,
    dualStack: flags['dual-stack'],
    noLoadBalancers: flags['no-load-balancers'],
  };
  const record = await withDecisionLock(async () => {
    checkReservation(wanted.name);
    const decided = await decide(wanted, withReservations(await observeHost()));
    await writeRecord(decided);
    writeReservation(decided);
    return decided;
  });
  onUndo(async (undoing) => {
    await removeCluster(record, false, undoing);
    return `Cluster "${record.name}" is removed again.`;
  });
  const others = listRecords().length - 1;
  print(
    `Cluster "${record.name}": ${record.nodes.length} nodes, ${record.backend}${record.six ? ', IPv4 and IPv6' : ''}${others ? `, beside ${others} other` : ''}\n`,
  );
  await startCluster(record, steps, flags);
  return record;
}

/** Starts a stopped cluster, or one that did not start as a whole. */
async function restart(
  old: ClusterRecord,
  flags: Flags,
  steps: Steps,
  onUndo: OnUndo,
): Promise<void> {
  checkReservation(old.name, old.index);
  await writeRecord({ ...old, started: false });
  print(
    `Cluster "${old.name}" exists but does not run; starting it again with ${old.nodes.length} nodes, ${old.backend}\n`,
  );
  onUndo(async (undoing) => {
    await removeCluster(old, true, undoing);
    return `Cluster "${old.name}" is stopped again; hack/up continues from what it holds.`;
  });
  await steps.run('clearing what is left of the last run', async () => {
    await stopProcesses(old, GENTLE_STOP_MS);
    await releaseHost(old);
    writeReservation(old);
  });
  await startCluster(old, steps, flags);
}

type OnUndo = (undo: Undo | undefined) => void;

/** Brings a cluster that exists to what is wished; says so when that changes nothing. */
async function bring(
  record: ClusterRecord,
  { flags, isGiven }: Request,
  steps: Steps,
  onUndo: OnUndo,
): Promise<ClusterRecord> {
  const wish = <K extends keyof Flags>(flag: K) => (isGiven(flag) ? flags[flag] : undefined);
  const refusal = refusalOf(record, wish);
  if (refusal) throw new Error(refusal);
  const count = wish('nodes') ?? record.nodes.length;
  const kept = { ...record, nodes: record.nodes.slice(0, count) };
  const stopped = await stoppedServices(kept);
  const runs = record.started && stopped !== undefined;
  if (runs && stopped.length) throw brokenError(record, stopped);
  if (!runs) {
    await restart(record, flags, steps, onUndo);
    await writeRecord({ ...record, started: true });
    onUndo(undefined);
  }
  const now = { ...record, started: true };
  const has = `${record.nodes.length} nodes, ${record.backend}`;
  if (count === record.nodes.length && !(runs && (flags.guestbook || flags.ingress))) {
    if (runs) print(`Cluster "${record.name}" is already running: ${has}. Nothing was changed.\n`);
    return now;
  }
  if (runs) print(`Cluster "${record.name}" is running: ${has}\n`);
  const client = await adminClient(now);
  try {
    if (runs && flags.ingress)
      await steps.run('add-ons (ingress-controller) Running', () =>
        startAddons(now, client, flags, steps.signal),
      );
    if (runs && flags.guestbook) await createGuestbook(client, steps);
    return count === record.nodes.length ? now : await resize(now, count, steps, client, onUndo);
  } finally {
    await client.close();
  }
}

async function up(request: Request, signal: AbortSignal): Promise<void> {
  const { flags } = request;
  const steps = new Steps(signal);
  let undo: Undo | undefined;
  const onUndo: OnUndo = (next) => (undo = next);
  signal.addEventListener('abort', endChildren);
  try {
    if (flags['merge-kubeconfig']) await checkMergeable();
    const old = readRecord(flags.name);
    const record = old
      ? await bring(old, request, steps, onUndo)
      : await create(request, steps, onUndo);
    if (!old) await writeRecord({ ...record, started: true });
    undo = undefined;
    if (flags['merge-kubeconfig']) await mergeKubeconfig(record);
    const isNew = steps.count > 0;
    print(
      `${isNew ? `\nReady after ${steps.total()}.\n` : ''}${renderUsage(record, flags['merge-kubeconfig'])}`,
    );
  } catch (error) {
    await turn(); // The signal that ended a child may still be on its way to this process.
    process.exitCode = 1;
    if (!signal.aborted) return void process.stderr.write(renderFailure(error));
    await interrupted(signal, undo);
  }
}

/** Undoes, says so, and leaves with the exit code of a process that the signal ended. */
async function interrupted(signal: AbortSignal, undo: Undo | undefined): Promise<void> {
  process.exitCode = exitCodeOf(signal);
  if (!undo) return print('\nInterrupted; nothing was changed.\n');
  print('\nInterrupted; undoing. A second interruption leaves the rest to hack/down.\n');
  print(`${await undo(new Steps())}\n`);
}

async function main(argv: string[], signal: AbortSignal): Promise<void> {
  const flags = parseFlags('hack/up', 'Starts a cluster of nodes on this machine.', FLAGS, argv);
  const isGiven = (flag: string) =>
    argv.some((word) => word.replace(/^-+/, '').split('=')[0] === flag && word.startsWith('-'));
  checkName(flags.name);
  checkPlace();
  if (!Number.isInteger(flags.nodes) || flags.nodes < 1 || flags.nodes > MAX_NODES)
    throw new Error(`--nodes must be a whole number from 1 to ${MAX_NODES}`);
  if (flags['dual-stack'] && flags.backend === 'udp')
    throw new Error('--dual-stack needs the vxlan or the host-gw backend: udp carries IPv4 only');
  await withClusterLock(flags.name, 'hack/up', () => up({ flags, isGiven }, signal));
}

await runMain('hack/up', main);
