// The cases are upstream's: TestGetResourceRequest and TestExtractResourceValue of
// pkg/api/v1/resource/helpers_test.go; TestPodRequestsAndLimits,
// TestPodRequestsAndLimitsWithoutOverhead, TestPodResourceRequests and TestPodResourceLimits of
// k8s.io/component-helpers/resource/helpers_test.go.
import assert from 'node:assert/strict';
import { parseQuantity } from '../apimachinery/quantity/quantity.js';
import type { Container, ContainerStatus, Pod, PodSpec } from '../apis/core/v1/types.js';
import {
  equalQuantities,
  extractResource,
  milliCpuOf,
  podLimits,
  podRequest,
  podRequests,
  type PodResourcesOptions,
  type Quantities,
  quantitiesOf,
} from './resources.js';

type List = Record<string, string>;

/** 'cpu=1 memory=5' as a resource list. */
const list = (text: string): List =>
  Object.fromEntries(
    text
      .split(' ')
      .filter(Boolean)
      .map((item) => item.split('=') as [string, string]),
  );

/** 'NAME: LIST', where '+' before the name makes it a sidecar. */
function containers(side: 'requests' | 'limits', texts: readonly string[] = []): Container[] {
  return texts.map((text) => {
    const [name, amounts] = text.split(':') as [string, string];
    return {
      name: name.replace('+', ''),
      ...(name.startsWith('+') ? { restartPolicy: 'Always' } : {}),
      resources: { [side]: list(amounts) },
    };
  });
}

interface Case {
  title: string;
  init?: string[];
  run?: string[];
  overhead?: string;
  options?: PodResourcesOptions;
  /** NAME: what the runtime has set, and what is allocated. */
  set?: Record<string, [resources: string, allocated?: string]>;
  infeasible?: true;
  want: string;
}

function podOf(side: 'requests' | 'limits', { init, run, overhead, set, infeasible }: Case): Pod {
  const statuses = Object.entries(set ?? {}).map(([name, [resources, allocated]]) => ({
    name,
    resources: { [side]: list(resources) },
    ...(allocated ? { allocatedResources: list(allocated) } : {}),
  })) as unknown as ContainerStatus[];
  const sidecars = new Set((init ?? []).map((text) => text.split(':')[0]!.replace('+', '')));
  return {
    metadata: { name: 'p' },
    spec: {
      containers: containers(side, run),
      ...(init ? { initContainers: containers(side, init) } : {}),
      ...(overhead ? { overhead: list(overhead) } : {}),
    },
    status: {
      containerStatuses: statuses.filter(({ name }) => !sidecars.has(name)),
      initContainerStatuses: statuses.filter(({ name }) => sidecars.has(name)),
      ...(infeasible ? { resize: 'Infeasible' } : {}),
    },
  } as Pod;
}

const text = (amounts: Quantities): List =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount.toString()]));

/** Compares amounts, not texts. */
function same(got: Quantities, want: string): void {
  const wanted = text(quantitiesOf(list(want)));
  assert.deepEqual(Object.keys(got).toSorted(), Object.keys(wanted).toSorted());
  for (const [name, amount] of Object.entries(got))
    assert.ok(
      amount.equals(parseQuantity(wanted[name]!)),
      `${name}: ${amount.toString()}, not ${wanted[name]}`,
    );
}

const STATUS = { useStatus: true };
const BARE = { excludeOverhead: true };

/** Cases that give the same for requests and for limits. */
const BOTH: Case[] = [
  { title: 'a larger init container', init: ['i: cpu=4'], run: ['c: cpu=1'], want: 'cpu=4' },
  { title: 'larger containers', init: ['i: cpu=2'], run: ['c: cpu=2', 'd: cpu=3'], want: 'cpu=5' },
  {
    title: 'an excluded overhead',
    options: BARE,
    overhead: 'cpu=1',
    init: ['i: cpu=2'],
    run: ['c: cpu=2', 'd: cpu=3'],
    want: 'cpu=5',
  },
  {
    title: 'containers of several resources',
    options: BARE,
    run: ['c: cpu=1 memory=5', 'd: cpu=4 memory=12'],
    overhead: 'cpu=3 memory=8',
    want: 'cpu=5 memory=17',
  },
  {
    title: 'an init container larger than the containers',
    options: BARE,
    run: ['c: cpu=1 memory=5', 'd: cpu=4 memory=12'],
    init: ['i: cpu=1 memory=5', 'j: cpu=40 memory=120'],
    overhead: 'cpu=3 memory=8',
    want: 'cpu=40 memory=120',
  },
  { title: 'a container that sets nothing', run: ['c:'], want: '' },
  {
    title: 'a container beside one that sets nothing',
    run: ['c: cpu=2 memory=2Gi', 'd:'],
    want: 'cpu=2 memory=2Gi',
  },
  {
    title: 'an init container beside one that sets nothing',
    init: ['i: cpu=2 memory=2Gi', 'j:'],
    run: ['c: cpu=1 memory=1Gi'],
    want: 'cpu=2 memory=2Gi',
  },
  { title: 'a sidecar', init: ['+s: cpu=1'], run: ['c: cpu=1'], want: 'cpu=2' },
  {
    title: 'sidecars after an init container',
    init: ['i: cpu=5', '+r: cpu=1', '+s: cpu=2', '+t: cpu=3'],
    run: ['c: cpu=1'],
    want: 'cpu=7',
  },
  {
    title: 'sidecars around an init container',
    init: ['i: cpu=5', '+r: cpu=1', '+s: cpu=2', 'j: cpu=5', '+t: cpu=3'],
    run: ['c: cpu=1'],
    want: 'cpu=8',
  },
  {
    title: 'a sidecar before an init container',
    init: ['+s: cpu=10', 'i: cpu=200'],
    run: ['c: cpu=100'],
    want: 'cpu=210',
  },
  // Our own cases from here to the resizes.
  {
    title: 'a sidecar before a slightly larger init container',
    init: ['+s: cpu=100m', 'i: cpu=150m'],
    run: ['c: cpu=100m'],
    want: 'cpu=250m',
  },
  {
    title: 'a sidecar after an init container',
    init: ['i: cpu=300m', '+s: cpu=100m'],
    run: ['c: cpu=100m'],
    want: 'cpu=300m',
  },
  {
    title: 'different peaks by resource',
    init: ['i: cpu=1 example.com/gpu=3', '+s: memory=1Gi'],
    run: ['c: cpu=2 memory=1Gi example.com/gpu=1'],
    want: 'cpu=2 memory=2Gi example.com/gpu=3',
  },
  {
    title: 'a resize upwards',
    options: STATUS,
    run: ['c: cpu=4'],
    set: { c: ['cpu=2'] },
    want: 'cpu=4',
  },
  {
    title: 'a resize downwards',
    options: STATUS,
    run: ['c: cpu=1'],
    set: { c: ['cpu=2'] },
    want: 'cpu=2',
  },
  {
    title: 'a resize when the status is not used',
    run: ['c: cpu=1'],
    set: { c: ['cpu=2'] },
    want: 'cpu=1',
  },
  {
    title: 'an infeasible resize',
    options: STATUS,
    infeasible: true,
    run: ['c: cpu=4'],
    set: { c: ['cpu=2'] },
    want: 'cpu=2',
  },
  {
    title: 'an infeasible resize when the status is not used',
    infeasible: true,
    run: ['c: cpu=4'],
    set: { c: ['cpu=2'] },
    want: 'cpu=4',
  },
  {
    title: 'an infeasible resize of a sidecar',
    options: STATUS,
    infeasible: true,
    init: ['+s: cpu=4'],
    set: { s: ['cpu=2'] },
    want: 'cpu=2',
  },
  {
    title: 'a resize of a sidecar downwards',
    options: STATUS,
    init: ['+s: memory=1Gi'],
    set: { s: ['memory=2Gi'] },
    want: 'memory=2Gi',
  },
];

const REQUESTS: Case[] = [
  { title: 'overhead alone', run: ['c:'], overhead: 'cpu=5 memory=5', want: 'cpu=5 memory=5' },
  {
    title: 'overhead of another resource',
    run: ['c: cpu=2', 'd: cpu=3'],
    overhead: 'cpu=1 memory=1Gi',
    want: 'cpu=6 memory=1Gi',
  },
  {
    title: 'an infeasible resize after another in progress',
    options: STATUS,
    infeasible: true,
    run: ['c: cpu=6'],
    set: { c: ['cpu=2', 'cpu=4'] },
    want: 'cpu=4',
  },
  {
    title: 'the largest of spec, set and allocated',
    options: STATUS,
    run: ['c: cpu=30m memory=20M ephemeral-storage=10G'],
    set: {
      c: ['cpu=10m memory=30M ephemeral-storage=20G', 'cpu=20m memory=10M ephemeral-storage=30G'],
    },
    want: 'cpu=30m memory=30M ephemeral-storage=30G',
  },
  {
    title: 'defaults where a request is missing, not where it is zero',
    options: { nonMissing: quantitiesOf({ cpu: '100m', memory: '200Mi' }) },
    init: ['+s: memory=0'],
    run: ['c: cpu=0', 'd: memory=1Mi'],
    want: 'cpu=200m memory=201Mi',
  },
];

const LIMITS: Case[] = [
  { title: 'overhead alone', run: ['c:'], overhead: 'cpu=5 memory=5', want: '' },
  {
    title: 'overhead of another resource',
    run: ['c: cpu=2', 'd: cpu=3'],
    overhead: 'cpu=1 memory=1Gi',
    want: 'cpu=6',
  },
];

describe('pod resources', () => {
  for (const entry of [...BOTH, ...REQUESTS])
    it(`adds up the requests of ${entry.title}`, () =>
      same(podRequests(podOf('requests', entry), entry.options), entry.want));
  for (const entry of [...BOTH, ...LIMITS])
    it(`adds up the limits of ${entry.title}`, () =>
      same(podLimits(podOf('limits', entry), entry.options), entry.want));

  it('is exact beyond 2^53', () => {
    const amounts = podRequests(
      podOf('requests', {
        title: '',
        run: ['c: memory=9007199254740993 cpu=1n', 'd: memory=9007199254740993 cpu=1n'],
        want: '',
      }),
    );
    assert.equal(amounts['memory']!.valueBigInt(), 18_014_398_509_481_986n);
    // Rounded up once, after the sum.
    assert.equal(milliCpuOf(amounts), 1);
  });

  it('changes neither the pod nor the options', () => {
    const nonMissing = quantitiesOf({ cpu: '100m' });
    const pod = podOf('requests', {
      title: '',
      init: ['+s: cpu=1', 'i: memory=1'],
      run: ['c: memory=1'],
      overhead: 'cpu=1',
      want: '',
    });
    const before = JSON.stringify(pod);
    podRequests(pod, { nonMissing });
    same(podRequests(pod, { nonMissing }), 'cpu=2100m memory=1');
    assert.equal(JSON.stringify(pod), before);
    assert.deepEqual(text(nonMissing), { cpu: '100m' });
  });

  const one: [requests: string, overhead: string, name: string, want: number][] = [
    ['cpu=9', '', 'cpu', 9],
    ['memory=90Mi', '', 'memory', 94_371_840],
    ['', 'cpu=5 memory=5', 'cpu', 0],
    ['', 'memory=5', 'memory', 0],
    ['cpu=2', 'cpu=5 memory=5', 'cpu', 7],
    ['cpu=2 memory=1024', 'cpu=5 memory=5', 'memory', 1029],
  ];
  for (const [requests, overhead, name, want] of one)
    it(`requests ${want} of ${name} for '${requests}' with an overhead of '${overhead}'`, () => {
      const pod = podOf('requests', { title: '', run: [`c:${requests}`], overhead, want: '' });
      assert.equal(podRequest(pod, name).value(), want);
    });
});

describe('equalQuantities', () => {
  const cases: [a: string, b: string, equal: boolean][] = [
    ['', '', true],
    ['cpu=100m memory=1Gi', 'memory=1073741824 cpu=0.1', true],
    ['cpu=100m', 'cpu=101m', false],
    ['cpu=100m', 'memory=100m', false],
    ['cpu=100m', 'cpu=100m memory=0', false],
    ['cpu=100m memory=0', 'cpu=100m', false],
  ];
  for (const [a, b, equal] of cases)
    it(`'${a}' and '${b}' ${equal ? 'are equal' : 'differ'}`, () =>
      assert.equal(equalQuantities(quantitiesOf(list(a)), quantitiesOf(list(b))), equal));
});

describe('extractResource', () => {
  const cases: [
    resource: string,
    resources: PodSpec['resources'],
    divisor: string,
    want: string,
  ][] = [
    ['limits.cpu', { limits: { cpu: '9' } }, '', '9'],
    ['requests.cpu', {}, '', '0'],
    ['requests.cpu', { requests: { cpu: '8' } }, '', '8'],
    ['requests.cpu', { requests: { cpu: '100m' } }, '', '1'],
    ['requests.cpu', { requests: { cpu: '1200m' } }, '100m', '12'],
    ['requests.memory', { requests: { memory: '100Mi' } }, '', '104857600'],
    ['requests.memory', { requests: { memory: '100Mi' }, limits: { memory: '1Gi' } }, '1Mi', '100'],
    [
      'limits.memory',
      { requests: { memory: '10Mi' }, limits: { memory: '100Mi' } },
      '',
      '104857600',
    ],
    ['limits.memory', { limits: { memory: '9007199254740993' } }, '', '9007199254740993'],
    ['limits.ephemeral-storage', {}, '1Gi', '8'],
    ['limits.hugepages-2Mi', { limits: { 'hugepages-2Mi': '4Mi' } }, '0', '4194304'],
  ];
  for (const [resource, resources, divisor, want] of cases)
    it(`gives ${want} for ${resource} of ${JSON.stringify(resources)} in '${divisor}'`, () =>
      assert.equal(
        extractResource(
          { name: 'c', resources: resources! },
          { resource, ...(divisor ? { divisor } : {}) },
          { 'ephemeral-storage': '8Gi' },
        ),
        want,
      ));

  it('refuses other resources', () =>
    assert.throws(
      () => extractResource({ name: 'c' }, { resource: 'limits.example.com/gpu' }),
      /unsupported container resource : limits\.example\.com\/gpu/,
    ));
});
