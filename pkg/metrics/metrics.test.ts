import assert from 'node:assert/strict';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { StatusError } from '../apimachinery/errors/status-error.js';
import type { Node } from '../apis/core/v1/types.js';
import { answer, targetOf, type Source } from './answer.js';
import { runScraper } from './scrape.js';
import { parseSamples, type Sample } from './samples.js';
import { advance, usageOf, UsageStore } from './usage-store.js';

const AT = 1_700_000_000_000;
const MIB = 2 ** 20;

describe('scrapes', () => {
  it('take the word of a kubelet for its own pods alone', async () => {
    const env = virtualEnv();
    const store = new UsageStore(60_000);
    const stop = new AbortController();
    const series = (pod: string, cpu: number) =>
      `container_cpu_usage_seconds_total{container="a",namespace="ns",pod="${pod}"} ${cpu}\n` +
      `container_memory_working_set_bytes{container="a",namespace="ns",pod="${pod}"} 9\n`;
    let round = 0;
    const answers: Record<string, () => string> = {
      good: () => series('web', ++round),
      liar: () => series('web', 900 * round) + series('own', round) + series('nobody', round),
    };
    const ended = runScraper(
      {
        env,
        store,
        nodes: () => Object.keys(answers).map((name) => ({ metadata: { name } }) as Node),
        isOn: (node, pod) => ({ 'ns/web': 'good', 'ns/own': 'liar' })[pod] === node,
        read: ({ metadata: { name } }) => Promise.resolve(answers[name!]!()),
        periodMs: 60_000,
      },
      stop.signal,
    );
    for (let seconds = 0; seconds < 5; seconds++) await env.clock.advance(1_000);
    stop.abort();
    await ended.catch(() => {});
    assert.equal(store.get('ns/web')!.containers[0]!.usage.cpu, 1);
    assert.equal(store.get('ns/own')!.containers[0]!.usage.cpu, 1);
    assert.equal(store.get('ns/nobody'), undefined);
  });
});

describe('samples of a kubelet', () => {
  const text = `# HELP node_cpu_usage_seconds_total help
# TYPE node_cpu_usage_seconds_total counter
node_cpu_usage_seconds_total 90.5 ${AT}
node_memory_working_set_bytes 4.194304e+08 ${AT}
container_cpu_usage_seconds_total{container="a",namespace="ns",pod="p"} 4 ${AT}
container_memory_working_set_bytes{pod="p",container="a",namespace="ns"} 9 ${AT}
container_start_time_seconds{container="a",namespace="ns",pod="p"} 1.69999994e+09
container_cpu_usage_seconds_total{container="b",namespace="ns",pod="half"} 4 ${AT}
container_cpu_usage_seconds_total{container="c",namespace="ns",pod="late"} 4
container_memory_working_set_bytes{container="c",namespace="ns",pod="late"} 9
pod_cpu_usage_seconds_total{namespace="ns",pod="p"} 7 ${AT}
container_cpu_usage_seconds_total{container="x",namespace="ns",pod="odd"} NaN ${AT}
garbage
`;

  it('are read in any order of labels, and only where they are whole', () => {
    const found = parseSamples(text, AT + 5);
    assert.deepEqual(found.get('')!.get(''), {
      cpuSeconds: 90.5,
      memoryBytes: 419_430_400,
      at: AT,
    });
    assert.deepEqual([...found.keys()], ['', 'ns/p', 'ns/late']);
    assert.deepEqual(found.get('ns/p')!.get('a'), {
      cpuSeconds: 4,
      memoryBytes: 9,
      startedAt: AT - 60_000,
      at: AT,
    });
    assert.equal(found.get('ns/late')!.get('c')!.at, AT + 5);
  });

  it('of an empty answer are none', () => {
    assert.deepEqual(parseSamples('', AT), new Map());
  });
});

describe('the usage between two samples', () => {
  const sample = (seconds: number, cpuSeconds: number, startedAt?: number): Sample => ({
    at: AT + seconds * 1000,
    cpuSeconds,
    memoryBytes: MIB,
    ...(startedAt === undefined ? {} : { startedAt: AT + startedAt * 1000 }),
  });
  const after = (...samples: Sample[]) =>
    samples.reduce<ReturnType<typeof advance> | undefined>(
      (window, next) => advance(window, next, 15_000),
      undefined,
    )!;

  for (const [what, samples, cpu] of [
    ['needs two samples', [sample(0, 1)], undefined],
    ['is their difference over their time', [sample(0, 1), sample(10, 6)], 0.5],
    ['forgets older samples', [sample(0, 1), sample(10, 6), sample(20, 6)], 0],
    ['stays when a sample comes twice', [sample(0, 1), sample(10, 6), sample(10, 6)], 0.5],
    ['starts anew with the container', [sample(0, 9, -50), sample(15, 1, 13)], undefined],
    ['starts anew with a smaller counter', [sample(0, 9), sample(15, 1)], undefined],
    ['counts from the start of a young container', [sample(12, 6, 0)], 0.5],
    ['waits for a container that is too young', [sample(5, 6, 0)], undefined],
    ['waits for an old container of which nothing is known', [sample(50, 6, 0)], undefined],
  ] as const)
    it(what, () => assert.equal(usageOf(after(...samples))?.cpu, cpu));

  it('is kept by node and by pod, as long as kubelets report them', () => {
    const store = new UsageStore(15_000);
    const put = (node: string, seconds: number, ...pods: string[]) =>
      store.put(
        node,
        new Map([
          ['', new Map([['', sample(seconds, seconds)]])],
          ...pods.map(
            (pod) => [`ns/${pod}`, new Map([['c', sample(seconds, seconds / 2)]])] as const,
          ),
        ]),
        AT + seconds * 1000,
      );
    put('n1', 0, 'a', 'moves');
    assert.equal(store.hasNodes, false);
    put('n1', 15, 'a', 'moves');
    assert.ok(store.hasNodes);
    assert.equal(store.get('n1')?.containers[0]?.usage.cpu, 1);
    assert.equal(store.get('ns/a')?.containers[0]?.usage.cpu, 0.5);
    assert.equal(store.get('ns/a')?.window, 15_000);
    // A pod of the same name is on another node now; the old node forgets its own later.
    put('n2', 16, 'moves');
    put('n1', 30, 'a');
    put('n2', 31, 'moves');
    assert.equal(store.get('ns/moves')?.at, AT + 31_000);
    put('n1', 45);
    store.prune(new Set(['n1', 'n2']), AT);
    assert.equal(store.get('ns/a'), undefined);
    store.prune(new Set(['n1', 'n2']), AT + 40_000);
    assert.equal(store.get('n2'), undefined, 'silent');
    store.prune(new Set(), AT);
    for (const key of ['n1', 'n2', 'ns/moves']) assert.equal(store.get(key), undefined);
  });

  it('of a pod needs all of its containers', () => {
    const store = new UsageStore(15_000);
    const put = (seconds: number, ...names: string[]) => {
      const containers = new Map(names.map((name) => [name, sample(seconds, seconds)]));
      store.put('n', new Map([['ns/p', containers]]), AT);
    };
    put(0, 'a');
    put(15, 'a', 'b');
    assert.equal(store.get('ns/p'), undefined);
    put(30, 'a', 'b');
    assert.equal(store.get('ns/p')?.containers.length, 2);
  });
});

describe('metrics.k8s.io', () => {
  const usage = { at: AT, window: 15_043, cpu: 0.012345678, memoryBytes: 3 * 1024 };
  const subjects = {
    nodes: [{ name: 'n1', labels: { zone: 'a' } }, { name: 'silent' }],
    pods: [
      { name: 'p', namespace: 'ns', labels: { app: 'web' } },
      { name: 'q', namespace: 'other' },
      { name: 'unknown', namespace: 'ns' },
    ],
  };
  const source: Source = {
    now: () => AT,
    subjects: (resource, namespace) =>
      subjects[resource].filter(
        (one) => !namespace || (one as { namespace?: string }).namespace === namespace,
      ),
    usage: (key) =>
      /silent|unknown/.test(key)
        ? undefined
        : {
            ...usage,
            containers: (key === 'n1' ? [''] : ['a', 'b']).map((name) => ({ name, usage })),
          },
  };
  const ask = (url: string, accept = 'application/json', method = 'GET') => {
    const { pathname: path, searchParams: query } = new URL(url, 'https://x');
    return JSON.parse(JSON.stringify(answer(source, { method, path, query, accept }))) as never;
  };
  const base = '/apis/metrics.k8s.io/v1beta1';
  const names = (url: string) =>
    (ask(url)['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

  it('shows usage as the upstream server does', () => {
    assert.deepEqual(ask(`${base}/nodes/n1`), {
      kind: 'NodeMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name: 'n1', creationTimestamp: '2023-11-14T22:13:20Z', labels: { zone: 'a' } },
      timestamp: '2023-11-14T22:13:20Z',
      window: '15.043s',
      usage: { cpu: '12345678n', memory: '3Ki' },
    });
    const pod = ask(`${base}/namespaces/ns/pods/p`) as { containers: object[]; kind: string };
    assert.equal(pod.kind, 'PodMetrics');
    assert.deepEqual(pod.containers[1], { name: 'b', usage: { cpu: '12345678n', memory: '3Ki' } });
    const list = ask(`${base}/pods`) as { kind: string; metadata: object };
    assert.deepEqual([list.kind, list.metadata], ['PodMetricsList', {}]);
  });

  it('selects by namespace, labels and fields', () => {
    assert.deepEqual(names(`${base}/nodes`), ['n1']);
    assert.deepEqual(names(`${base}/nodes?labelSelector=zone%21%3Da`), []);
    assert.deepEqual(names(`${base}/pods`), ['p', 'q']);
    assert.deepEqual(names(`${base}/namespaces/ns/pods`), ['p']);
    assert.deepEqual(names(`${base}/pods?labelSelector=app%3Dweb`), ['p']);
    assert.deepEqual(names(`${base}/pods?fieldSelector=metadata.name%3Dq`), ['q']);
    assert.deepEqual(names(`${base}/pods?fieldSelector=metadata.namespace%21%3Dother`), ['p']);
  });

  it('answers tables', () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const table = ask(`${base}/namespaces/ns/pods`, accept) as {
      columnDefinitions: { name: string }[];
      rows: { cells: string[]; object: { kind: string } }[];
    };
    assert.deepEqual(
      table.columnDefinitions.map(({ name }) => name),
      ['Name', 'cpu', 'memory', 'Window'],
    );
    assert.deepEqual(table.rows[0]!.cells, ['p', '24691356n', '6Ki', '15.043s']);
    assert.equal(table.rows[0]!.object.kind, 'PartialObjectMetadata');
  });

  for (const [url, method, reason, message] of [
    [`${base}/nodes/silent`, 'GET', 'NotFound', /nodes.metrics.k8s.io "silent" not found/],
    [`${base}/namespaces/ns/pods/unknown`, 'GET', 'NotFound', /"ns\/unknown" not found/],
    [`${base}/namespaces/ns/pods/q`, 'GET', 'NotFound', /"ns\/q" not found/],
    [`${base}/pods?watch=true`, 'GET', 'MethodNotAllowed', /watch is not supported/],
    [`${base}/nodes/n1`, 'DELETE', 'MethodNotAllowed', /DELETE is not supported/],
    [`${base}/pods?labelSelector=a%3D%3D%3Db`, 'GET', 'BadRequest', /./],
    [`${base}/pods?fieldSelector=spec.nodeName%3Dn`, 'GET', 'BadRequest', /field label not supp/],
    [`${base}/pods/p`, 'GET', 'NotFound', /could not find/],
    [`${base}/namespaces/ns/nodes`, 'GET', 'NotFound', /could not find/],
    [`${base}/nodes/%E0%A4%A`, 'GET', 'BadRequest', /invalid URL escape/],
    ['/apis/metrics.k8s.io/v1', 'GET', 'NotFound', /could not find/],
  ] as const)
    it(`refuses ${method} ${url}`, () =>
      assert.throws(
        () => ask(url, 'application/json', method),
        (error) =>
          error instanceof StatusError && error.reason === reason && message.test(error.message),
      ));

  it('describes itself', () => {
    assert.deepEqual(
      (ask(base)['resources'] as { name: string }[]).map(({ name }) => name),
      ['nodes', 'pods'],
    );
    assert.equal(targetOf('/apis/metrics.k8s.io/v1beta1'), undefined);
  });
});
