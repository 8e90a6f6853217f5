// The layer law: imports point down only, pure layers stay pure (hack/layers.ts says why).
import assert from 'node:assert/strict';
import { builtinModules } from 'node:module';
import { FLOORS, LAYERS, WITHOUT_FLOORS } from '../../hack/layers.js';
import { files, importsOf, isGenerated, read } from './tree.js';

const sources = files(/^(pkg|cmd|hack|test)\/.*\.tsx?$/);
const layerOf = (path: string): string | undefined => /^pkg\/([^/]+)\//.exec(path)?.[1];
/** Folder or file directly inside a component: 'pod' of pkg/kubelet/pod/plan.ts. */
const memberOf = (path: string): string | undefined => /^pkg\/[^/]+\/([^/]+)/.exec(path)?.[1];
const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** npm packages that work without Node. */
const PURE_PACKAGES = new Set([
  'yaml',
  'fast-json-patch',
  'ajv',
  '@marcbachmann/cel-js',
  're2js',
  'croner',
  'ip-num',
  'ipaddr.js',
  'lru-cache',
]);

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

  it('imports down only', () => {
    const wrong: string[] = [];
    for (const file of sources.filter((f) => layerOf(f) && !isTest(f))) {
      const layer = layerOf(file)!;
      for (const { path } of importsOf(file)) {
        if (path === undefined) continue;
        const target = layerOf(path);
        const fine =
          target === layer || (target !== undefined && LAYERS[layer]!.imports.includes(target));
        if (!fine)
          wrong.push(
            `${file} imports ${path}; ${layer} (${LAYERS[layer]!.why}) may import ${LAYERS[layer]!.imports.join(', ') || 'nothing'}`,
          );
      }
    }
    assert.deepEqual(wrong, []);
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
    assert.deepEqual(
      cyclic,
      [...WITHOUT_FLOORS],
      'the components that WITHOUT_FLOORS still allows',
    );
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

  it('keeps pure layers off Node and off packages that need it', () => {
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

  it('hands the real Env out in cmd, hack and tests only', () => {
    const users = sources.filter(
      (f) => layerOf(f) && !isTest(f) && importsOf(f).some((i) => i.path === 'pkg/system/env.ts'),
    );
    assert.deepEqual(users, []);
  });

  it('keeps clocks and chance behind Env in the pure layers', () => {
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
