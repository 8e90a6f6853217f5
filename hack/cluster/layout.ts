// Where a cluster keeps what: everything under .wheelhouse/NAME of the checkout, and the nodes' namespaces on a
// small tmpfs of its own, /run/wheelhouse/NAME, which hack/down unmounts, beside its claim (claims.ts). Nothing else on
// the host is written.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. This file runs from build/hack/cluster/. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where all clusters and the image cache live; WHEELHOUSE_STATE moves it (tests). */
export const STATE = process.env['WHEELHOUSE_STATE'] ?? join(ROOT, '.wheelhouse');

export const IMAGE_CACHE = join(STATE, 'images');

export interface Layout {
  dir: string;
  record: string;
  kubeconfig: string;
  pki: string;
  /** Kubeconfigs of the components. */
  credentials: string;
  etcd: string;
  services: string;
  logs: string;
  /** The tmpfs that pins the nodes' namespaces. */
  run: string;
}

export function layoutOf(cluster: string): Layout {
  const dir = join(STATE, cluster);
  return {
    dir,
    record: join(dir, 'cluster.json'),
    kubeconfig: join(dir, 'kubeconfig'),
    pki: join(dir, 'pki'),
    credentials: join(dir, 'credentials'),
    etcd: join(dir, 'etcd'),
    services: join(dir, 'service'),
    logs: join(dir, 'logs'),
    run: join('/run/wheelhouse', cluster),
  };
}

export interface NodeLayout {
  dir: string;
  /** Bound on /var/lib and /var/log inside the node. */
  lib: string;
  log: string;
  /** Configuration files of the node's daemons. */
  config: string;
  net: string;
  mnt: string;
  uts: string;
}

export function nodeLayoutOf(cluster: string, node: string): NodeLayout {
  const { dir, run } = layoutOf(cluster);
  const home = join(dir, 'nodes', node);
  return {
    dir: home,
    lib: join(home, 'lib'),
    log: join(home, 'log'),
    config: join(home, 'config'),
    net: join(run, `${node}.net`),
    mnt: join(run, `${node}.mnt`),
    uts: join(run, `${node}.uts`),
  };
}

/** The words that run a command inside a node's network, mount and uts namespace. */
export function enterNode(cluster: string, node: string): string[] {
  const { net, mnt, uts } = nodeLayoutOf(cluster, node);
  return ['nsenter', `--net=${net}`, `--uts=${uts}`, `--mount=${mnt}`, '--'];
}

/** Half of V8's default: bursts of requests leave less memory behind. */
const NODE_FLAGS = ['--max-semi-space-size=8'];
/**
 * A full collection when the heap has grown by 150 %, not 300 %: saves an API server 10 to 20 MB, and costs it three more
 * collections of about 14 ms while it creates 6,000 pods. kube-proxy's heap it makes larger.
 */
const API_SERVER_FLAGS = [...NODE_FLAGS, '--heap-growing-percent=150'];

/** What Node is told for a binary. No source maps: they take 6 to 15 MB of each process, and the bundles keep their names. */
export const nodeFlags = (name: string): readonly string[] =>
  name === 'hyperkube' || name === 'kube-apiserver' ? API_SERVER_FLAGS : NODE_FLAGS;

/** A bundled binary of ours, as the words that start it. */
export function binary(name: string): string[] {
  return [process.execPath, ...nodeFlags(name), join(ROOT, 'dist/cmd', name, 'main.js')];
}
