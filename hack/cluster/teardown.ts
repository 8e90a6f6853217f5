// Stops a cluster: first its processes, then its devices, mounts and cgroups. Needs only the
// record, works in every state of the cluster, and may be repeated. The files under
// .wheelhouse/NAME stay; hack/down removes them.
import { removeTrees } from '../../pkg/system/files/remove-trees.js';
import { cgroupOf, processesIn, removeCgroup } from './cgroups.js';
import { layoutOf } from './layout.js';
import { unmountRun } from './node.js';
import { terminate } from './processes.js';
import type { ClusterRecord } from './record.js';
import type { Steps } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { tolerating } from './tolerate.js';
import { removeUnderlay } from './underlay.js';
import { until } from './wait.js';

const CGROUP_MS = 10_000;

/** Time for services to stop: long when their state is kept, short when it is removed. */
export const GENTLE_STOP_MS = 15_000;
export const QUICK_STOP_MS = 1500;

/** Stopped after the others, which need them to release leases and to write their last status. */
const STOPPED_LAST = ['kube-apiserver', 'hyperkube', 'etcd'];

/**
 * Ends every process of the cluster: services by their supervisor, then shims and containers by
 * their cgroup.
 */
export async function stopProcesses(record: ClusterRecord, patienceMs: number): Promise<void> {
  const last = patienceMs === QUICK_STOP_MS ? [] : STOPPED_LAST;
  await supervisorOf(record.name).uninstall(patienceMs, last);
  const group = cgroupOf(record.name);
  const haveEnded = async () => {
    const pids = processesIn(group);
    if (pids.size) await terminate(pids, 0);
    return pids.size === 0; // read again, because a dying process may have forked
  };
  const why = () =>
    `processes in cgroup ${group} do not end: ${[...processesIn(group)].join(', ')}`;
  await until(haveEnded, CGROUP_MS, why);
}

/** Stops a cluster and removes it, or with `keep` all of it but its folder. */
export async function removeCluster(
  record: ClusterRecord,
  keep: boolean,
  steps: Steps,
): Promise<void> {
  const patienceMs = keep ? GENTLE_STOP_MS : QUICK_STOP_MS;
  await steps.run('processes stopped', () => stopProcesses(record, patienceMs));
  await steps.run('devices, namespaces, mounts, cgroups removed', () => releaseHost(record));
  const { dir } = layoutOf(record.name);
  if (!keep) await steps.run('files removed', () => removeTrees([dir]));
}

export async function releaseHost(record: ClusterRecord): Promise<void> {
  await removeUnderlay(record);
  await unmountRun(record.name);
  await dropCgroup(cgroupOf(record.name));
}

/** A cgroup stays busy for a moment after its last process died. */
export async function dropCgroup(group: string): Promise<void> {
  const remove = () => {
    removeCgroup(group);
    return true;
  };
  await until(() => tolerating(['EBUSY'], remove), CGROUP_MS, `cgroup ${group} stays busy`);
}
