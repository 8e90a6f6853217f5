// The files of a cluster: everything is under .wheelhouse/NAME of the checkout, but the nodes'
// namespaces, which are on a small tmpfs at /run/wheelhouse/NAME that hack/down unmounts, and the
// reservation beside it (reservations.ts).
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. This file runs from build/hack/cluster/. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where all clusters and the image cache live; WHEELHOUSE_STATE moves it (tests). */
export const STATE = process.env['WHEELHOUSE_STATE'] ?? join(ROOT, '.wheelhouse');

export const IMAGE_CACHE = join(STATE, 'images');

export type Layout = ReturnType<typeof layoutOf>;

export function layoutOf(cluster: string) {
  const dir = join(STATE, cluster);
  return {
    dir,
    record: join(dir, 'cluster.json'),
    kubeconfig: join(dir, 'kubeconfig'),
    pki: join(dir, 'pki'),
    /** Kubeconfigs of the components. */
    credentials: join(dir, 'credentials'),
    /** How the API server encrypts secrets in the store. */
    encryption: join(dir, 'credentials/encryption.yaml'),
    /** The requests that the API server records, and the file of the records. */
    auditPolicy: join(dir, 'credentials/audit-policy.yaml'),
    auditLog: join(dir, 'logs/audit/audit.log'),
    etcd: join(dir, 'etcd'),
    services: join(dir, 'service'),
    /** The files by which processes show that they run. */
    heartbeats: join(dir, 'heartbeats'),
    logs: join(dir, 'logs'),
    /** The tmpfs that pins the nodes' namespaces. */
    run: join('/run/wheelhouse', cluster),
  };
}

export function nodeLayoutOf(cluster: string, node: string) {
  const { dir, run } = layoutOf(cluster);
  const home = join(dir, 'nodes', node);
  return {
    dir: home,
    /** Mounted on /var/lib and /var/log inside the node. */
    lib: join(home, 'lib'),
    log: join(home, 'log'),
    /** Configuration files of the node's daemons. */
    config: join(home, 'config'),
    net: join(run, `${node}.net`),
    mnt: join(run, `${node}.mnt`),
    uts: join(run, `${node}.uts`),
  };
}

/** The command prefix that enters a node's network, mount and UTS namespaces. */
export function enterNode(cluster: string, node: string): string[] {
  const { net, mnt, uts } = nodeLayoutOf(cluster, node);
  return ['nsenter', `--net=${net}`, `--uts=${uts}`, `--mount=${mnt}`, '--'];
}

/** Half of V8's default, so that bursts of requests leave less garbage behind. */
const NODE_FLAGS = ['--max-semi-space-size=8'];
/**
 * Collects all garbage when the heap has grown by 150 %, not 300 %. This saves an API server 10 to
 * 20 MB, and costs three more collections of about 14 ms while it creates 6,000 pods. kube-proxy's
 * heap grows with this flag.
 */
const API_SERVER_FLAGS = [...NODE_FLAGS, '--heap-growing-percent=150'];

/**
 * Node's flags for a binary. Source maps stay off: they take 6 to 15 MB of each process, and the
 * bundles keep function names.
 */
export const nodeFlags = (name: string): readonly string[] =>
  name === 'hyperkube' || name === 'kube-apiserver' ? API_SERVER_FLAGS : NODE_FLAGS;

/** The command of a bundled binary. */
export function binary(name: string): string[] {
  return [process.execPath, ...nodeFlags(name), join(ROOT, 'dist/cmd', name, 'main.js')];
}
