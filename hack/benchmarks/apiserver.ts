// The API server alone: load from h2load and from our own watchers, in the lab of apiserver-lab.ts.
// PHASES (comma-separated) selects phases, PROFILE=FOLDER writes a CPU profile of every phase.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLUSTER_ROLE_BINDINGS,
  NAMESPACES,
  PODS,
  SERVICE_ACCOUNTS,
} from '../../pkg/apis/resource-types.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import { exec } from '../../pkg/system/exec.js';
import { ROOT } from '../cluster/layout.js';
import { usageOf } from '../cluster/processes.js';
import { ended, openLab, TENANT_TOKEN, TOKEN, type Lab } from './apiserver-lab.js';
import { gather, WATCH_CONNECTIONS, WATCHERS } from './crowd.js';
import { NO_PROFILER } from './profile.js';
import { normalisingCost } from './normalising.js';
import { webhooks } from './webhook-lab.js';
import type { Benchmark, Measure } from './measure.js';

const PODS_TOTAL = 3000;
const SINGLE_CHANGES = 300;
const BURST_CREATES = 600;
const SECRETS_TOTAL = 3000;
export const NAMESPACE = 'bench';
const PEER = 'kube-apiserver 1.32';

export const apiserver: Benchmark = {
  name: 'apiserver',
  about: 'requests, watches and memory of the API server on a real etcd',
  run,
};

const isWanted = (phase: string): boolean =>
  !process.env['PHASES'] || process.env['PHASES'].split(',').includes(phase);

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal);
  try {
    const measures: Measure[] = [
      {
        name: 'start to ready',
        value: lab.startMs / 1000,
        unit: 's',
        peer: { name: PEER, value: 2.2 },
      },
      {
        name: 'memory, empty',
        value: usageOf(lab.pid)!.rssBytes / 1e6,
        unit: 'MB',
        peer: { name: PEER, value: 272 },
      },
    ];
    await prepare(lab);
    measures.push(
      ...pair(
        `CREATE pod, the first ${PODS_TOTAL} after start`,
        await creates(lab, signal, 'create', PODS_TOTAL),
        { cpuUs: 1163, rate: 1150 },
      ),
    );
    if (isWanted('read')) measures.push(...(await reads(lab, signal)));
    if (isWanted('watch')) measures.push(...(await fanOut(lab, signal)));
    if (isWanted('create')) {
      const warm = await creates(lab, signal, 'create-warm', PODS_TOTAL);
      measures.push(...pair('CREATE pod, warm', warm, { cpuUs: 1163, rate: 1150 }), {
        name: 'normalising of a pod, a part of CREATE',
        value: normalisingCost(podOf({ generateName: 'p-' })),
        unit: 'us',
        peer: { name: 'CREATE pod, warm', value: warm.cpuUs },
      });
    }
    if (isWanted('secrets')) measures.push(...(await secrets(lab, signal)));
    if (isWanted('options')) measures.push(...(await options(lab, signal)));
    if (isWanted('webhook'))
      measures.push(...(await webhooks(lab, (request) => load(lab, signal, request))));
    if (isWanted('floor')) measures.push(...(await floor(lab, signal)));
    return measures;
  } finally {
    await lab.stop();
  }
}

/** The cost of encryption at rest: the same writes with plain values and by each provider. */
async function secrets(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const metadata = { generateName: 's-' };
  const data = { password: Buffer.alloc(300, 'p').toString('base64') };
  const file = join(lab.folder, 'secret.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, data }));
  const secret = randomBytes(32).toString('base64');
  const measures: Measure[] = [];
  for (const provider of ['none', 'aesgcm', 'aescbc', 'secretbox']) {
    const keys = [{ name: 'bench', secret }];
    const providers = [{ [provider]: { keys } }, { identity: {} }];
    const config = join(lab.folder, `${provider}.yaml`);
    const resources = [{ resources: ['secrets'], providers }];
    const head = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration' };
    writeFileSync(config, JSON.stringify({ ...head, resources }));
    await lab.restart(provider === 'none' ? [] : [`--encryption-provider-config=${config}`]);
    const url = `/api/v1/namespaces/${NAMESPACE}-${provider}`;
    await lab.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: `${NAMESPACE}-${provider}` },
      spec: {},
    });
    const common = { count: SECRETS_TOTAL, connections: 4, streams: 8 };
    const write = { ...common, phase: `secrets-${provider}`, path: `${url}/secrets`, body: file };
    const headers = ['content-type: application/json'];
    await load(lab, signal, { ...write, headers, count: SECRETS_TOTAL / 2 });
    const { cpuUs } = await load(lab, signal, { ...write, headers });
    measures.push({ name: `CREATE secret, ${provider}, server CPU`, value: cpuUs, unit: 'us' });
    await lab.client.raw('DELETE', `${url}/secrets`);
  }
  await lab.restart();
  return measures;
}

/**
 * The cost of what a server does beside each request, for a user with all rights, but without the
 * exemptions of system:masters: the same requests without and with it.
 */
async function options(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const group = 'rbac.authorization.k8s.io';
  await lab.client.create(CLUSTER_ROLE_BINDINGS, {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'bench-tenant' },
    subjects: [{ kind: 'User', name: 'tenant', apiGroup: group }],
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin', apiGroup: group },
  });
  const audit = (level: string): string[] => {
    const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level }] };
    const file = join(lab.folder, `audit-${level}.yaml`);
    writeFileSync(file, JSON.stringify(policy));
    const log = join(lab.folder, `audit-${level}.log`);
    return [`--audit-policy-file=${file}`, `--audit-log-path=${log}`];
  };
  const variants: [name: string, flags: string[]][] = [
    ['neither', ['--enable-priority-and-fairness=false']],
    ['fairness', []],
    ['fairness and audit by Metadata', audit('Metadata')],
    ['fairness and audit by Request', audit('Request')],
  ];
  const common = { connections: 4, streams: 8, token: TENANT_TOKEN };
  const create = {
    ...common,
    path,
    headers: ['content-type: application/json'],
    body: join(lab.folder, 'pod.json'),
  };
  const measures: Measure[] = [];
  const bare: Record<string, number> = {};
  for (const [name, flags] of variants) {
    await lab.restart(flags);
    const phase = `options-${name.replaceAll(' ', '-')}`;
    await load(lab, signal, { ...create, phase, count: PODS_TOTAL / 2 });
    const used = {
      CREATE: await load(lab, signal, { ...create, phase, count: PODS_TOTAL }),
      GET: await load(lab, signal, { ...common, phase, path: `${path}/target`, count: 20_000 }),
    };
    for (const [verb, { cpuUs: value }] of Object.entries(used)) {
      const peer = { name: 'neither', value: (bare[verb] ??= value) };
      measures.push({ name: `${verb} pod, ${name}, server CPU`, value, unit: 'us', peer });
    }
  }
  await lab.restart();
  return measures;
}

/** A pod of about 2 KB as stored, like a controller's. */
export function podOf(name: { name: string } | { generateName: string }): Pod {
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 };
  const env_ = Array.from({ length: 8 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `value number ${i} of this container`,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...name,
      namespace: NAMESPACE,
      labels: { app: 'web', tier: 'front' },
      annotations: { note: 'made by hack/bench' },
    } as Pod['metadata'],
    spec: {
      containers: [
        {
          name: 'main',
          image: 'example.org/web:1',
          env: env_,
          ports: [{ containerPort: 8080 }],
          readinessProbe: probe,
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
        },
      ],
    },
  };
}

export async function prepare({ client, folder }: Lab): Promise<void> {
  await client.create(NAMESPACES, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
    spec: {},
  });
  await client.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: NAMESPACE },
  });
  await client.create(PODS, podOf({ name: 'target' }));
  writeFileSync(join(folder, 'pod.json'), JSON.stringify(podOf({ generateName: 'p-' })));
}

const path = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** Requests per second, and CPU microseconds of the server per request. */
export async function load(
  lab: Lab,
  signal: AbortSignal,
  request: {
    phase: string;
    path: string;
    count: number;
    connections: number;
    streams: number;
    headers?: string[];
    body?: string;
    token?: string;
  },
): Promise<{ rate: number; cpuUs: number }> {
  const headers = [
    `authorization: Bearer ${request.token ?? TOKEN}`,
    ...(request.headers ?? []),
  ].flatMap((h) => ['-H', h]);
  const body = request.body ? ['-d', request.body] : [];
  const words = [
    'h2load',
    '-n',
    String(request.count),
    '-c',
    String(request.connections),
    '-m',
    String(request.streams),
    ...headers,
    ...body,
    `https://127.0.0.1:${lab.port}${request.path}`,
  ];
  const before = usageOf(lab.pid)!.cpuSeconds;
  const out = await lab.profiler.around(request.phase, () =>
    exec(words, { timeoutMs: 300_000, signal }),
  );
  const cpu = usageOf(lab.pid)!.cpuSeconds - before;
  const rate = Number(/([\d.]+) req\/s/.exec(out)?.[1]);
  const succeeded = Number(/(\d+) succeeded/.exec(out)?.[1]);
  if (succeeded !== request.count)
    throw new Error(`h2load: ${succeeded} of ${request.count} requests succeeded:\n${out}`);
  return { rate, cpuUs: (cpu / request.count) * 1e6 };
}

function pair(
  name: string,
  result: { rate: number; cpuUs: number },
  peer: { cpuUs: number; rate?: number },
): Measure[] {
  return [
    {
      name: `${name}, server CPU`,
      value: result.cpuUs,
      unit: 'us',
      peer: { name: PEER, value: peer.cpuUs },
    },
    {
      name: `${name}, rate`,
      value: result.rate,
      unit: '/s',
      ...(peer.rate && { peer: { name: PEER, value: peer.rate } }),
    },
  ];
}

function creates(
  lab: Lab,
  signal: AbortSignal,
  phase: string,
  count: number,
): Promise<{ rate: number; cpuUs: number }> {
  return load(lab, signal, {
    phase,
    path,
    count,
    connections: 4,
    streams: 8,
    headers: ['content-type: application/json'],
    body: join(lab.folder, 'pod.json'),
  });
}

async function reads(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const table = 'accept: application/json;as=Table;v=v1;g=meta.k8s.io';
  const get = await load(lab, signal, {
    phase: 'get',
    path: `${path}/target`,
    count: 40_000,
    connections: 4,
    streams: 16,
  });
  const list = await load(lab, signal, {
    phase: 'list',
    path: `${path}?resourceVersion=0`,
    count: 100,
    connections: 2,
    streams: 1,
  });
  const nothing = await load(lab, signal, {
    phase: 'label',
    path: `${path}?resourceVersion=0&labelSelector=app%3Dnothing`,
    count: 5000,
    connections: 4,
    streams: 4,
  });
  const tables = await load(lab, signal, {
    phase: 'table',
    path: `${path}?limit=500`,
    count: 300,
    connections: 2,
    streams: 1,
    headers: [table],
  });
  return [
    ...pair('GET pod', get, { cpuUs: 330, rate: 3300 }),
    ...pair(`LIST ${PODS_TOTAL} pods`, list, { cpuUs: 65_000, rate: 21 }),
    ...pair('LIST by a label nothing has', nothing, { cpuUs: 1150, rate: 830 }),
    ...pair('Table of 500 pods', tables, { cpuUs: 17_500, rate: 61 }),
  ];
}

/**
 * Changes one at a time: each waits for the response to the one before. CPU microseconds of the
 * server per change.
 */
async function changes(lab: Lab, signal: AbortSignal): Promise<number> {
  const before = usageOf(lab.pid)!.cpuSeconds;
  for (let i = 0; i < SINGLE_CHANGES; i++) {
    signal.throwIfAborted();
    await lab.client.patch(
      PODS,
      { namespace: NAMESPACE, name: 'target' },
      { metadata: { annotations: { note: `change ${i} ${before}` } } },
      { type: 'merge' },
    );
  }
  return ((usageOf(lab.pid)!.cpuSeconds - before) / SINGLE_CHANGES) * 1e6;
}

/**
 * The cost of delivering an event: the server's CPU for writes with all watchers, minus the CPU for
 * the same writes without watchers.
 */
async function fanOut(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  await changes(lab, signal); // warm-up
  const { cpuUs: createUs } = await creates(lab, signal, 'create-again', BURST_CREATES);
  const patchUs = await lab.profiler.around('patch', () => changes(lab, signal));
  const { resourceVersion } = (await lab.client.list(PODS, { namespace: NAMESPACE, limit: 1 }))
    .metadata;
  const crowd = await gather(
    lab.port,
    `${path}?watch=true&resourceVersion=${resourceVersion}`,
    join(lab.folder, 'ca.crt'),
  );
  try {
    const delivered = async (
      count: number,
      writeUs: number,
      work: () => Promise<unknown>,
    ): Promise<{ eventUs: number; rate: number }> => {
      const before = usageOf(lab.pid)!.cpuSeconds;
      const rate = await crowd.delivered(count, work);
      return {
        eventUs:
          ((usageOf(lab.pid)!.cpuSeconds - before) * 1e6 - count * writeUs) / (WATCHERS * count),
        rate,
      };
    };
    const single = await lab.profiler.around('watch-single', () =>
      delivered(SINGLE_CHANGES, patchUs, () => changes(lab, signal)),
    );
    const burst = await delivered(BURST_CREATES, createUs, () =>
      creates(lab, signal, 'watch-burst', BURST_CREATES),
    );
    const listening = `${WATCHERS} watchers on ${WATCH_CONNECTIONS} connections`;
    return [
      { name: 'PATCH pod, one at a time, server CPU', value: patchUs, unit: 'us' },
      {
        name: `watch event, ${listening}, burst of creates, server CPU`,
        value: burst.eventUs,
        unit: 'us',
        peer: { name: PEER, value: 18.3 },
      },
      {
        name: 'watch events delivered, burst',
        value: burst.rate,
        unit: '/s',
        peer: { name: PEER, value: 29_000 },
      },
      {
        name: `watch event, ${listening}, one change at a time, server CPU`,
        value: single.eventUs,
        unit: 'us',
      },
      { name: 'watch events delivered, one change at a time', value: single.rate, unit: '/s' },
      {
        name: `memory, ${PODS_TOTAL} pods and ${WATCHERS} watchers`,
        value: usageOf(lab.pid)!.rssBytes / 1e6,
        unit: 'MB',
        peer: { name: PEER, value: 620 },
      },
    ];
  } finally {
    await crowd.end();
  }
}

/** The same bytes from a minimal server (floor.ts) in the same run: the cost of Node itself. */
async function floor(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const bytes = async (request: string) => (await lab.client.raw('GET', request)).body.length;
  const listBytes = await bytes(`${path}?limit=${PODS_TOTAL}`);
  const eventBytes = await bytes(`${path}/target`);
  const child = spawn(process.execPath, [join(ROOT, 'build/hack/benchmarks/floor.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, FLOOR_FOLDER: lab.folder, FLOOR_EVENT_BYTES: String(eventBytes) },
  });
  try {
    const port = Number(
      await new Promise<string>((resolve) =>
        child.stdout.once('data', (line: Buffer) => resolve(line.toString())),
      ),
    );
    const bare: Lab = { ...lab, pid: child.pid!, port, profiler: NO_PROFILER };
    const list = await load(bare, signal, {
      phase: '',
      path: `/?bytes=${listBytes}`,
      count: 100,
      connections: 2,
      streams: 1,
    });
    const get = await load(bare, signal, {
      phase: '',
      path: `/?bytes=${eventBytes}`,
      count: 40_000,
      connections: 4,
      streams: 16,
    });
    const crowd = await gather(port, '/?watch=true', join(lab.folder, 'ca.crt'));
    const before = usageOf(child.pid!)!.cpuSeconds;
    for (let i = 0; i < SINGLE_CHANGES; i++)
      await crowd.delivered(1, () => void child.stdin.write('\n'));
    const eventUs =
      ((usageOf(child.pid!)!.cpuSeconds - before) / (SINGLE_CHANGES * WATCHERS)) * 1e6;
    await crowd.end();
    return [
      {
        name: `bare node:http2 server, GET of ${(eventBytes / 1e3).toFixed(1)} KB, CPU`,
        value: get.cpuUs,
        unit: 'us',
      },
      {
        name: `bare node:http2 server, GET of ${(listBytes / 1e6).toFixed(1)} MB, CPU`,
        value: list.cpuUs,
        unit: 'us',
      },
      {
        name: `bare node:http2 server, one event to ${WATCHERS} streams at a time, CPU`,
        value: eventUs,
        unit: 'us',
      },
    ];
  } finally {
    await ended(child);
  }
}
