// Every export has an importer. The law finds unused bounds, tables and functions by their names.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { sourceOf } from './comments.js';
import { files, isGenerated, read } from './tree.js';

const sources = files(/^(pkg|cmd|packages|hack|test|examples)\/.*\.(tsx?|mjs)$/);

/**
 * 'file name' of exports for users outside this repository whose file does not use them either.
 * The list may only shrink.
 */
const PUBLIC: readonly string[] = [];

/** Packages without all of their importers so far. The list may only shrink. */
const GROWING: readonly string[] = ['pkg/cel/', 'pkg/apiextensions/'];

const DECLARATION =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:const|let|var|function\*?|class|interface|type|enum|namespace)\s+(\w+)/gm;
const LIST = /^export\s+(?:type\s+)?\{([^}]*)\}(\s+from\s)?/gm;
const IMPORT =
  /\b(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?(?:\{([^}]*)\}|\*(?:\s+as\s+\w+)?)\s*from\s*['"](\.[^'"]+)['"]/g;
const DYNAMIC = /\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/g;

/** `a, type b as c` -> ['a', 'b'], or with `end` 1 ['a', 'c']. */
function namesOf(list: string, end: 0 | 1): string[] {
  return list
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/),
    )
    .map((pair) => pair[end] ?? pair[0]!)
    .filter(Boolean);
}

/** The imported names by file; 'all' when a file is imported as a whole. */
function importedNames(code: ReadonlyMap<string, string>): Map<string, Set<string> | 'all'> {
  const imported = new Map<string, Set<string> | 'all'>();
  const resolve = (from: string, specifier: string): string | undefined => {
    const path = posix.join(posix.dirname(from), specifier);
    return [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((p) =>
      code.has(p),
    );
  };
  for (const [file, text] of code) {
    for (const [, list, specifier] of text.matchAll(IMPORT)) {
      const target = resolve(file, specifier!);
      if (target === undefined) continue;
      const names = imported.get(target) ?? new Set();
      if (list === undefined) imported.set(target, 'all');
      else if (names !== 'all') imported.set(target, new Set([...names, ...namesOf(list, 0)]));
    }
    for (const [, specifier] of text.matchAll(DYNAMIC)) {
      const target = resolve(file, specifier!);
      if (target !== undefined) imported.set(target, 'all');
    }
  }
  return imported;
}

function exportedNames(code: string): string[] {
  const lists = [...code.matchAll(LIST)].flatMap(([, list]) => namesOf(list!, 1));
  return [...[...code.matchAll(DECLARATION)].map((m) => m[1]!), ...lists];
}

function unusedExports(code: ReadonlyMap<string, string>): string[] {
  const imported = importedNames(code);
  return [...code].flatMap(([file, text]) => {
    const names = imported.get(file) ?? new Set();
    if (names === 'all') return [];
    return exportedNames(text)
      .filter((name) => !names.has(name))
      .filter((name) => (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length < 2)
      .map((name) => `${file} ${name}`);
  });
}

describe('exports', () => {
  it('are imported, or used in their own file', () => {
    // Generated facts obey the law, so that it finds unused ones.
    const generated = new Set(
      sources.filter((f) => isGenerated(f) && !f.endsWith('/facts.generated.ts')),
    );
    const code = new Map(
      sources.map((f) => [f, generated.has(f) ? read(f) : sourceOf(f).code] as const),
    );
    const unused = unusedExports(code).filter((name) => !generated.has(name.split(' ')[0]!));
    const settled = unused.filter((name) => !GROWING.some((folder) => name.startsWith(folder)));
    assert.deepEqual(settled.sort(), [...PUBLIC].sort());
  });

  it('are found in every form', () => {
    const code = new Map([
      ['pkg/a.ts', 'export const A = 1;\nexport type B = 2;\nexport async function c() {}\n'],
      ['pkg/b.ts', 'const x = 1;\nconst y = x;\nexport { y as z };\n'],
      ['pkg/c.ts', "import { A, type B } from './a.js';\nexport const used = A + x;\nused;\n"],
      ['cmd/d.ts', "export const D = 1;\nexport * as a from './e.js';\n"],
      ['cmd/e.ts', 'export const E = 1;\n'],
    ]);
    assert.deepEqual(unusedExports(code), ['pkg/a.ts c', 'pkg/b.ts z', 'cmd/d.ts D']);
  });
});
