// An API server under test: a real etcd, TLS, RBAC, on free ports and in a folder of its own. The
// same flags start upstream's server (KUBE_APISERVER=/path/to/kube-apiserver) or another bundle of
// ours (a .js file).
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../pkg/client/client.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { renderKubeconfig } from '../../pkg/system/pki/kubeconfig.js';
import { sleep } from '../../pkg/util/env/env.js';
import { binary as commandOf, nodeFlags, ROOT } from '../cluster/layout.js';
import { NO_PROFILER, openProfiler, type Profiler } from './profile.js';

export const TOKEN = 'benchmark-token-0123456789';
/** Of a user without exemption from priority and fairness. */
export const TENANT_TOKEN = 'tenant';
const READY_LIMIT_MS = 30_000;

const env = realEnv('bench', 'error');

export interface Lab {
  folder: string;
  pid: number;
  port: number;
  ca: string;
  client: Client;
  /** Milliseconds from the start of the process until /readyz succeeds. */
  startMs: number;
  /** Does nothing unless PROFILE names a folder. */
  profiler: Profiler;
  /**
   * Stops the server and starts it again on the same store, with further flags. Returns
   * milliseconds until it is ready.
   */
  restart(flags?: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

function started(file: string, args: string[], log: string): ChildProcess {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk: Buffer) => writeFileSync(log, chunk, { flag: 'a' });
  child.stdout!.on('data', keep);
  child.stderr!.on('data', keep);
  return child;
}

export const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  });

/**
 * Starts another program of ours, or another bundle of it, as a client of the lab's API server,
 * with an administrator's identity. `ended` stops it.
 */
export function startClient(
  { folder, port, ca }: Lab,
  name: string,
  flags: readonly string[],
  bundle?: string,
): ChildProcess {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    renderKubeconfig({ server: `https://127.0.0.1:${port}`, caPem: ca, token: TOKEN }),
    { mode: 0o600 },
  );
  const [file, ...words] = bundle
    ? [process.execPath, ...nodeFlags(name), bundle]
    : commandOf(name);
  return started(
    file!,
    [...words, `--kubeconfig=${kubeconfig}`, ...flags],
    join(folder, `${name}.log`),
  );
}

export async function openLab(
  signal: AbortSignal,
  etcdFlags: readonly string[] = [],
): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-bench-'));
  const [etcdPort, peerPort, port, inspectPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const profiles = process.env['PROFILE'];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = started(
    '/usr/bin/etcd',
    [
      '--data-dir',
      join(folder, 'etcd'),
      '--listen-client-urls',
      etcdUrl,
      '--advertise-client-urls',
      etcdUrl,
      '--listen-peer-urls',
      peerUrl,
      '--initial-advertise-peer-urls',
      peerUrl,
      '--initial-cluster',
      `default=${peerUrl}`,
      '--log-level',
      'error',
      ...etcdFlags,
    ],
    join(folder, 'etcd.log'),
  );
  const until = async (
    what: string,
    test: () => Promise<boolean>,
    everyMs: number,
  ): Promise<void> => {
    const end = performance.now() + READY_LIMIT_MS;
    while (!(await test().catch(() => false))) {
      if (performance.now() > end)
        throw new Error(`${what} is not ready after ${READY_LIMIT_MS / 1000} s; see ${folder}`);
      await sleep(env.clock, everyMs, signal);
    }
  };
  await until('etcd', async () => (await fetch(`${etcdUrl}/health`)).ok, 50);
  const ca = writeFiles(folder);
  const binary = process.env['KUBE_APISERVER'] ?? join(ROOT, 'dist/cmd/kube-apiserver/main.js');
  const inspect = profiles ? [`--inspect=127.0.0.1:${inspectPort}`] : [];
  const [file, ...before] = binary.endsWith('.js')
    ? [process.execPath, ...nodeFlags('kube-apiserver'), ...inspect, binary]
    : [binary];
  const start = (more: readonly string[] = []) =>
    started(
      file!,
      [...before, ...serverFlags(folder, etcdUrl, port), ...more],
      join(folder, 'apiserver.log'),
    );
  let began = performance.now();
  let server = start();
  // The client backs off from a server that refuses connections, so it is created when the port is
  // open.
  const ready = async (): Promise<Client> => {
    await until('the port of kube-apiserver', () => isOpen(port), 5);
    const made = createClient(
      { server: `https://127.0.0.1:${port}`, ca: Buffer.from(ca), token: TOKEN },
      env,
    );
    await until('kube-apiserver', async () => (await made.raw('GET', '/readyz')).status === 200, 5);
    return made;
  };
  const client = await ready();
  const startMs = performance.now() - began;
  if (profiles) mkdirSync(profiles, { recursive: true });
  const profiler = profiles ? await openProfiler(inspectPort, profiles) : NO_PROFILER;
  const stop = async (): Promise<void> => {
    profiler.close();
    await lab.client.close();
    await ended(server);
    await ended(etcd);
    rmSync(folder, { recursive: true, force: true });
  };
  const restart = async (flags: readonly string[] = []): Promise<number> => {
    await ended(server);
    began = performance.now();
    server = start(flags);
    lab.pid = server.pid!;
    await lab.client.close();
    lab.client = await ready();
    return performance.now() - began;
  };
  const lab: Lab = { folder, pid: server.pid!, port, ca, client, startMs, profiler, restart, stop };
  return lab;
}

function writeFiles(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const ca = createCa('bench-ca');
  const server = issue({
    ca,
    commonName: 'kube-apiserver',
    sans: ['127.0.0.1', 'localhost'],
    usages: ['server'],
  });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    'ca.crt': ca.certPem,
    'server.crt': server.certPem,
    'server.key': server.keyPem,
    'sa.key': privateKey,
    'sa.pub': publicKey,
    'tokens.csv': `${TOKEN},bench,bench,system:masters\n${TENANT_TOKEN},tenant,tenant\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return ca.certPem;
}

function serverFlags(folder: string, etcdUrl: string, port: number): string[] {
  const file = (name: string) => join(folder, name);
  return [
    `--etcd-servers=${etcdUrl}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--tls-cert-file=${file('server.crt')}`,
    `--tls-private-key-file=${file('server.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--authorization-mode=Node,RBAC',
    '--service-cluster-ip-range=10.100.0.0/16',
  ];
}
