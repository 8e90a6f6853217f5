// A real node for tests: a private containerd, an API server in this process, and a kubelet process
// in the node's namespaces. kubectl can use all of them.
import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import type { Pod, PodStatus } from '../../pkg/apis/core/v1/types.js';
import {
  CONFIG_MAPS,
  NAMESPACES,
  NODES,
  PODS,
  SERVICE_ACCOUNTS,
} from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { tryExec, type ExecResult } from '../../pkg/system/exec.js';
import { startContainerd, until, type PrivateContainerd } from '../support/kubelet-containerd.js';

export const NODE_NAME = 'node-a';

export interface TestNode {
  readonly containerd: PrivateContainerd;
  readonly server: RunningApiServer;
  readonly client: Client;
  kubectl(args: readonly string[], input?: string): Promise<ExecResult>;
  /** `more`: additional flags. */
  startKubelet(more?: Readonly<Record<string, string>>): Promise<void>;
  killKubelet(): Promise<void>;
  kubeletLog(): Promise<string>;
  stop(): Promise<void>;
}

/** Forwards connections from the node's namespace to the API server, which listens on loopback. */
function forward(host: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    const target = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.setNoDelay(true);
    socket.pipe(target).pipe(socket);
    for (const s of [socket, target])
      s.on('error', () => [socket, target].forEach((x) => x.destroy()));
    socket.on('close', () => target.destroy());
    target.on('close', () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const done = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await done;
}

/**
 * Creates the objects that controllers would create: the default service account and its root CA.
 */
async function createDefaultObjects(client: Client, caPem: string): Promise<void> {
  await until('the default namespace', () =>
    client.get(NAMESPACES, { name: 'default' }).then(() => true),
  );
  await client.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  });
  await client.create(CONFIG_MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: 'default' },
    data: { 'ca.crt': caPem },
  });
}

export async function startNode(): Promise<TestNode> {
  const containerd = await startContainerd();
  const { root } = containerd;
  const server = await startApiServer();
  const proxy = await forward(containerd.hostIP, server.port);
  const text = server.kubeconfigFor(`system:node:${NODE_NAME}`, ['system:nodes']);
  const kubeconfig = path.join(root, 'kubelet.conf');
  const config = parse(text) as { clusters: { cluster: Record<string, string> }[] };
  Object.assign(config.clusters[0]!.cluster, {
    server: `https://${containerd.hostIP}:${server.port}`,
    'tls-server-name': 'localhost',
  });
  await writeFile(kubeconfig, stringify(config));
  await writeFile(path.join(root, 'ca.crt'), server.caPem);
  const env = realEnv('test', 'error');
  const client = createClient(await loadKubeconfig(server.kubeconfig), env);
  await createDefaultObjects(client, server.caPem);
  const main = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../cmd/kubelet/main.js');
  let kubelet: ChildProcess | undefined;
  const startKubelet = async (more: Readonly<Record<string, string>> = {}) => {
    const log = await open(path.join(root, 'kubelet.log'), 'a');
    const flags = {
      kubeconfig,
      'hostname-override': NODE_NAME,
      'node-ip': containerd.nodeIP,
      'container-runtime-endpoint': containerd.endpoint,
      'root-dir': `${root}/kubelet`,
      'pod-log-dir': `${root}/pods`,
      'pod-manifest-path': `${root}/manifests`,
      'client-ca-file': `${root}/ca.crt`,
      'cgroup-root': containerd.cgroupRoot,
      'cluster-dns': '10.100.0.10',
      'pod-max-pids': '500',
      'seccomp-default': 'true',
      ...more,
    };
    const [file, ...args] = containerd.enter([
      process.execPath,
      '--enable-source-maps',
      main,
      ...Object.entries(flags).map(([k, v]) => `--${k}=${v}`),
    ]);
    kubelet = spawn(file!, args, { stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    await until('node ready', async () =>
      (await client.get(NODES, { name: NODE_NAME })).status?.conditions?.some(
        (c) => c.type === 'Ready' && c.status === 'True',
      ),
    );
  };
  return {
    containerd,
    server,
    client,
    kubectl: (args, input) =>
      tryExec(['kubectl', `--kubeconfig=${server.kubeconfig}`, ...args], {
        timeoutMs: 60_000,
        ...(input === undefined ? {} : { input }),
      }),
    startKubelet,
    killKubelet: async () => {
      if (kubelet) await ended(kubelet, 'SIGKILL');
    },
    kubeletLog: () => readFile(path.join(root, 'kubelet.log'), 'utf8'),
    stop: async () => {
      if (kubelet) await ended(kubelet, 'SIGTERM');
      await client.close();
      proxy.close();
      await server.stop();
      await containerd.stop();
    },
  };
}

/** A script that runs until SIGTERM. */
export const FOREVER = 'while true; do sleep 0.1; done';

/** Creates, awaits and removes pods of the node in the namespace default. */
export function testPods(node: () => TestNode) {
  const get = (name: string) => node().client.get(PODS, { namespace: 'default', name });
  const container = (script: string, more: object = {}) => ({
    name: 'c',
    image: 'busybox',
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', `trap 'exit 0' TERM; ${script}`],
    ...more,
  });
  const run = async (name: string, spec: Partial<Pod['spec']>, metadata: object = {}) => {
    await node().client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', ...metadata },
      spec: { nodeName: NODE_NAME, terminationGracePeriodSeconds: 1, containers: [], ...spec },
    });
  };
  const status = (name: string, what: string, check: (s: PodStatus) => unknown, ms = 20_000) =>
    until(
      `pod ${name} ${what}`,
      async () => {
        const pod = await get(name);
        return check(pod.status ?? {}) ? pod.status! : undefined;
      },
      ms,
    );
  const ready = (name: string) =>
    status(name, 'Ready', (s) =>
      s.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
    );
  const ended = (name: string) =>
    status(name, 'over', (s) => s.phase === 'Succeeded' || s.phase === 'Failed');
  const gone = (name: string) =>
    until(`pod ${name} gone`, () =>
      get(name).then(
        () => false,
        (e: unknown) => e instanceof StatusError && e.code === 404,
      ),
    );
  const logs = async (name: string, ...args: string[]) =>
    (await node().kubectl(['logs', name, ...args])).stdout;
  const events = async (name: string) =>
    (
      await node().kubectl([
        'get',
        'events',
        `--field-selector=involvedObject.name=${name}`,
        '-o',
        'jsonpath={range .items[*]}{.reason}: {.message}{"\\n"}{end}',
      ])
    ).stdout;
  const remove = async (name: string) => {
    await node().client.delete(PODS, { namespace: 'default', name });
    await gone(name);
  };
  return { container, ended, events, get, gone, logs, ready, remove, run, status };
}
