// Starts a cluster from its record, step by step. Independent steps run concurrently: images are
// built and imported while etcd and the control plane start.
import { AUDIT_POLICY } from './audit-policy.generated.js';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { PODS } from '../../pkg/apis/resource-types.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import type { Client } from '../../pkg/client/client.js';
import { isPodReady } from '../../pkg/component-helpers/pods.js';
import { realEnv } from '../../pkg/system/env.js';
import { atomicWrite } from '../../pkg/system/files/atomic-write.js';
import { tryExec } from '../../pkg/system/exec.js';
import { ensureClusterPki, ensureKubeconfigs } from '../../pkg/system/pki/cluster-pki.js';
import { writeKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
import { buildStore, isFilledFrom, linkStore, markFilled } from '../containers/store.js';
import { addonValues, applyAll, createAll, readManifests } from './addons.js';
import { cgroupOf, createCgroup } from './cgroups.js';
import {
  allServices,
  apiServiceAddress,
  controlPlane,
  hostApiUrl,
  nodeApiUrl,
} from './components.js';
import {
  importImage,
  mayLowerOomScore,
  waitForContainerd,
  writeContainerdConfig,
} from './containerd.js';
import { grantEtcdRights } from './etcd-rights.js';
import { buildImages } from './images.js';
import { IMAGE_CACHE, layoutOf, nodeLayoutOf } from './layout.js';
import { giveToCaller } from './caller.js';
import { createNode, mountRun, renewHosts } from './node.js';
import { putNetworkConfig, waitFor, waitForApi, waitForEtcd, waitForNodes } from './readiness.js';
import type { ClusterRecord, NodeRecord } from './record.js';
import type { Supervisor } from './service.js';
import type { Steps } from './steps.js';
import { supervisorOf } from './supervisor.js';
import { createBridge, routeToPods } from './underlay.js';
import { allDone } from './wait.js';

const ADDONS_MS = 120_000;

/** Host names and addresses of the API server, for its certificate. */
function serverNames(record: ClusterRecord): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return [...new Set([record.gateway, hostname(), ...own])];
}

/**
 * Secrets are encrypted in the store. A file that is there stays: without its keys, nobody reads
 * what they encrypted. Values of older clusters are plain until they are written again.
 */
async function ensureEncryptionConfig(path: string): Promise<void> {
  if (existsSync(path)) return;
  const keys = [{ name: 'key1', secret: randomBytes(32).toString('base64') }];
  const providers = [{ secretbox: { keys } }, { identity: {} }];
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: ['secrets'], providers }],
  };
  await atomicWrite(path, stringify(config), 0o600);
}

async function prepareCredentials(record: ClusterRecord): Promise<void> {
  const layout = layoutOf(record.name);
  const { credentials, kubeconfig, etcd, heartbeats, logs } = layout;
  for (const folder of [etcd, heartbeats, logs, credentials, dirname(layout.auditLog)])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  await ensureEncryptionConfig(layout.encryption);
  await atomicWrite(layout.auditPolicy, stringify(AUDIT_POLICY), 0o600);
  const pki = await ensureClusterPki(layout.pki, {
    serverNames: serverNames(record),
    serviceIP: apiServiceAddress(record),
    nodes: record.nodes.map(({ name, address, address6 }) => ({
      name,
      addresses: [address, ...(address6 ? [address6] : [])],
    })),
  });
  await ensureKubeconfigs(credentials, pki, nodeApiUrl(record));
  const admin = pki.certificates['components/admin']!;
  const caPem = pki.ca.certPem;
  await writeKubeconfig(kubeconfig, {
    server: hostApiUrl(record),
    caPem,
    ...admin,
    name: 'admin',
    cluster: record.name,
  });
  giveToCaller(kubeconfig);
  // The components of the control plane reach the API server over loopback.
  for (const component of ['controller-manager', 'scheduler']) {
    await writeKubeconfig(join(credentials, `${component}.conf`), {
      server: hostApiUrl(record),
      caPem,
      ...pki.certificates[`components/${component}`]!,
      name: component,
    });
  }
}

/**
 * Whether overlayfs works on the file system of the cluster's folder; inside some containers it
 * does not.
 */
async function chooseSnapshotter(record: ClusterRecord): Promise<'overlayfs' | 'native'> {
  const { dir } = layoutOf(record.name);
  const probe = join(dir, 'overlay-probe');
  const script =
    'set -e; mkdir -p "$0/l" "$0/u" "$0/w" "$0/m"; mount -t overlay -o "lowerdir=$0/l,upperdir=$0/u,workdir=$0/w" overlay "$0/m"; umount "$0/m"';
  const { code } = await tryExec(['sh', '-c', script, probe]);
  await tryExec(['rm', '-rf', probe]);
  return code === 0 ? 'overlayfs' : 'native';
}

async function buildHost(record: ClusterRecord): Promise<void> {
  createCgroup(cgroupOf(record.name, 'control-plane'));
  await mountRun(record.name);
  await createBridge(record);
  await buildNodes(record, record.nodes);
  await routeToPods(record);
}

async function buildNodes(record: ClusterRecord, nodes: readonly NodeRecord[]): Promise<void> {
  const options = {
    mayLowerOomScore: mayLowerOomScore(readFileSync('/proc/self/status', 'utf8')),
    snapshotter: await chooseSnapshotter(record),
  };
  for (const { name } of nodes) {
    await createNode(record, name);
    writeContainerdConfig(record.name, name, options);
  }
}

/**
 * Gives every node of the record its images, then starts its containerd. A node with older images
 * imports the new ones.
 */
async function fillNodes(
  record: ClusterRecord,
  supervisor: Supervisor,
  signal?: AbortSignal,
): Promise<void> {
  const { archive } = await buildImages();
  signal?.throwIfAborted();
  const roots = record.nodes.map(({ name }) =>
    join(nodeLayoutOf(record.name, name).lib, 'containerd'),
  );
  if (roots.some((root) => !existsSync(root))) {
    const store = await buildStore(IMAGE_CACHE, archive, await chooseSnapshotter(record));
    for (const root of roots) if (!existsSync(root)) linkStore(store, root);
  }
  signal?.throwIfAborted();
  await supervisor.start(partsOf(record, 'containerd'));
  await allDone(
    record.nodes.map(async ({ name }, i) => {
      await waitForContainerd(record.name, name, signal);
      if (isFilledFrom(roots[i]!, archive)) return;
      await importImage(record.name, name, archive);
      markFilled(roots[i]!, archive);
    }),
  );
}

/** The services of these programs on every node of the record. */
export const partsOf = (record: ClusterRecord, ...programs: string[]): string[] =>
  record.nodes.flatMap(({ name }) => programs.map((program) => `${name}.${program}`));

/** A client with the administrator's identity. */
export const adminClient = async (record: ClusterRecord): Promise<Client> =>
  createClient(await loadKubeconfig(layoutOf(record.name).kubeconfig), realEnv('hack', 'error'));

export interface StartOptions {
  guestbook: boolean;
  ingress: boolean;
}

/**
 * Starts all parts. Throws at the first step that fails and leaves the running processes for
 * inspection.
 */
export async function startCluster(
  record: ClusterRecord,
  steps: Steps,
  options: StartOptions,
): Promise<void> {
  const { signal } = steps;
  const supervisor = supervisorOf(record.name);
  const services = allServices(record);
  const control = controlPlane(record).map(({ name }) => name);

  await steps.run('keys, certificates, kubeconfigs', () => prepareCredentials(record));
  await steps.run(
    `${record.nodes.length} nodes on ${record.bridge}, services (${supervisor.kind})`,
    () => allDone([buildHost(record), supervisor.install(services)]),
  );
  const begun = Date.now();
  await supervisor.start(['etcd', 'watchdog']);
  const filled = fillNodes(record, supervisor, signal);
  filled.catch(() => {}); // awaited below
  const client = await adminClient(record);
  try {
    await steps.run('etcd', async () => {
      await waitForEtcd(record, signal);
      await putNetworkConfig(record);
      await grantEtcdRights(record);
    });
    await supervisor.start([...control, ...partsOf(record, 'flanneld')]);
    await steps.run(`control plane (${control.join(', ')})`, () =>
      waitForApi(record, control, signal),
    );
    await steps.run('images on every node, containerd', () => filled);
    await supervisor.start(partsOf(record, 'kubelet', 'kube-proxy'));
    await steps.run('nodes Ready', () => waitForNodes(record, client, begun, signal));
    await steps.run('add-ons (kube-dns, kube-ui) Running', () =>
      startAddons(record, client, options, signal),
    );
    if (options.guestbook) await createGuestbook(client, steps);
  } finally {
    // An interruption undoes the start, so no step of it may still run.
    if (signal?.aborted) await Promise.allSettled([filled]);
    await client.close();
  }
}

/** Adds the nodes that `grown` has beyond the first `before`. Its record is written. */
export async function addNodes(
  grown: ClusterRecord,
  before: number,
  steps: Steps,
  client: Client,
): Promise<void> {
  const supervisor = supervisorOf(grown.name);
  const added = { ...grown, nodes: grown.nodes.slice(before) };
  const names = added.nodes.map(({ name }) => name).join(', ');
  await steps.run('keys, certificates, kubeconfigs', () => prepareCredentials(grown));
  await steps.run(`${names} on ${grown.bridge}`, async () => {
    await buildNodes(grown, added.nodes);
    await renewHosts(grown);
    await supervisor.install(allServices(added).filter(({ node }) => node));
  });
  const begun = Date.now();
  await steps.run(`images on ${names}, containerd`, () =>
    fillNodes(added, supervisor, steps.signal),
  );
  await supervisor.start(partsOf(added, 'flanneld', 'kubelet', 'kube-proxy'));
  await steps.run(`${names} Ready`, () => waitForNodes(added, client, begun, steps.signal));
}

export const createGuestbook = (client: Client, steps: Steps): Promise<number> =>
  steps.run('guestbook created', () => createAll(client, readManifests('guestbook')));

/** Creates those add-ons that do not exist, and waits for all. */
export async function startAddons(
  record: ClusterRecord,
  client: Client,
  { ingress }: Pick<StartOptions, 'ingress'>,
  signal?: AbortSignal,
): Promise<void> {
  const values = addonValues(record);
  await createAll(client, readManifests('addons', values));
  await applyAll(client, readManifests('node-programs', values));
  if (ingress) await createAll(client, readManifests('ingress-controller'));
  const ask = async () => {
    const { items } = await client.list(PODS, { namespace: 'kube-system' });
    if (!items.length) return 'no pods in kube-system yet';
    const waiting = items
      .filter((pod) => !isPodReady(pod))
      .map((pod) => `pod kube-system/${pod.metadata.name} is ${pod.status?.phase ?? 'Pending'}`);
    return waiting.join('; ') || undefined;
  };
  await waitFor(record, [], ADDONS_MS, ask, signal);
}
