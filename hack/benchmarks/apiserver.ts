// The API server alone: a real etcd, TLS, RBAC, and load from h2load and watchers of our own. The same
// flags start upstream's server, so KUBE_APISERVER=/path/to/kube-apiserver measures that one instead.
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMESPACES, PODS, SERVICE_ACCOUNTS } from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type { Client } from '../../pkg/client/client.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { sleep } from '../../pkg/util/env/env.js';
import { ROOT } from '../cluster/layout.js';
import { usageOf } from '../cluster/processes.js';
import type { Benchmark, Measure } from './measure.js';

const PODS_TOTAL = 3000;
const WATCHERS = 500;
const WATCH_CONNECTIONS = 10;
const WATCH_EVENTS = 300;
const TOKEN = 'benchmark-token-0123456789';
const NAMESPACE = 'bench';
const READY_LIMIT_MS = 30_000;
const PEER = 'kube-apiserver 1.32';

const env = realEnv('bench', 'error');
export const apiserver: Benchmark = { name: 'apiserver', about: 'requests, watches and memory of the API server on a real etcd', run };

interface Lab {
  folder: string;
  pid: number;
  port: number;
  ca: string;
  client: Client;
  startMs: number;
  stop(): Promise<void>;
}

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal);
  try {
    const measures: Measure[] = [
      { name: 'start to ready', value: lab.startMs / 1000, unit: 's', peer: { name: PEER, value: 2.2 } },
      { name: 'memory, empty', value: usageOf(lab.pid)!.rssBytes / 1e6, unit: 'MB', peer: { name: PEER, value: 272 } },
    ];
    await prepare(lab);
    measures.push(...(await creates(lab, signal)));
    measures.push(...(await reads(lab, signal)));
    measures.push(...(await fanOut(lab, signal)));
    return measures;
  } finally {
    await lab.stop();
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

function started(file: string, args: string[], log: string): ChildProcess {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk: Buffer) => writeFileSync(log, chunk, { flag: 'a' });
  child.stdout!.on('data', keep);
  child.stderr!.on('data', keep);
  return child;
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  });

async function openLab(signal: AbortSignal): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-bench-'));
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = started('/usr/bin/etcd', ['--data-dir', join(folder, 'etcd'), '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl, '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`, '--log-level', 'error'], join(folder, 'etcd.log'));
  const until = async (what: string, test: () => Promise<boolean>, everyMs: number): Promise<void> => {
    const end = performance.now() + READY_LIMIT_MS;
    while (!(await test().catch(() => false))) {
      if (performance.now() > end) throw new Error(`${what} is not ready after ${READY_LIMIT_MS / 1000} s; see ${folder}`);
      await sleep(env.clock, everyMs, signal);
    }
  };
  await until('etcd', async () => (await fetch(`${etcdUrl}/health`)).ok, 50);
  const ca = writeFiles(folder);
  const [file, ...before] = process.env['KUBE_APISERVER'] ? [process.env['KUBE_APISERVER']] : [process.execPath, join(ROOT, 'dist/cmd/kube-apiserver/main.js')];
  const began = performance.now();
  const server = started(file!, [...before, ...serverFlags(folder, etcdUrl, port)], join(folder, 'apiserver.log'));
  const client = createClient({ server: `https://127.0.0.1:${port}`, ca: Buffer.from(ca), token: TOKEN }, env);
  await until('kube-apiserver', async () => (await client.raw('GET', '/readyz')).status === 200, 5);
  const startMs = performance.now() - began;
  const stop = async (): Promise<void> => {
    await client.close();
    await ended(server);
    await ended(etcd);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, pid: server.pid!, port, ca, client, startMs, stop };
}

function writeFiles(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const ca = createCa('bench-ca');
  const server = issue({ ca, commonName: 'kube-apiserver', sans: ['127.0.0.1', 'localhost'], usages: ['server'] });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const files = {
    'ca.crt': ca.certPem, 'server.crt': server.certPem, 'server.key': server.keyPem,
    'sa.key': privateKey, 'sa.pub': publicKey, 'tokens.csv': `${TOKEN},bench,bench,system:masters\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return ca.certPem;
}

function serverFlags(folder: string, etcdUrl: string, port: number): string[] {
  const file = (name: string) => join(folder, name);
  return [
    `--etcd-servers=${etcdUrl}`, `--secure-port=${port}`, '--bind-address=127.0.0.1',
    `--tls-cert-file=${file('server.crt')}`, `--tls-private-key-file=${file('server.key')}`, `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`, `--service-account-key-file=${file('sa.pub')}`, `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc', '--authorization-mode=Node,RBAC', '--service-cluster-ip-range=10.100.0.0/16',
  ];
}

/** A pod of about 2 KB as stored, as a controller would make it. */
function podOf(name: { name: string } | { generateName: string }): Pod {
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 };
  const env_ = Array.from({ length: 8 }, (_, i) => ({ name: `SETTING_${i}`, value: `value number ${i} of this container` }));
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { ...name, namespace: NAMESPACE, labels: { app: 'web', tier: 'front' }, annotations: { note: 'made by hack/bench' } } as Pod['metadata'],
    spec: { containers: [{ name: 'main', image: 'example.org/web:1', env: env_, ports: [{ containerPort: 8080 }], readinessProbe: probe, resources: { requests: { cpu: '100m', memory: '64Mi' } } }] },
  };
}

async function prepare({ client, folder }: Lab): Promise<void> {
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE }, spec: {} });
  await client.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: NAMESPACE } });
  await client.create(PODS, podOf({ name: 'target' }));
  writeFileSync(join(folder, 'pod.json'), JSON.stringify(podOf({ generateName: 'p-' })));
}

const path = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** Requests per second, and the server's CPU microseconds per request. */
async function load(lab: Lab, signal: AbortSignal, request: { path: string; count: number; connections: number; streams: number; headers?: string[]; body?: string }): Promise<{ rate: number; cpuUs: number }> {
  const headers = [`authorization: Bearer ${TOKEN}`, ...(request.headers ?? [])].flatMap((h) => ['-H', h]);
  const body = request.body ? ['-d', request.body] : [];
  const words = ['h2load', '-n', String(request.count), '-c', String(request.connections), '-m', String(request.streams), ...headers, ...body, `https://127.0.0.1:${lab.port}${request.path}`];
  const before = usageOf(lab.pid)!.cpuSeconds;
  const out = await exec(words, { timeoutMs: 300_000, signal });
  const cpu = usageOf(lab.pid)!.cpuSeconds - before;
  const rate = Number(/([\d.]+) req\/s/.exec(out)?.[1]);
  const succeeded = Number(/(\d+) succeeded/.exec(out)?.[1]);
  if (succeeded !== request.count) throw new Error(`h2load: ${succeeded} of ${request.count} requests succeeded:\n${out}`);
  return { rate, cpuUs: (cpu / request.count) * 1e6 };
}

function pair(name: string, result: { rate: number; cpuUs: number }, peer: { cpuUs: number; rate?: number }): Measure[] {
  return [
    { name: `${name}, server CPU`, value: result.cpuUs, unit: 'us', peer: { name: PEER, value: peer.cpuUs } },
    { name: `${name}, rate`, value: result.rate, unit: '/s', ...(peer.rate ? { peer: { name: PEER, value: peer.rate } } : {}) },
  ];
}

async function creates(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const result = await load(lab, signal, { path, count: PODS_TOTAL, connections: 4, streams: 8, headers: ['content-type: application/json'], body: join(lab.folder, 'pod.json') });
  return [...pair('CREATE pod', result, { cpuUs: 1163, rate: 1150 })];
}

async function reads(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const table = 'accept: application/json;as=Table;v=v1;g=meta.k8s.io';
  const get = await load(lab, signal, { path: `${path}/target`, count: 40_000, connections: 4, streams: 16 });
  const list = await load(lab, signal, { path: `${path}?resourceVersion=0`, count: 100, connections: 2, streams: 1 });
  const nothing = await load(lab, signal, { path: `${path}?resourceVersion=0&labelSelector=app%3Dnothing`, count: 5000, connections: 4, streams: 4 });
  const tables = await load(lab, signal, { path: `${path}?limit=500`, count: 300, connections: 2, streams: 1, headers: [table] });
  return [
    ...pair('GET pod', get, { cpuUs: 330, rate: 3300 }),
    ...pair(`LIST ${PODS_TOTAL} pods`, list, { cpuUs: 65_000, rate: 21 }),
    ...pair('LIST by a label nothing has', nothing, { cpuUs: 1150, rate: 830 }),
    ...pair('Table of 500 pods', tables, { cpuUs: 17_500, rate: 61 }),
  ];
}

/** Watchers run in a process of their own, so that their CPU is not the server's. */
async function fanOut(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  writeFileSync(join(lab.folder, 'ca.pem'), lab.ca);
  const watcher = spawn(process.execPath, [join(ROOT, 'build/hack/benchmarks/watchers.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, WATCH_URL: `https://127.0.0.1:${lab.port}`, WATCH_PATH: `${path}?watch=true&resourceVersion=`, WATCH_CA: join(lab.folder, 'ca.pem'), WATCH_TOKEN: TOKEN, WATCHERS: String(WATCHERS), CONNECTIONS: String(WATCH_CONNECTIONS), RESOURCE_VERSION: (await lab.client.list(PODS, { namespace: NAMESPACE, limit: 1 })).metadata.resourceVersion! },
  });
  try {
    const lines = linesOf(watcher);
    await lines('ready');
    const before = usageOf(lab.pid)!.cpuSeconds;
    const began = performance.now();
    watcher.stdin!.write(`${WATCHERS * WATCH_EVENTS}\n`);
    for (let i = 0; i < WATCH_EVENTS; i += 10) {
      signal.throwIfAborted();
      await Promise.all(Array.from({ length: 10 }, (_, j) => lab.client.patch(PODS, { namespace: NAMESPACE, name: 'target' }, { metadata: { annotations: { note: `change ${i + j}` } } }, { type: 'merge' })));
    }
    await lines('done');
    const seconds = (performance.now() - began) / 1000;
    const cpu = usageOf(lab.pid)!.cpuSeconds - before;
    const events = WATCHERS * WATCH_EVENTS;
    return [
      { name: `watch event, ${WATCHERS} watchers on ${WATCH_CONNECTIONS} connections, server CPU`, value: (cpu / events) * 1e6, unit: 'us', peer: { name: PEER, value: 18.3 } },
      { name: 'watch events delivered', value: events / seconds, unit: '/s', peer: { name: PEER, value: 29_000 } },
      { name: `memory, ${PODS_TOTAL} pods and ${WATCHERS} watchers`, value: usageOf(lab.pid)!.rssBytes / 1e6, unit: 'MB', peer: { name: PEER, value: 620 } },
    ];
  } finally {
    await ended(watcher);
  }
}

function linesOf(child: ChildProcess): (wanted: string) => Promise<void> {
  let seen = '';
  let wake: () => void = () => {};
  child.stdout!.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    wake();
  });
  child.once('exit', () => wake());
  return async (wanted) => {
    while (!seen.includes(`${wanted}\n`)) {
      if (child.exitCode !== null) throw new Error(`watchers ended with code ${child.exitCode}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
}

