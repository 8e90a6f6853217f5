// Documents agree with the tables and the files that they name.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { withTable } from './resource-table.js';
import { ROOT } from '../support/root.js';
import { files, read } from './tree.js';

const documents = files(/\.md$/);
const names = new Set(files(/./).map((path) => posix.basename(path)));
const exists = (path: string): boolean => existsSync(join(ROOT, path)) || names.has(path);

/** Paths in backticks, and the targets of links. */
function pathsIn(text: string): string[] {
  const named = text.matchAll(/`((?:pkg|cmd|hack|test|manifests|examples)\/[\w./-]+)[` ]/g);
  const files = text.matchAll(/`([\w./-]+\.(?:tsx?|mjs|c|md|json))`/g);
  const links = text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g);
  return [...named, ...files, ...links].map(([, path]) => path!.replace(/\/$/, ''));
}

/**
 * CONTRIBUTING.md writes the part that a contributor chooses in capitals: `pkg/admission/NAME.ts`.
 */
const isPattern = (path: string): boolean =>
  path.split('/').some((part) => /^[A-Z]+(\.ts)?$/.test(part) && part !== 'LICENSE');

/** The line from `it(` on whose title begins with these words. */
const found = (tests: string, title: string): string =>
  tests
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.startsWith(title, "it('".length)) ?? '';

describe('documents', () => {
  it('list the resources that the API server serves (node build/test/repo/resource-table.js writes them)', async () => {
    const readme = read('README.md');
    assert.equal(readme, await withTable(readme));
  }).timeout(60_000);

  it('name only files that exist', () => {
    assert.ok(documents.length > 10);
    const missing = documents.flatMap((document) =>
      pathsIn(read(document))
        .filter((path) => !isPattern(path))
        .filter((path) => !exists(path) && !exists(posix.join(posix.dirname(document), path)))
        .map((path) => `${document}: ${path}`),
    );
    assert.deepEqual(missing, []);
  });

  it('say the same in both languages: headings, rows of tables, and the numbers in them', () => {
    const shape = (page: string): unknown => {
      const lines = read(page).split('\n');
      const rows = lines.filter((line) => line.startsWith('|'));
      return {
        headings: lines.filter((line) => line.startsWith('#')).map((line) => line.indexOf(' ')),
        rows: rows.map((row) => row.match(/\d[\d.,]*/g)),
        pictures: lines.filter((line) => line.startsWith('![')).map((line) => line.split('](')[1]),
      };
    };
    for (const page of ['comparison', 'packets'])
      assert.deepEqual(shape(`docs/${page}.zh.md`), shape(`docs/${page}.md`), page);
  });

  it('name a test for every ability of the UI', () => {
    const page = read('docs/ui.md');
    const ours = [...page.matchAll(/^\| [^|]+ \| yes([^|]*)\|/gm)].map(([, named]) => named!);
    assert.ok(ours.length > 12);
    const tests = files(/^test\/(integration\/ui|e2e)\/.*\.test\.ts$/)
      .map(read)
      .join('\n')
      .replace('${MANY}', '5000');
    const titles = ours.map((named) => named.split(/", "|: "|"\s*$/).filter((t) => t.trim()));
    assert.deepEqual(
      titles.filter((all) => !all.length),
      [],
    );
    const missing = titles.flat().filter((title) => !/^it\([`']/.test(found(tests, title)));
    assert.deepEqual(missing, []);
  });

  it('list every command of hack/', () => {
    const manual = read('hack/README.md');
    const commands = files(/^hack\/[a-z-]+$/).filter((file) => read(file).startsWith('#!'));
    assert.ok(commands.length > 15);
    assert.deepEqual(
      commands.filter((command) => !manual.includes(`\`${command}`)),
      [],
    );
  });

  it('quote only texts that a program prints, as symptoms', () => {
    const rows = read('docs/troubleshooting.md').matchAll(/^\| (.*?) \| .* \| .* \| .* \|$/gm);
    const texts = [...rows].flatMap(([, symptom]) =>
      [...symptom!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!),
    );
    assert.ok(texts.length > 40);
    const sources = files(/^(pkg|cmd|packages|hack)\/(?!.*\.(test\.tsx?|md)$)/)
      .map(read)
      .join('\n');
    const isCommand = (text: string): boolean => /^(hack|kubectl)\b/.test(text);
    assert.deepEqual(
      texts.filter((text) => !isCommand(text) && !sources.includes(text)),
      [],
    );
  });
});
