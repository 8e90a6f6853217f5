// kube-apiserver as a separate process that can be killed and paused; and several of them on one
// real etcd.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderKubeconfig } from '../../../pkg/system/pki/kubeconfig.js';
import { ensureClusterPki, type ClusterPki } from '../../../pkg/system/pki/cluster-pki.js';
import { freePort, startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { HttpClient } from './http-client.js';
import { openLink, type Link } from './link.js';
import { pauseProcess } from '../../support/pause-process.js';

const BINARIES = fileURLToPath(new URL('../../../cmd/', import.meta.url));
const READY_MS = 40_000;
export const TOKEN = 'reliability';

export interface Process {
  readonly running: boolean;
  start(): void;
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  send(signal: NodeJS.Signals): void;
  pause(): void;
  resume(): void;
  /** The standard error output of all runs. */
  readonly log: () => string;
}

interface BinaryOptions {
  /** Flags of Node. */
  node?: readonly string[];
  env?: Record<string, string>;
  /** Told of the signal that ended the process, if any. */
  onExit?: (signal: string | null) => void;
}

/** `name` is a folder of cmd/. The process is started by `start`. */
export function binary(
  name: string,
  args: readonly string[],
  options: BinaryOptions = {},
): Process {
  let child: ChildProcess | undefined;
  let log = '';
  return {
    get running() {
      return child !== undefined;
    },
    log: () => log,
    start() {
      const words = [...(options.node ?? []), join(BINARIES, name, 'main.js'), ...args];
      const started = spawn(process.execPath, words, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...options.env },
      });
      started.stderr
        .setEncoding('utf8')
        .on('data', (text: string) => (log = (log + text).slice(-200_000)));
      started.once('exit', (_code, signal) => {
        options.onExit?.(signal);
        if (child === started) child = undefined;
      });
      child = started;
    },
    async kill(signal = 'SIGKILL') {
      if (!child) return;
      const gone = new Promise((resolve) => child!.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    send: (signal) => void child?.kill(signal),
    pause: () => child && pauseProcess(child.pid!),
    resume: () => void child?.kill('SIGCONT'),
  };
}

export interface Server extends Process {
  readonly url: string;
  readonly client: HttpClient;
  /** The link to etcd. */
  readonly link: Link;
  /** Resolves when /readyz answers ok. */
  ready(): Promise<void>;
}

export interface Cluster {
  readonly etcd: EtcdProcess;
  readonly servers: readonly Server[];
  readonly pki: ClusterPki;
  readonly folder: string;
  /** Path of a kubeconfig of an administrator for one of the servers. */
  kubeconfig(server: Server): Promise<string>;
  stop(): Promise<void>;
}

/** Waits until `check` is true; throws after the bound. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  ms = READY_MS,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function server(
  etcd: EtcdProcess,
  folder: string,
  pki: ClusterPki,
  flags: readonly string[],
): Promise<Server> {
  const port = await freePort();
  const link = await openLink(Number(new URL(etcd.endpoint).port));
  const url = `https://127.0.0.1:${port}`;
  const process = binary('kube-apiserver', [
    `--etcd-servers=http://127.0.0.1:${link.port}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--tls-cert-file=${join(folder, 'apiserver.crt')}`,
    `--tls-private-key-file=${join(folder, 'apiserver.key')}`,
    `--client-ca-file=${join(folder, 'ca.crt')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.100.0.0/24',
    '--log-level=warn',
    ...flags,
  ]);
  const client = new HttpClient(url, pki.ca.certPem, TOKEN);
  const isReady = async () => {
    if (!process.running) throw new Error(`kube-apiserver ended: ${process.log()}`);
    return (await client.call('GET', '/readyz', undefined, 2_000)).status === 200;
  };
  // Object.create keeps the getters of `process` live; a spread would evaluate them once.
  return Object.assign(Object.create(process) as Process, {
    url,
    client,
    link,
    ready: () => until(`${url} ready`, isReady),
  });
}

export async function startCluster(count: number, flags: readonly string[] = []): Promise<Cluster> {
  const etcd = await startEtcd();
  const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-reliability-'));
  const pki = await ensureClusterPki(folder);
  await writeFile(join(folder, 'tokens.csv'), `${TOKEN},tester,1,system:masters\n`);
  const servers = await Promise.all(
    Array.from({ length: count }, () => server(etcd, folder, pki, flags)),
  );
  const cluster: Cluster = {
    etcd,
    servers,
    pki,
    folder,
    async kubeconfig({ url }) {
      const path = join(folder, `${new URL(url).port}.conf`);
      await writeFile(
        path,
        renderKubeconfig({
          server: url,
          caPem: pki.ca.certPem,
          ...pki.certificates['components/admin']!,
          name: 'admin',
        }),
      );
      return path;
    },
    async stop() {
      for (const one of servers) {
        one.client.close();
        await one.kill();
        await one.link.close();
      }
      await etcd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const one of servers) one.start();
    await Promise.all(servers.map((one) => one.ready()));
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}
