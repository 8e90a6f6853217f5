// HAProxy with the configuration of many ingresses, beside HAProxy with one backend alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import type { Ingress } from '../../pkg/apis/networking/v1/types.js';
import type { Service } from '../../pkg/apis/core/v1/types.js';
import type { EndpointSlice } from '../../pkg/apis/discovery/v1/types.js';
import { modelOf, type World } from '../../pkg/ingress/model.js';
import { CONFIG, DEFAULT_CERTIFICATE, render } from '../../pkg/ingress/render.js';
import { assigned } from '../../pkg/ingress/slots.js';
import { exec } from '../../pkg/system/exec.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { freePort } from './apiserver-lab.js';
import { quantile, type Benchmark, type Measure } from './measure.js';

const INGRESSES = 1_000;
const ROUNDS = 15;
const REQUESTS = 20_000;

export const ingress: Benchmark = {
  name: 'ingress',
  about: `requests a second of HAProxy with ${INGRESSES} ingresses`,
  run,
};

const metadata = (name: string) => ({ name, namespace: 'bench', uid: name }) as Ingress['metadata'];

function worldOf(port: number): World {
  const ingresses = Array.from({ length: INGRESSES }, (_, at) => ({
    metadata: metadata(`i-${at}`),
    spec: {
      ingressClassName: 'wheelhouse',
      rules: [
        {
          host: `host-${at}.example`,
          http: {
            paths: ['/', '/api', '/static'].map((path) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: 'web', port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  })) as Ingress[];
  const service = { metadata: metadata('web'), spec: { ports: [{ port: 80 }] } } as Service;
  const slice = {
    metadata: metadata('web-1'),
    addressType: 'IPv4',
    ports: [{ port }],
    endpoints: [{ addresses: ['127.0.0.1'] }],
  } as EndpointSlice;
  const store = <T>(...all: T[]) => ({
    store: { get: () => all[0], list: () => all, byIndex: () => all },
  });
  return {
    ingresses: store(...ingresses),
    classes: store({
      apiVersion: 'networking.k8s.io/v1' as const,
      kind: 'IngressClass' as const,
      metadata: { name: 'wheelhouse' } as Ingress['metadata'],
      spec: { controller: 'wheelhouse.io/ingress-controller' },
    }),
    services: store(service),
    slices: store(slice),
    certificate: () => ({}),
    accepted: () => undefined,
    isRefused: () => false,
  };
}

/** Seconds of CPU that all threads of the process have used. */
function cpuOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'),
  );
  return tasks.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e9;
}

const bare = (port: number, then: string): string => `global
  maxconn 8000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend web
  bind ipv4@127.0.0.1:${port}
  ${then}
`;

async function run(signal: AbortSignal): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ingress-'));
  const [served, alone, http, https] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const model = modelOf(worldOf(served));
  const slots = new Map(
    [...model.backends].map(([name, { servers }]) => [name, assigned([], servers)]),
  );
  const settings = { folder, addresses: ['127.0.0.1'], httpPort: http, httpsPort: https };
  const pair = issue({
    ca: createCa('bench'),
    commonName: 'bench',
    sans: ['bench'],
    usages: ['server'],
  });
  const files = new Map([
    ...render(model, slots, settings, () => '', 'bench'),
    [DEFAULT_CERTIFICATE, pair.certPem + pair.keyPem],
    [
      'server.cfg',
      bare(served, 'http-request return status 200 content-type text/plain string "hello"'),
    ],
    [
      'bare.cfg',
      `${bare(alone, 'default_backend web')}backend web\n  server s1 127.0.0.1:${served}\n`,
    ],
  ]);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const start = (name: string) =>
    spawn('haproxy', ['-db', '-q', '-f', join(folder, name)], { stdio: 'inherit' });
  const server = start('server.cfg');
  const proxies = { bare: start('bare.cfg'), ours: start(CONFIG) };
  const rate = async (port: number): Promise<number> => {
    const words = ['--h1', '-c', '32', '-t', '1', '-n', String(REQUESTS)];
    const url = `http://host-${INGRESSES / 2}.example/api/v1/things`;
    const to = `--connect-to=127.0.0.1:${port}`;
    const out = await exec(['h2load', ...words, to, url], { timeoutMs: 60_000, signal });
    const failed = /(\d+) failed, (\d+) errored/.exec(out);
    if (!failed || Number(failed[1]) + Number(failed[2]) > 0 || !/ [1-9]\d* 2xx/.test(out))
      throw new Error(`h2load: ${out}`);
    return Number(/, ([\d.]+) req\/s/.exec(out)![1]);
  };
  try {
    await pause(1_000, undefined, { signal });
    const rates: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    const costs: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const name of ['bare', 'ours'] as const) {
        const before = cpuOf(proxies[name].pid!);
        rates[name].push(await rate(name === 'bare' ? alone : http));
        costs[name].push(((cpuOf(proxies[name].pid!) - before) * 1e6) / REQUESTS);
      }
    const median = (of: typeof rates, unit: Measure['unit']) => ({
      value: quantile(of.ours, 0.5),
      unit,
      peer: { name: 'bare HAProxy', value: quantile(of.bare, 0.5) },
    });
    return [
      { name: `requests through ${INGRESSES} ingresses`, ...median(rates, '/s') },
      { name: 'CPU of the proxy, a request', ...median(costs, 'us') },
    ];
  } finally {
    for (const child of [server, ...Object.values(proxies)]) child.kill();
    rmSync(folder, { recursive: true });
  }
}
