// A real etcd for one test: random ports, data in the system's temporary folder, no fsync.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import type { TlsFiles } from '../../pkg/storage/etcd/grpc-connection.js';
import { realEnv } from '../../pkg/system/env.js';
import { pauseProcess } from './pause-process.js';

export interface EtcdProcess {
  endpoint: string;
  /** The data folder. Tests copy and restore it while etcd is down. */
  dataDir: string;
  /** Kills the process and starts etcd again on the same data. */
  restart(): Promise<void>;
  /** Kills the process. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops the process with its connections open (SIGSTOP); `resume` continues it. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The files of etcd's own certificate, and a client's identity in PEM to ask with. */
export interface EtcdTls {
  ca: string;
  cert: string;
  key: string;
  client: TlsFiles;
}

/** With `tls`, etcd admits only clients with a certificate of that CA. */
export async function startEtcd(tls?: EtcdTls): Promise<EtcdProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-etcd-'));
  const dataDir = join(folder, 'data');
  const client = `${tls ? 'https' : 'http'}://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(
      'etcd',
      [
        '--name=test',
        `--data-dir=${dataDir}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=test=${peer}`,
        '--log-level=error',
        '--unsafe-no-fsync',
        ...(tls
          ? [
              `--cert-file=${tls.cert}`,
              `--key-file=${tls.key}`,
              `--trusted-ca-file=${tls.ca}`,
              '--client-cert-auth',
            ]
          : []),
      ],
      { stdio: 'ignore' },
    );
    const storage = openEtcdStorage({
      endpoints: [client],
      env: realEnv('etcd-process', 'error'),
      ...(tls ? { tls: tls.client } : {}),
    });
    try {
      await storage.ping();
    } finally {
      await storage.close();
    }
  };
  const kill = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    endpoint: client,
    dataDir,
    start,
    kill,
    pause: () => child && pauseProcess(child.pid!),
    resume: () => void child?.kill('SIGCONT'),
    async restart() {
      await kill();
      await start();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
