// skydns as a process with 1,000 services, queried by dnsperf over loopback.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACES, SERVICES } from '../../pkg/apis/resource-types.js';
import type { Service } from '../../pkg/apis/core/v1/types.js';
import { realEnv } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import { sleep } from '../../pkg/util/env/env.js';
import { usageOf } from '../cluster/processes.js';
import { ended, freePort, openLab, startClient, type Lab } from './apiserver-lab.js';
import { many } from './many.js';
import type { Benchmark, Measure } from './measure.js';

const SERVICE_COUNT = 1000;
const SECONDS = 10;
/** Queries per second in the latency run. */
const CALM_RATE = 10_000;
const READY_LIMIT_MS = 30_000;
const NAMESPACE = 'bench';
const PEER = { name: 'CoreDNS, 2 vCPU, published', value: 34_000 };

export const dns: Benchmark = {
  name: 'dns',
  about: `queries a second of skydns with ${SERVICE_COUNT} services`,
  run,
};

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal);
  try {
    await lab.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
      spec: {},
    });
    await many(SERVICE_COUNT, signal, (at) => lab.client.create(SERVICES, serviceOf(at)));
    return await ask(lab, signal);
  } finally {
    await lab.stop();
  }
}

function serviceOf(at: number): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `service-${at}`, namespace: NAMESPACE } as unknown as Service['metadata'],
    spec: { ports: [{ name: 'http', port: 80 }] } as unknown as Service['spec'],
  };
}

/**
 * Nine of ten queries ask for A records of services, one for a name that does not exist, as search
 * paths do.
 */
function queries(): string {
  const one = (at: number) =>
    at % 10
      ? `service-${at}.${NAMESPACE}.svc.cluster.local A`
      : `service-${at}.svc.cluster.local A`;
  return `${Array.from({ length: SERVICE_COUNT }, (_, at) => one(at)).join('\n')}\n`;
}

async function ask(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const [port, readyPort] = await Promise.all([freePort(), freePort()]);
  const child = startClient(lab, 'skydns', [
    `--addr=127.0.0.1:${port}`,
    '--no-rec',
    '--health-port=0',
    `--ready-port=${readyPort}`,
    '--metrics-port=0',
  ]);
  const file = join(lab.folder, 'queries.txt');
  writeFileSync(file, queries());
  const dnsperf = async (...words: string[]) => {
    const before = usageOf(child.pid!)!.cpuSeconds;
    const out = await exec(
      [
        'dnsperf',
        '-s',
        '127.0.0.1',
        '-p',
        String(port),
        '-d',
        file,
        '-l',
        String(SECONDS),
        ...words,
      ],
      { timeoutMs: 60_000, signal },
    );
    const read = (label: string) =>
      Number(new RegExp(`${label}[^:]*:\\s+([\\d.]+)`).exec(out)?.[1]);
    const completed = read('Queries completed');
    if (read('Queries lost') > completed / 1000) throw new Error(`dnsperf lost queries:\n${out}`);
    return {
      rate: read('Queries per second'),
      latency: read('Average Latency'),
      cpuUs: ((usageOf(child.pid!)!.cpuSeconds - before) * 1e6) / completed,
    };
  };
  try {
    const end = performance.now() + READY_LIMIT_MS;
    while (
      !(await fetch(`http://127.0.0.1:${readyPort}/ready`).then(
        (answer) => answer.ok,
        () => false,
      ))
    ) {
      if (performance.now() > end)
        throw new Error(`skydns is not ready after ${READY_LIMIT_MS / 1000} s`);
      await sleep(realEnv('bench', 'error').clock, 50, signal);
    }
    await dnsperf('-c', '8', '-q', '200'); // the JIT has compiled the hot paths
    const full = await dnsperf('-c', '8', '-q', '200');
    const calm = await dnsperf('-c', '8', '-Q', String(CALM_RATE));
    return [
      { name: 'DNS queries, as fast as they go', value: full.rate, unit: '/s', peer: PEER },
      { name: 'DNS query, CPU', value: full.cpuUs, unit: 'us' },
      {
        name: `DNS query, mean latency at ${CALM_RATE} a second`,
        value: calm.latency * 1000,
        unit: 'ms',
      },
      { name: 'memory of skydns', value: usageOf(child.pid!)!.rssBytes / 1e6, unit: 'MB' },
    ];
  } finally {
    await ended(child);
  }
}
