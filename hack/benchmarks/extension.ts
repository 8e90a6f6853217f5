// Custom resources beside config maps of the same size, in turns: writes with defaults and rules,
// reads, watches; the start with many definitions; expressions; one webhook.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACES } from '../../pkg/apis/resource-types.js';
import { DYN } from '../../pkg/cel/checker/types.js';
import { checkKubernetes, kubernetesEnvironment } from '../../pkg/cel/kubernetes/environment.js';
import { createProgram } from '../../pkg/cel/program/program.js';
import { usageOf } from '../cluster/processes.js';
import { load } from './apiserver.js';
import { openLab, type Lab } from './apiserver-lab.js';
import { gather, WATCHERS } from './crowd.js';
import { quantile, type Benchmark, type Measure } from './measure.js';
import { webhooks } from './webhook-lab.js';

const GROUP = 'bench.example.com';
const NAMESPACE = 'bench-extension';
const ROUNDS = 5;
const WRITES = 2_000;
const READS = 10_000;
const LISTS = 60;
const LISTED = 1_000;
const DELIVERED = 300;
const FIRST_OBJECTS = 20;
const DEFINITIONS = 500;
const DEFINITION_BYTES = 20_000;
const CREATORS = 8;
const LONGEST_MS = 60_000;
const PEER = 'kube-apiserver 1.32';
const DEFINITIONS_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const JSON_BODY = ['content-type: application/json'];

export const extension: Benchmark = {
  name: 'extension',
  about: 'custom resources beside config maps, 500 definitions, expressions, a webhook',
  run,
};

const isWanted = (phase: string): boolean =>
  !process.env['PHASES'] || process.env['PHASES'].split(',').includes(phase);

async function run(signal: AbortSignal): Promise<Measure[]> {
  const measures: Measure[] = isWanted('cel') ? expressions() : [];
  const lab = await openLab(signal);
  try {
    const metadata = { name: NAMESPACE };
    await lab.client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec: {},
    });
    if (isWanted('first')) measures.push(await firstObjects(lab));
    if (isWanted('create') || isWanted('read') || isWanted('watch'))
      measures.push(...(await besideConfigMaps(lab, signal)));
    if (isWanted('webhook'))
      measures.push(...(await webhooks(lab, (request) => load(lab, signal, request))));
    if (isWanted('many')) measures.push(...(await manyDefinitions(lab, signal)));
    return measures;
  } finally {
    await lab.stop();
  }
}

const definition = (plural: string, group: string, schema: object): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural, kind: `K${plural}` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema } } },
      },
    ],
  },
});

/** Four defaults, and three rules that every write evaluates. */
const SCHEMA = {
  type: 'object',
  required: ['ports'],
  properties: {
    replicas: { type: 'integer', minimum: 0, default: 1 },
    image: { type: 'string', maxLength: 200, default: 'nginx' },
    mode: { type: 'string', enum: ['A', 'B'], default: 'A' },
    note: { type: 'string', maxLength: 2000 },
    ports: {
      type: 'array',
      maxItems: 10,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 20 },
          port: { type: 'integer', default: 80 },
        },
      },
    },
  },
  'x-kubernetes-validations': [
    { rule: 'self.replicas <= 5', message: 'too many replicas' },
    { rule: "self.image.startsWith('ng')" },
    { rule: 'self.ports.all(p, p.port > 0)' },
  ],
};

const NOTE = 'n'.repeat(500);
const metadata = { generateName: 'o-' };
const BODIES = {
  'config map': {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { a: 'b', c: 'd', note: NOTE },
  },
  'custom resource': {
    apiVersion: `${GROUP}/v1`,
    kind: 'Kkwidgets',
    metadata,
    spec: { replicas: 3, note: NOTE, ports: [{ name: 'a', port: 1 }, { name: 'b' }] },
  },
};
type Kind = keyof typeof BODIES;
const PATHS: Record<Kind, string> = {
  'config map': `/api/v1/namespaces/${NAMESPACE}/configmaps`,
  'custom resource': `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/kwidgets`,
};
const KINDS = Object.keys(BODIES) as Kind[];

async function send(lab: Lab, path: string, body: object): Promise<{ metadata: { name: string } }> {
  const answer = await lab.client.raw('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${Buffer.from(answer.body).toString()}`);
  return JSON.parse(Buffer.from(answer.body).toString()) as { metadata: { name: string } };
}

/** Resolves with milliseconds until an object of the new kind was created. */
async function firstObject(lab: Lab, at: number): Promise<number> {
  const plural = `firsts${at}`;
  const began = performance.now();
  await send(lab, DEFINITIONS_PATH, definition(plural, GROUP, SCHEMA));
  const path = `/apis/${GROUP}/v1/namespaces/${NAMESPACE}/${plural}`;
  const body = { ...BODIES['custom resource'], kind: `K${plural}` };
  while (!(await send(lab, path, body).catch(() => undefined)))
    if (performance.now() - began > LONGEST_MS) throw new Error(`${plural} is not served`);
  return performance.now() - began;
}

async function firstObjects(lab: Lab): Promise<Measure> {
  const times: number[] = [];
  for (let at = 0; at < FIRST_OBJECTS; at++) times.push(await firstObject(lab, at));
  return {
    name: 'definition created to first object created, median',
    value: quantile(times, 0.5),
    unit: 'ms',
    peer: { name: PEER, value: 2500 },
  };
}

/** Medians of each kind's results; the kinds take turns, and a first round warms up. */
async function turns(work: (kind: Kind) => Promise<number>): Promise<Record<Kind, number>> {
  const results: Record<Kind, number[]> = { 'config map': [], 'custom resource': [] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const kind of KINDS) {
      const result = await work(kind);
      if (round > 0) results[kind].push(result);
    }
  const median = (kind: Kind) => quantile(results[kind], 0.5);
  return { 'config map': median('config map'), 'custom resource': median('custom resource') };
}

const beside = (name: string, medians: Record<Kind, number>): Measure => ({
  name: `${name} custom resource, server CPU`,
  value: medians['custom resource'],
  unit: 'us',
  peer: { name: 'config map', value: medians['config map'] },
});

async function besideConfigMaps(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const measures: Measure[] = [];
  await send(lab, DEFINITIONS_PATH, definition('kwidgets', GROUP, SCHEMA));
  const body = (kind: Kind): string => join(lab.folder, `${kind.replace(' ', '-')}.json`);
  const targets = {} as Record<Kind, string>;
  let bytes = 0;
  // The custom resource comes first; the config map's note fills the difference as stored.
  for (const kind of [...KINDS].reverse()) {
    const make = async (padding: number) => {
      const text = JSON.stringify(BODIES[kind]).replace(NOTE, NOTE + 'p'.repeat(padding));
      writeFileSync(body(kind), text);
      const made = await send(lab, PATHS[kind], JSON.parse(text) as object);
      targets[kind] = made.metadata.name;
      return JSON.stringify(made).length;
    };
    const first = await make(0);
    if (bytes) await make(Math.max(bytes - first, 0));
    bytes = first;
  }
  const cpu = async (
    phase: string,
    kind: Kind,
    count: number,
    more: { path?: string; streams?: number; body?: string },
  ) =>
    (
      await load(lab, signal, {
        phase: `${phase}-${kind}`,
        path: PATHS[kind],
        count,
        connections: 4,
        streams: 8,
        ...(more.body && { headers: JSON_BODY }),
        ...more,
      })
    ).cpuUs;
  const create = (kind: Kind, count: number) => cpu('create', kind, count, { body: body(kind) });
  if (isWanted('create'))
    measures.push(
      beside(
        'CREATE with four defaults and three rules:',
        await turns((kind) => create(kind, WRITES)),
      ),
    );
  if (isWanted('read')) {
    for (const kind of KINDS) await create(kind, LISTED);
    measures.push(
      beside(
        'GET',
        await turns((kind) => cpu('get', kind, READS, { path: `${PATHS[kind]}/${targets[kind]}` })),
      ),
      beside(
        `LIST ${LISTED} of`,
        await turns((kind) =>
          cpu('list', kind, LISTS, { path: `${PATHS[kind]}?limit=${LISTED}`, streams: 1 }),
        ),
      ),
    );
  }
  if (isWanted('watch'))
    measures.push(
      beside(
        'watch event of a',
        await turns((kind) => delivered(lab, kind, () => create(kind, DELIVERED))),
      ),
    );
  return measures;
}

/**
 * CPU microseconds of the server for an event to one of many watchers: that of the writes with
 * watchers, minus that of the same writes without. `work` resolves with the latter.
 */
async function delivered(lab: Lab, kind: Kind, work: () => Promise<number>): Promise<number> {
  const writeUs = await work();
  const { body } = await lab.client.raw('GET', `${PATHS[kind]}?limit=1`);
  const list = JSON.parse(Buffer.from(body).toString()) as {
    metadata: { resourceVersion: string };
  };
  const path = `${PATHS[kind]}?watch=true&resourceVersion=${list.metadata.resourceVersion}`;
  const crowd = await gather(lab.port, path, join(lab.folder, 'ca.crt'));
  try {
    const before = usageOf(lab.pid)!.cpuSeconds;
    await crowd.delivered(DELIVERED, work);
    const cpuUs = (usageOf(lab.pid)!.cpuSeconds - before) * 1e6;
    return (cpuUs - DELIVERED * writeUs) / (WATCHERS * DELIVERED);
  } finally {
    await crowd.end();
  }
}

/** A schema of the size of a large operator's: objects in objects, with descriptions. */
function largeSchema(seed: number): object {
  const leaf = (at: number): object => ({
    type: 'string',
    description: `The field ${at} of the definition ${seed}, with a text of the usual length.`,
  });
  const fields = (count: number, of: (at: number) => object): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, of(at)]));
  const part = (at: number): object => ({
    type: 'object',
    description: `Part ${at}.`,
    properties: fields(8, leaf),
  });
  const one = JSON.stringify(part(0)).length;
  return { type: 'object', properties: fields(Math.round(DEFINITION_BYTES / one), part) };
}

async function manyDefinitions(lab: Lab, signal: AbortSignal): Promise<Measure[]> {
  const megabytes = async (): Promise<number> => {
    for (const document of ['/apis', '/openapi/v3', '/openapi/v2'])
      await lab.client.raw('GET', document);
    await load(lab, signal, { ...reads, count: READS });
    return usageOf(lab.pid)!.rssBytes / 1e6;
  };
  const reads = {
    phase: 'many',
    path: `/api/v1/namespaces/${NAMESPACE}`,
    connections: 4,
    streams: 4,
  };
  await lab.restart();
  const before = await megabytes();
  let next = 0;
  const cpuBefore = usageOf(lab.pid)!.cpuSeconds;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CREATORS }, async () => {
      for (let at = next++; at < DEFINITIONS; at = next++)
        await send(
          lab,
          DEFINITIONS_PATH,
          definition(`many${at}s`, `g${at}.example.com`, largeSchema(at)),
        );
    }),
  );
  const createMs = performance.now() - began;
  const createCpu = usageOf(lab.pid)!.cpuSeconds - cpuBefore;
  const readyMs = await lab.restart();
  const opened = performance.now();
  const traffic = load(lab, signal, { ...reads, count: READS });
  let served = 0;
  while (served < DEFINITIONS) {
    if (performance.now() - opened > LONGEST_MS) throw new Error(`only ${served} kinds are served`);
    const path = `/apis/g${served}.example.com/v1/many${served}s`;
    if ((await lab.client.raw('GET', path)).status === 200) served++;
  }
  const servedMs = performance.now() - opened;
  const servedCpu = usageOf(lab.pid)!.cpuSeconds;
  const { rate } = await traffic;
  const after = await megabytes();
  const about = `${DEFINITIONS} definitions of ${DEFINITION_BYTES / 1000} KB`;
  return [
    { name: `${about}, created`, value: createMs / 1000, unit: 's' },
    { name: `${about}, server CPU of one`, value: (createCpu / DEFINITIONS) * 1e3, unit: 'ms' },
    { name: `${about}, start to ready`, value: readyMs / 1000, unit: 's' },
    { name: `${about}, start to all served`, value: (readyMs + servedMs) / 1000, unit: 's' },
    { name: `${about}, server CPU until then, with other requests`, value: servedCpu, unit: 's' },
    { name: `${about}, other requests meanwhile`, value: rate, unit: '/s' },
    { name: `${about}, memory more than without`, value: after - before, unit: 'MB' },
  ];
}

/** Evaluations a second on one core, with costs counted. */
function expressions(): Measure[] {
  const text = 'object.spec.replicas <= 5 && object.metadata.name.startsWith("a")';
  const program = createProgram(checkKubernetes(text, kubernetesEnvironment({ object: DYN })));
  const input = { object: { spec: { replicas: 3 }, metadata: { name: 'abc', namespace: 'd' } } };
  const COUNT = 1_000_000;
  const rates = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let at = 0; at < COUNT; at++) program.evaluate(input);
    const { user, system } = process.cpuUsage(before);
    return COUNT / ((user + system) / 1e6);
  });
  return [
    { name: 'CEL, two comparisons with costs, per core', value: quantile(rates, 0.5), unit: '/s' },
  ];
}
