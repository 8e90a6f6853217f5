// The table of Kubernetes' vulnerabilities by kind: each line names a test that exists, or the
// reason why the kind cannot exist here.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';
import { read } from './tree.js';

const KINDS = 60;
/** The words with which a reason begins or goes on. */
const REASON = /\b(no|none|cannot|only|upstream|drops|health alone)\b/;

describe('the table of attacks', () => {
  const lines = read('test/integration/security/README.md').split('\n');
  const rows = lines.filter((line) => /^\| (?!kind|CVE \||--)/.test(line));
  const numbered = rows.filter((row) => row.startsWith('| CVE-'));
  const testsIn = (row: string) => [...row.matchAll(/`([\w./-]+\.test\.ts)`/g)].map((m) => m[1]!);

  it(`has ${KINDS} kinds with numbers, and no number twice`, () => {
    assert.ok(numbered.length >= KINDS, `${numbered.length} kinds`);
    const numbers = numbered.flatMap((row) => row.match(/CVE-\d{4}-\d+/g) ?? []);
    assert.deepEqual(
      numbers.filter((number, at) => numbers.indexOf(number) !== at),
      [],
    );
  });

  it('names tests that exist', () => {
    assert.deepEqual(
      rows.flatMap(testsIn).filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
  });

  it('gives a test or a reason for each kind', () => {
    const silent = rows.filter(
      (row) =>
        !testsIn(row).length && (/no test yet/.test(row) || !REASON.test(row.split('|').at(-2)!)),
    );
    assert.deepEqual(silent, []);
  });
});
