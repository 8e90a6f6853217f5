// Size, names and format of the sources.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LAYERS } from '../support/test-layers.js';
import { ROOT } from '../support/root.js';
import { files, isGenerated, read } from './tree.js';

const sources = files(/^(pkg|cmd|packages|hack|test)\/.*\.(ts|tsx|c|h)$/).filter(
  (f) => !isGenerated(f),
);
const products = sources.filter((f) => !/^(test|hack\/benchmarks)\/|\.test\.tsx?$/.test(f));

const MAX_LINES = 800;
const MAX_PRODUCT_LINES = 120_000;
const BANNED_NAMES = /^(utils?|helpers?|common|misc|index)\.ts$/;

describe('tidy', () => {
  const linesOf = (file: string): number => read(file).split('\n').length - 1;

  it(`keeps files under ${MAX_LINES} lines and the product under ${MAX_PRODUCT_LINES}`, () => {
    assert.deepEqual(
      sources.filter((f) => linesOf(f) > MAX_LINES),
      [],
    );
    const total = products.reduce((sum, f) => sum + linesOf(f), 0);
    assert.ok(total < MAX_PRODUCT_LINES, `${total} lines`);
  });

  it('is formatted', () => {
    execFileSync(join(ROOT, 'node_modules/.bin/oxfmt'), ['--check', '.'], { cwd: ROOT });
  }).timeout(300_000);

  it('has no barrels and no files with empty names such as utils', () => {
    assert.deepEqual(
      sources.filter((f) => BANNED_NAMES.test(basename(f))),
      [],
    );
    assert.deepEqual(
      sources.filter((f) => /^export \* from/m.test(read(f))),
      [],
    );
    assert.deepEqual(
      sources.filter((f) => /^export default/m.test(read(f))),
      [],
    );
  });

  it('leaves no unfinished work, no focused tests, no any', () => {
    // In pieces, so that this file does not find itself.
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    assert.deepEqual(
      sources.filter((f) => marks.test(read(f))),
      [],
    );
    const focused = new RegExp(`\\b(it|describe)\\.(${'on' + 'ly'}|${'sk' + 'ip'})\\(`);
    assert.deepEqual(
      sources.filter((f) => focused.test(read(f))),
      [],
    );
  });

  it('holds no marks of a merge that was not finished', () => {
    const marks = /^(<{7}|>{7}) |^={7}$/m;
    const texts = files(/\.(md|ts|tsx|mjs|cjs|c|h|json|ya?ml|sh|css|html|txt)$/);
    assert.deepEqual(
      texts.filter((f) => marks.test(read(f))),
      [],
    );
  });

  it('skips no test without a reason', () => {
    const silent = new RegExp(`\\b(this|context)\\.${'sk' + 'ip'}\\(`);
    assert.deepEqual(
      sources.filter((f) => /^test\/|\.test\.ts$/.test(f) && silent.test(read(f))),
      ['test/support/skip.ts'],
    );
    const chosen = /\?\s*(it|describe)(\.\w+)?\s*:|\b(x|f)(it|describe)\(/;
    assert.deepEqual(
      sources.filter((f) => f.endsWith('.test.ts') && chosen.test(read(f))),
      [],
    );
  });

  it('runs every test in a layer', () => {
    const places = LAYERS.flatMap((layer) => layer.places);
    const isIn = (f: string, place: string) =>
      f.startsWith(`${place}/`) || f === `${place}.test.ts`;
    const tests = sources.filter((f) => f.endsWith('.test.ts'));
    assert.deepEqual(
      tests.filter((f) => !places.some((place) => isIn(f, place))),
      [],
    );
    assert.deepEqual(
      places.filter((place) => !tests.some((f) => isIn(f, place))),
      [],
    );
  });

  it('names no machine', () => {
    const all = files(/\.(ts|tsx|js|mjs|json|md|c|h|yaml|sh)$|^hack\/[a-z-]+$/).filter(
      (f) => f !== 'package-lock.json',
    );
    const paths = new RegExp(
      [
        '/wo' + 'rk/(main|steering|shared)',
        '/tmp/te' + 'am',
        'deb\\.deb' + 'ian\\.org',
        'registry\\.np' + 'mjs',
      ].join('|'),
    );
    assert.deepEqual(
      all.filter((f) => paths.test(read(f))),
      [],
    );
  });

  it('has generated files that equal the output of their generator', () => {
    const out = mkdtempSync(join(tmpdir(), 'generated-'));
    try {
      for (const generator of ['generate-api', 'generate-tables'])
        execFileSync(process.execPath, [join(ROOT, `hack/${generator}.mjs`), out]);
      const generated = files(/^(pkg|cmd|hack|test)\/.*\.ts$/).filter(isGenerated);
      assert.ok(generated.length > 30);
      assert.deepEqual(
        generated.filter((f) => readFileSync(join(out, f), 'utf8') !== read(f)),
        [],
      );
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('passes the linter', () => {
    const linter = join(ROOT, 'node_modules/.bin/oxlint');
    execFileSync(
      linter,
      [
        '--type-aware',
        '--report-unused-disable-directives-severity=error',
        '-c',
        'hack/oxlint.json',
        '--format=unix',
        'pkg',
        'cmd',
        'packages',
        'hack',
        'test',
        'examples/guestbook-frontend',
      ],
      { cwd: ROOT },
    );
  }).timeout(300_000);

  it('gives every binary its manual', () => {
    const binaries = [...new Set(files(/^cmd\/[^/]+\/main\.ts$/).map((f) => f.split('/')[1]!))];
    assert.ok(binaries.length > 0);
    for (const name of binaries) {
      const [manual] = files(new RegExp(`^cmd/${name}/README\\.md$`));
      assert.ok(manual, `cmd/${name}/README.md is missing`);
      for (const heading of ['Name', 'Description', 'Flags', 'Examples']) {
        assert.match(
          read(manual),
          new RegExp(`^## ${heading}$`, 'm'),
          `cmd/${name}/README.md has no "${heading}"`,
        );
      }
    }
  });
});
