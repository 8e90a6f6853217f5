// The layer law: imports point down only and pure layers stay pure. The reasons are in
// test/repo/layers.yaml.
import assert from 'node:assert/strict';
import { builtinModules } from 'node:module';
import { COMMANDS, FLOORS, LAYERS, whyNot } from './layers.js';
import { files, importsOf, isGenerated, read } from './tree.js';

const sources = files(/^(pkg|cmd|packages|hack|test)\/.*\.tsx?$/);
const layerOf = (path: string): string | undefined => /^pkg\/([^/]+)\//.exec(path)?.[1];
/** Folder or file directly inside a component: 'pod' of pkg/kubelet/pod/plan.ts. */
const memberOf = (path: string): string | undefined => /^pkg\/[^/]+\/([^/]+)/.exec(path)?.[1];
const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** npm packages that work without Node. */
const PURE_PACKAGES = new Set(['yaml', 'ajv', 're2js', 'croner', 'lru-cache']);

describe('layers', () => {
  it('lists every folder of pkg', () => {
    const folders = new Set(sources.map(layerOf).filter((l) => l !== undefined));
    assert.deepEqual(
      [...folders].sort(),
      Object.keys(LAYERS)
        .filter((l) => folders.has(l))
        .sort(),
    );
  });

  it('lists every folder of cmd', () => {
    const folders = sources.flatMap((file) => /^cmd\/([^/]+)\//.exec(file)?.[1] ?? []);
    assert.deepEqual([...new Set(folders)].sort(), Object.keys(COMMANDS).sort());
  });

  it('imports down only', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file).flatMap(({ path }) => (path === undefined ? [] : (whyNot(file, path) ?? []))),
    );
    assert.deepEqual(wrong, []);
  });

  it('knows a wrong import from a right one', () => {
    const right = [
      'pkg/scheduler/decide.ts pkg/client/informer.ts',
      'pkg/proxy/proxier.test.ts test/support/memory-informers.ts',
      'cmd/kubelet/run.ts cmd/flags.ts',
      'cmd/kubelet/run.test.ts cmd/kube-apiserver/start.ts',
      'cmd/hyperkube/components.ts cmd/kubelet/run.ts',
      'hack/cluster/up.ts cmd/run.ts',
      'packages/wheelhouse-test/src/cluster.ts cmd/kube-scheduler/run.ts',
      'test/e2e/cluster.ts hack/cluster/start.ts',
      'test/integration/auth/a.test.ts test/integration/apiserver/harness.ts',
    ];
    const wrong = [
      'pkg/scheduler/decide.ts pkg/apiserver/limits.ts',
      'pkg/util/env/env.ts pkg/apis/resource-types.ts',
      'pkg/proxy/proxier.ts test/support/memory-informers.ts',
      'pkg/proxy/proxier.test.ts test/privileged/talk.ts',
      'pkg/kubelet/kubelet.ts cmd/kubelet/options.ts',
      'pkg/kubelet/kubelet.test.ts cmd/kubelet/options.ts',
      'cmd/kubelet/run.ts cmd/kube-proxy/run.ts',
      'cmd/kubelet/run.ts cmd/kube-apiserver/start.ts',
      'cmd/kubelet/run.test.ts cmd/kube-apiserver/join.ts',
      'cmd/kubelet/run.ts pkg/scheduler/decide.ts',
      'cmd/leading.ts cmd/kube-scheduler/options.ts',
      'cmd/kubelet/run.ts hack/cluster/start.ts',
      'hack/cluster/up.ts cmd/kubelet/run.ts',
      'packages/wheelhouse-test/src/cluster.ts hack/cluster/start.ts',
      'packages/wheelhouse-test/src/cluster.ts packages/other/src/a.ts',
      'cmd/run.ts packages/wheelhouse-test/src/cluster.ts',
      'hack/cluster/up.ts test/support/skip.ts',
      'test/support/skip.ts test/e2e/cluster.ts',
      'test/e2e/cluster.ts test/privileged/talk.ts',
    ];
    const isAllowed = (pair: string): boolean => {
      const [file = '', target = ''] = pair.split(' ');
      return whyNot(file, target) === undefined;
    };
    assert.deepEqual([...right, ...wrong].filter(isAllowed), right);
  });

  it('orders the members of a component', () => {
    const wrong: string[] = [];
    for (const [component, floors] of Object.entries(FLOORS)) {
      const order = Object.keys(floors);
      const own = sources.filter((f) => layerOf(f) === component && !isTest(f));
      assert.deepEqual(
        [...new Set(own.map((f) => memberOf(f)!))].sort(),
        [...order].sort(),
        `FLOORS.${component} lists the members of pkg/${component}`,
      );
      for (const file of own)
        for (const { path } of importsOf(file))
          if (
            path !== undefined &&
            layerOf(path) === component &&
            order.indexOf(memberOf(path)!) > order.indexOf(memberOf(file)!)
          )
            wrong.push(`${file} imports ${path}, which is above it in FLOORS.${component}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('has no import cycle between members of a component, types included', () => {
    const cyclic: string[] = [];
    for (const component of Object.keys(LAYERS)) {
      const edges = new Map<string, Set<string>>();
      for (const file of sources.filter((f) => layerOf(f) === component && !isTest(f)))
        for (const { path } of importsOf(file)) {
          if (path === undefined || layerOf(path) !== component) continue;
          const [from, to] = [memberOf(file)!, memberOf(path)!];
          if (from === to) continue;
          edges.set(from, (edges.get(from) ?? new Set()).add(to));
        }
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        [...(edges.get(from) ?? [])].some(
          (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
        );
      if ([...edges.keys()].some((member) => reaches(member, member))) cyclic.push(component);
    }
    assert.deepEqual(cyclic, []);
  });

  it('has no import cycle between files', () => {
    const graph = new Map(
      sources.map((f) => [
        f,
        importsOf(f)
          .filter((i) => i.path && !i.typeOnly)
          .map((i) => i.path!),
      ]),
    );
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open')
        return void cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      state.set(file, 'open');
      for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of graph.keys()) visit(file, []);
    assert.deepEqual(cycles, []);
  });

  it('keeps Node and packages that need Node out of pure layers', () => {
    const wrong: string[] = [];
    for (const file of sources.filter((f) => LAYERS[layerOf(f) ?? '']?.pure && !isTest(f))) {
      for (const { specifier, path, typeOnly } of importsOf(file)) {
        if (path !== undefined || typeOnly) continue;
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        if (
          specifier.startsWith('node:') ||
          builtinModules.includes(name) ||
          !PURE_PACKAGES.has(name)
        )
          wrong.push(`${file} imports ${specifier}`);
      }
      if (
        /\b(Buffer|process)\.\w/.test(
          read(file).replace(/\/\/.*|\/\*[\s\S]*?\*\/|'[^'\n]*'|`[^`]*`/g, ''),
        )
      )
        wrong.push(`${file} uses a Node global`);
    }
    assert.deepEqual(wrong, []);
  });

  it('imports the real Env in cmd, packages, hack and tests only', () => {
    const users = sources.filter(
      (f) => layerOf(f) && !isTest(f) && importsOf(f).some((i) => i.path === 'pkg/system/env.ts'),
    );
    assert.deepEqual(users, []);
  });

  it('takes time and random numbers from Env in the pure layers', () => {
    const pure = sources.filter(
      (f) => LAYERS[layerOf(f) ?? '']?.pure && !isTest(f) && !isGenerated(f),
    );
    const wrong = pure.filter((f) =>
      /\b(Date\.now|Math\.random|setTimeout|setInterval|new Date\(\))\b/.test(
        read(f).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''),
      ),
    );
    assert.deepEqual(wrong, []);
  });
});
