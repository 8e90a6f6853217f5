// Other wishes for a cluster that exists: nodes come and go, everything else stays as it was chosen
// at the first start.
import { join } from 'node:path';
import { ignoring } from '../../pkg/apimachinery/errors/status-error.js';
import { LEASES, NODES, PODS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { Client } from '../../pkg/client/client.js';
import { ignoreNotFound } from '../../pkg/client/requests.js';
import { isLostByDrain, outlastsDrain } from '../../pkg/component-helpers/drain.js';
import { parseLeaseAttrs } from '../../pkg/flannel/subnet/lease.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { removeTrees } from '../../pkg/system/files/remove-trees.js';
import { cgroupOf, processesIn } from './cgroups.js';
import { layoutOf, nodeLayoutOf } from './layout.js';
import { renewHosts, unpinNode } from './node.js';
import { terminate } from './processes.js';
import { etcdctl } from './readiness.js';
import { nodesOf, writeRecord, type ClusterRecord } from './record.js';
import { addNodes, partsOf } from './start.js';
import type { Steps } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { dropCgroup, GENTLE_STOP_MS } from './teardown.js';
import { until } from './wait.js';

const DRAIN_MS = 120_000;

/** The flags of hack/up that hold for the life of a cluster. */
type FixedFlag = 'backend' | 'dual-stack' | 'separate' | 'no-load-balancers';

/** Why a cluster cannot become what the flags wish; undefined when it can, and without wishes. */
export function refusalOf(
  record: ClusterRecord,
  wish: (flag: FixedFlag) => string | boolean | undefined,
): string | undefined {
  if (record.restoring)
    return `cluster "${record.name}" is restored in part: hack/restore was stopped before its end; run hack/restore again`;
  const fixed: readonly [flag: FixedFlag, is: string | boolean, reason: string][] = [
    ['backend', record.backend, 'leases and devices of every node are made for it'],
    ['dual-stack', record.six !== undefined, 'addresses are given out at the start'],
    ['separate', record.separate, 'its processes are chosen at the first start'],
    ['no-load-balancers', record.noLoadBalancers === true, 'addresses are given out'],
  ];
  for (const [flag, is, reason] of fixed)
    if ((wish(flag) ?? is) !== is)
      return `cluster "${record.name}" has --${flag}=${is}, which cannot become ${wish(flag)}: ${reason}. Remove it with hack/down --name ${record.name} first, or choose another --name`;
  return undefined;
}

/** Gives the running cluster as many nodes as wished. `onUndo` takes the steps of an undo. */
export async function resize(
  record: ClusterRecord,
  count: number,
  steps: Steps,
  client: Client,
  onUndo: (undo: ((steps: Steps) => Promise<string>) | undefined) => void,
): Promise<ClusterRecord> {
  const wanted = { ...record, nodes: nodesOf(record, count) };
  const before = record.nodes.length;
  if (count < before) await removeNodes(record, wanted, steps, client);
  else {
    await writeRecord(wanted);
    onUndo(async (undoing) => {
      await undoing.run('new nodes removed', () => dropNodes(wanted, record, client));
      return `Cluster "${record.name}" has its ${before} nodes as before.`;
    });
    await addNodes(wanted, before, steps, client);
    onUndo(undefined);
  }
  return wanted;
}

async function removeNodes(
  record: ClusterRecord,
  left: ClusterRecord,
  steps: Steps,
  client: Client,
): Promise<void> {
  const gone = record.nodes.slice(left.nodes.length).map(({ name }) => name);
  const cordon = async (unschedulable: boolean | null): Promise<void> => {
    for (const name of gone)
      await client
        .patch(NODES, { name }, { spec: { unschedulable } }, { type: 'merge' })
        .catch(ignoreNotFound);
  };
  try {
    await steps.run(`${gone.join(', ')} cordoned and drained`, async () => {
      await cordon(true);
      await refuseToLose(gone, client);
      const states = await supervisorOf(record.name).status(gone.map((name) => `${name}.kubelet`));
      for (const name of gone)
        // Nobody ends the pods of a node without a kubelet; its removal deletes them.
        if (states.get(`${name}.kubelet`)?.state === 'run') await drain(name, client, steps.signal);
    });
  } catch (error) {
    await cordon(null);
    throw error;
  }
  await steps.run(`${gone.join(', ')} removed`, () => dropNodes(record, left, client));
}

/** The pods of a node that its end concerns. */
async function podsOf(node: string, client: Client): Promise<Pod[]> {
  const { items } = await client.list(PODS, { fieldSelector: `spec.nodeName=${node}` });
  return items.filter((pod) => !outlastsDrain(pod));
}

const namesOf = (pods: Pod[]): string =>
  pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ');

/** Throws when pods would be gone for good, as `kubectl drain` does without `--force`. */
async function refuseToLose(nodes: string[], client: Client): Promise<void> {
  const pods = (await Promise.all(nodes.map((node) => podsOf(node, client)))).flat();
  const lost = pods.filter(isLostByDrain);
  if (lost.length)
    throw new Error(`no controller starts these pods again; delete them first: ${namesOf(lost)}`);
}

/** Evicts the pods of a node, within their disruption budgets, and waits until they have ended. */
async function drain(node: string, client: Client, signal?: AbortSignal): Promise<void> {
  let reason = '';
  const isEmpty = async (): Promise<boolean> => {
    const pods = await podsOf(node, client);
    reason = namesOf(pods);
    for (const { metadata } of pods) {
      if (metadata.deletionTimestamp) continue;
      const key = { namespace: metadata.namespace!, name: metadata.name };
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: key };
      try {
        await client.createSubresource(PODS, key, 'eviction', eviction);
      } catch (error) {
        ignoring('TooManyRequests', 'NotFound')(error);
        reason = `${key.namespace}/${key.name}: ${(error as Error).message}`;
      }
    }
    return !pods.length;
  };
  const why = () => `${node} still has pods after ${DRAIN_MS / 1000} s, and stays: ${reason}`;
  await until(isEmpty, DRAIN_MS, why, signal);
}

/** Removes the nodes that `left` does not have, without regard to what runs there. */
async function dropNodes(
  record: ClusterRecord,
  left: ClusterRecord,
  client: Client,
): Promise<void> {
  const gone = { ...record, nodes: record.nodes.slice(left.nodes.length) };
  const services = partsOf(gone, 'kubelet', 'kube-proxy', 'flanneld', 'containerd');
  await supervisorOf(record.name).remove(services, GENTLE_STOP_MS);
  const { pki, credentials, heartbeats } = layoutOf(record.name);
  for (const { name, address, link } of gone.nodes) {
    const group = cgroupOf(record.name, name);
    await terminate(processesIn(group), 0);
    await client.delete(NODES, { name }).catch(ignoreNotFound);
    const lease = { namespace: 'kube-node-lease', name };
    await client.delete(LEASES, lease).catch(ignoreNotFound);
    await deleteSubnet(record, address);
    await tryExec(['ip', 'link', 'delete', link]);
    await unpinNode(record.name, name);
    await dropCgroup(group);
    const files = [nodeLayoutOf(record.name, name).dir, join(pki, 'nodes', name)];
    const ofServices = services.map((service) => join(heartbeats, service));
    await removeTrees([...files, join(credentials, `kubelet-${name}.conf`), ...ofServices]);
  }
  await renewHosts(left);
  await writeRecord(left);
}

/** Gives flannel's lease of a node back before it expires by itself. */
async function deleteSubnet(record: ClusterRecord, address: string): Promise<void> {
  const words = ['get', '--prefix', '/coreos.com/network/subnets/'];
  const lines = (await exec(etcdctl(record, ...words))).split('\n');
  for (const [at, line] of lines.entries())
    if (parseLeaseAttrs(line)?.publicIP === address)
      await exec(etcdctl(record, 'del', lines[at - 1]!));
}
