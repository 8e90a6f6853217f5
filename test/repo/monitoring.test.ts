// manifests/monitoring names only metrics and labels that the programs of a cluster serve.
// Prometheus' files are no objects of the API, so that no test applies them to a cluster: this law,
// and promtool where Debian's package prometheus is installed, take its place.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/root.js';
import { expressions, jobs, MONITORING, panels, rules, selectorsOf } from '../support/promql.js';
import { files, read } from './tree.js';

interface Served {
  kind?: string;
  /** Absent: not in a table. */
  labels?: readonly string[];
}

/** etcd's own metrics; test/integration/metrics/monitoring.test.ts asks etcd for them. */
const FOREIGN = /^(etcd|grpc)_/;
/** Prometheus' own, for every target. */
const OF_PROMETHEUS = 'up';
/** Prometheus adds the first two, targets.mjs the third, and a histogram has the last. */
const OF_EVERY_SERIES = ['job', 'instance', 'node', 'le'];

type Row = readonly [kind: string, name: string, help: string, labels?: readonly string[]];

async function tables(pattern: RegExp): Promise<[string, unknown][]> {
  const modules = files(pattern).map(
    (file) => import(pathToFileURL(join(ROOT, 'build', file.replace(/ts$/, 'js'))).href),
  );
  return (await Promise.all(modules)).flatMap((module) =>
    Object.entries(module as Record<string, unknown>),
  );
}

/** Metrics that the code names itself: a first argument, a constant, a row of such names. */
function inCode(): string[] {
  const sources = files(/^(pkg|cmd)\/.*\.ts$/).filter(
    (file) => !/\.(test|generated)\.ts$/.test(file),
  );
  const all = sources
    .map(read)
    .filter((code) => /\.(counter|gauge|histogram)\(|# TYPE /.test(code));
  const named = (code: string) => [
    ...code.matchAll(/\.(?:counter|gauge|histogram)\(\s*'(\w+)'/g),
    ...code.matchAll(/\bconst \w+ = '([a-z]+(?:_[a-z]+){2,})'/g),
    ...code.matchAll(/^ +(?:client|server): '(\w+_renew_errors)'/gm),
  ];
  return all.flatMap((code) => named(code).map(([, name]) => name!));
}

/** Names that the code puts together. */
function joined(): string[] {
  const prober = read('pkg/flannel/network/path-prober.ts');
  assert.ok(prober.includes('`flannel_peer_${name}`'));
  const peers = [...prober.matchAll(/^ +\['(\w+)', '/gm)].map(([, name]) => `flannel_peer_${name}`);
  assert.ok(read('cmd/flanneld/run.ts').includes('`flannel_tun_${name}`'));
  const [, counters] = /#define EACH_COUNTER\(ONE\)((?:.*\\\n)*.*)/.exec(
    read('pkg/system/native/flannel-tun/tun.h'),
  )!;
  const tunnel = [...counters!.matchAll(/ONE\((\w+)\)/g)].map(([, name]) => `flannel_tun_${name}`);
  assert.ok(peers.length === 3 && tunnel.length > 10);
  return [...peers, ...tunnel];
}

async function served(): Promise<Map<string, Served>> {
  const found = new Map<string, Served>();
  for (const name of [...inCode(), ...joined()]) found.set(name, {});
  for (const [, table] of await tables(/^(pkg|cmd)\/.*metrics\.generated\.ts$/))
    for (const [kind, name, , labels = []] of Object.values(table as Record<string, Row>))
      found.set(name, { kind, labels });
  const usage = (await tables(/^pkg\/kubelet\/stats\/tables\.generated\.ts$/)).filter(([table]) =>
    table.endsWith('_ROWS'),
  );
  for (const [table, rows] of usage)
    for (const [name, kind] of rows as [string, string][])
      for (const subject of table === 'RESOURCE_ROWS'
        ? ['node', 'pod', 'container']
        : ['container'])
        found.set(`${subject}_${name}`, { kind });
  const machine = read('pkg/kubelet/stats/cadvisor-metrics.ts').matchAll(/^ +machine\('(\w+)'/gm);
  for (const [, name] of machine) found.set(`machine_${name}`, { kind: 'gauge' });
  return found;
}

/** The metric of a series: a histogram's series end with these words. */
function metricOf(series: string, all: ReadonlyMap<string, Served>): Served | undefined {
  const own = all.get(series);
  if (own && own.kind !== 'histogram') return own;
  const of = all.get(series.replace(/_(bucket|sum|count)$/, ''));
  return of === own || (of?.kind ?? 'histogram') !== 'histogram' ? undefined : of;
}

describe('monitoring', () => {
  const recorded = new Set(rules().flatMap(({ record }) => record ?? []));
  const selectors = expressions().flatMap(selectorsOf);
  let all: Map<string, Served>;

  before(async () => {
    all = await served();
  });

  it('finds the metrics of an expression', () => {
    const text =
      'sum by (le, job) (rate(a_bucket{x="}(b)",y=~"c"}[5m])) / on (node) group_left d:e > 1 unless f offset 5m';
    assert.deepEqual(selectorsOf(text), [
      { metric: 'a_bucket', labels: { x: '}(b)', y: 'c' } },
      { metric: 'd:e', labels: {} },
      { metric: 'f', labels: {} },
    ]);
    assert.ok(all.size > 130, `${all.size} metrics`);
    for (const wrong of ['node_load1', 'kubelet_running_pods_sum', 'apiserver_request', 'resource'])
      assert.equal(metricOf(wrong, all), undefined, wrong);
    assert.equal(metricOf('kubelet_pod_start_duration_seconds', all), undefined);
  });

  it('reads metrics that the programs serve', () => {
    const unknown = selectors
      .map(({ metric }) => metric)
      .filter((name) => name !== OF_PROMETHEUS && !recorded.has(name) && !FOREIGN.test(name))
      .filter((name) => !metricOf(name, all));
    assert.deepEqual([...new Set(unknown)], []);
    assert.ok(selectors.length > 100, `${selectors.length} selectors`);
  });

  it('selects by labels that the metrics have, and by jobs that are scraped', () => {
    const wrong = selectors.flatMap(({ metric, labels }) => {
      const known = metricOf(metric, all)?.labels;
      return Object.keys(labels)
        .filter((label) => known && ![...known, ...OF_EVERY_SERIES].includes(label))
        .map((label) => `${metric}{${label}}`);
    });
    assert.deepEqual(wrong, []);
    const selected = selectors.flatMap(({ labels }) => labels['job'] ?? []);
    const scraped = jobs();
    assert.deepEqual([...new Set(selected)].sort(), scraped.toSorted());
  });

  it('says of each alert how bad it is, and which manual helps', () => {
    const alerts = rules().filter(({ alert }) => alert);
    assert.ok(alerts.length > 30);
    const poor = alerts.filter(
      ({ labels, annotations }) =>
        !/^(warning|critical)$/.test(labels?.['severity'] ?? '') ||
        !annotations?.['summary'] ||
        !existsSync(join(ROOT, annotations['runbook'] ?? 'none')),
    );
    assert.deepEqual(poor, []);
  });

  it('draws panels that do not overlap, each with a query', () => {
    const shown = panels().filter(({ type }) => type !== 'row');
    assert.ok(shown.length > 15);
    assert.equal(new Set(panels().map(({ id }) => id)).size, panels().length);
    assert.deepEqual(
      shown.filter(({ targets = [] }) => !targets.length),
      [],
    );
    const cells = panels().flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    assert.ok(panels().every(({ gridPos: { x, w } }) => x + w <= 24));
  });

  if (existsSync('/usr/bin/promtool'))
    it('satisfies promtool', () => {
      for (const [kind, file] of [
        ['rules', 'rules.yaml'],
        ['config --syntax-only', 'prometheus.yaml'],
      ] as const)
        execFileSync('promtool', [
          'check',
          ...kind.split(' '),
          join(MONITORING, 'prometheus', file),
        ]);
    });
});
