// The cost of 200 autoscalers: the processor time of kube-controller-manager and of the API server
// beside the same two without autoscalers. The targets are deployments of 5 pods, whose status this
// process writes as kubelets would. This process also serves the metrics, with the answers of
// metrics-server. MANAGERS names further bundles of kube-controller-manager, which take turns.
import { createServer, type Server } from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import {
  APISERVICES,
  DEPLOYMENTS,
  HORIZONTAL_POD_AUTOSCALERS_AUTOSCALING_V2 as SCALERS,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../pkg/apis/resource-types.js';
import { answer, GROUP, VERSION, type Subject } from '../../pkg/metrics/answer.js';
import { realEnv } from '../../pkg/system/env.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { sleep } from '../../pkg/util/env/env.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { usageOf } from '../cluster/processes.js';
import { ended, openLab, startClient, type Lab } from './apiserver-lab.js';
import { many } from './many.js';
import type { Benchmark, Measure } from './measure.js';

const SPACES = 10;
const SCALERS_EACH = 20;
const PODS_EACH = 5;
const SCALER_COUNT = SPACES * SCALERS_EACH;
const POD_COUNT = SCALER_COUNT * PODS_EACH;
const SYNC_SECONDS = 15;
const REST_SECONDS = 20;
const MEASURED_SECONDS = 45;
const MANAGER = 'kube-controller-manager';

const { clock } = realEnv('bench', 'error');

export const autoscalers: Benchmark = {
  name: 'autoscalers',
  about: `CPU of ${SCALER_COUNT} autoscalers of ${PODS_EACH} pods each`,
  isLong: true,
  run,
};

const spaceOf = (at: number) => `bench-${at % SPACES}`;
const nameOf = (at: number) => `web-${at}`;

/** The metrics of all pods; usage lies at the target, and moves by a little when `moves`. */
interface Metrics {
  server: Server;
  caBundle: string;
  subjects: Map<string, Subject[]>;
  moves: boolean;
  requests: number;
}

async function serveMetrics(): Promise<Metrics> {
  const ca = createCa('bench-metrics');
  const { certPem: cert, keyPem: key } = issue({
    ca,
    commonName: 'metrics',
    usages: ['server'],
    sans: ['metrics.default.svc'],
  });
  const containerOf = () => {
    const shift = metrics.moves ? Math.floor(Date.now() / 1000 / SYNC_SECONDS) % 10 : 0;
    const at = Date.now();
    const usage = { at, window: 15_000, cpu: 0.05 + shift / 10_000, memoryBytes: 2 ** 26 };
    return { name: 'main', usage };
  };
  const source = {
    now: Date.now,
    subjects: (_resource: string, namespace: string) =>
      namespace ? (metrics.subjects.get(namespace) ?? []) : [...metrics.subjects.values()].flat(),
    usage: () => ({ at: Date.now(), window: 15_000, containers: [containerOf()] }),
  };
  const server = createServer({ cert, key }, ({ url = '/', method = 'GET' }, response) => {
    metrics.requests++;
    const { pathname: path, searchParams: query } = new URL(url, 'https://metrics');
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify(answer(source, { method, path, query, accept: '' })));
    } catch (error) {
      response.writeHead(404).end(errorText(error));
    }
  });
  const caBundle = Buffer.from(ca.certPem).toString('base64');
  const metrics: Metrics = { server, caBundle, subjects: new Map(), moves: false, requests: 0 };
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return metrics;
}

/** The API server dials no loopback address. */
function hostAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (!found) throw new Error('autoscalers: the host has no IPv4 address but loopback');
  return found.address;
}

async function register({ client }: Lab, { caBundle, server }: Metrics): Promise<void> {
  await client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics', namespace: 'default' },
    spec: { type: 'ExternalName', externalName: hostAddress() },
  });
  const { port } = server.address() as AddressInfo;
  await client.create(APISERVICES, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${VERSION}.${GROUP}` },
    spec: {
      group: GROUP,
      version: VERSION,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      caBundle,
      service: { namespace: 'default', name: 'metrics', port },
    },
  });
}

async function deploy({ client }: Lab, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < SPACES; at++) {
    const metadata = { name: spaceOf(at) };
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata, spec: {} });
  }
  await many(SCALER_COUNT, signal, (at) =>
    client.create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: nameOf(at), namespace: spaceOf(at) },
      spec: {
        replicas: PODS_EACH,
        selector: { matchLabels: { app: nameOf(at) } },
        template: {
          metadata: { labels: { app: nameOf(at) } } as never,
          spec: {
            containers: [
              {
                name: 'main',
                image: 'example.org/web:1',
                resources: { requests: { cpu: '100m' } },
              },
            ],
          },
        },
      },
    }),
  );
}

/** Plays the kubelets, and gives every pod metrics. */
async function runPods({ client }: Lab, metrics: Metrics, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { items } = await client.list(PODS);
    if (items.length === POD_COUNT) {
      await many(POD_COUNT, signal, async (at) => {
        const { name, namespace = '' } = items[at]!.metadata;
        const since = '2026-01-01T00:00:00Z';
        const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: since }];
        const status = { phase: 'Running', startTime: since, conditions };
        const options = { type: 'merge', subresource: 'status' } as const;
        await client.patch(PODS, { namespace, name }, { status }, options);
      });
      for (const { metadata } of items) {
        const { labels = {}, name, namespace = '' } = metadata;
        const known = metrics.subjects.get(namespace) ?? [];
        metrics.subjects.set(namespace, [...known, { name, namespace, labels }]);
      }
      return;
    }
    await sleep(clock, 500, signal);
  }
}

const scale = ({ client }: Lab, signal: AbortSignal): Promise<void> =>
  many(SCALER_COUNT, signal, (at) =>
    client.create(SCALERS, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: nameOf(at), namespace: spaceOf(at) },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: nameOf(at) },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
          },
        ],
      },
    }),
  );

/** Percent of a core that the manager and the API server take, and requests for metrics. */
async function spend(lab: Lab, manager: ChildProcess, metrics: Metrics, signal: AbortSignal) {
  const now = () =>
    [manager.pid!, lab.pid].map((pid) => {
      const usage = usageOf(pid);
      if (usage) return usage.cpuSeconds;
      throw new Error(readFileSync(join(lab.folder, `${MANAGER}.log`), 'utf8').slice(-2000));
    });
  const [before, began, asked] = [now(), performance.now(), metrics.requests];
  await sleep(clock, MEASURED_SECONDS * 1000, signal);
  const seconds = (performance.now() - began) / 1000;
  const [ours = 0, server = 0] = now().map((after, at) => ((after - before[at]!) / seconds) * 100);
  return { ours, server, requests: (metrics.requests - asked) / seconds };
}

type Spent = Awaited<ReturnType<typeof spend>>;

function rows(what: string, spent: Spent, idle: Spent): Measure[] {
  const [ours, server] = [spent.ours - idle.ours, spent.server - idle.server];
  const row = (name: string, value: number, unit: Measure['unit']): Measure => ({
    name: `${what}, ${name}`,
    value,
    unit,
  });
  return [
    row('of a core', ours + server, '%'),
    row('of it the controller manager', ours, '%'),
    row('of it the API server', server, '%'),
    row('requests for metrics', spent.requests, '/s'),
  ];
}

async function run(signal: AbortSignal): Promise<Measure[]> {
  const lab = await openLab(signal);
  const metrics = await serveMetrics();
  const flags = ['--leader-elect=false', '--secure-port=0'];
  let manager = startClient(lab, MANAGER, flags);
  try {
    await register(lab, metrics);
    await deploy(lab, signal);
    await runPods(lab, metrics, signal);
    await sleep(clock, REST_SECONDS * 1000, signal);
    const idle = await spend(lab, manager, metrics, signal);
    await scale(lab, signal);
    const others = process.env['MANAGERS']?.split(',') ?? [];
    const measures: Measure[] = [];
    for (const bundle of [undefined, ...others]) {
      if (bundle !== undefined) {
        await ended(manager);
        manager = startClient(lab, MANAGER, flags, bundle);
      }
      const of = bundle === undefined ? '' : `${bundle}: `;
      for (const moves of [false, true]) {
        metrics.moves = moves;
        await sleep(clock, REST_SECONDS * 1000, signal);
        const spent = await spend(lab, manager, metrics, signal);
        measures.push(...rows(`${of}metrics that ${moves ? 'move' : 'stay'}`, spent, idle));
      }
    }
    return measures;
  } finally {
    metrics.server.close().closeAllConnections();
    await ended(manager);
    await lab.stop();
  }
}
