import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { report, type Counts, type LayerResult } from './report.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const layer = (counts: Partial<Counts>): LayerResult => ({
  layer: 'unit',
  seconds: 1,
  passes: 3,
  failed: [],
  skipped: [],
  ...counts,
});
const root = { title: 'containers run', lack: { setup: 'root' } };
const tun = { title: 'packets pass', lack: { kernel: '/dev/net/tun' } };

describe('the report of a test run', () => {
  it('ends with the counts of passed and failed tests', () => {
    const { lines, ok } = report([layer({}), layer({ passes: 2 })], false);
    assert.deepEqual([lines.at(-1), ok], ['5 passed, 0 failed', true]);
    assert.deepEqual(report([layer({ failed: ['a b'] })], false), {
      lines: [
        'unit             3 passed    1 failed    0 skipped  1 s',
        'failed: a b',
        '3 passed, 1 failed',
      ],
      ok: false,
    });
  });

  it('names each skipped test with its reason', () => {
    const { lines, ok } = report([layer({ skipped: [root, tun] })], false);
    assert.deepEqual(lines.slice(1), [
      'skipped: containers run: lacks root',
      'skipped: packets pass: the kernel lacks /dev/net/tun',
      '3 passed, 0 failed, 2 skipped',
    ]);
    assert.equal(ok, true);
  });

  it('fails skipped tests without a reason, and in CI those that lacked only setup', () => {
    assert.deepEqual(report([layer({ skipped: [root, tun] })], true).lines.slice(1), [
      'skipped: packets pass: the kernel lacks /dev/net/tun',
      'failed: containers run (skipped: lacks root)',
      '3 passed, 1 failed, 1 skipped',
    ]);
    assert.equal(
      report([layer({ skipped: [{ title: 'x' }] })], false).lines.at(-1),
      '3 passed, 1 failed',
    );
  });

  it('takes the reason from the test or from a hook around it', () => {
    const dir = mkdtempSync(join(tmpdir(), 'report-'));
    const skipping = `import { ${'sk' + 'ip'} as lack } from '${join(ROOT, 'build/test/support/skip.js')}';
      it('bare', function () { this['${'sk' + 'ip'}'](); });
      it('one', function () { lack(this, { kernel: 'k' }); });
      describe('suite', () => {
        before(function () { lack(this, { setup: 's' }); });
        it('two', () => {});
        describe('inner', () => it('three', () => {}));
      });
      it('runs', () => {});
      it('breaks', () => { throw new Error('the cause\\nand more'); });`;
    try {
      writeFileSync(join(dir, 'a.test.mjs'), skipping);
      const counts = join(dir, 'counts.json');
      spawnSync(
        process.execPath,
        [
          'node_modules/mocha/bin/mocha.js',
          '--reporter',
          'test/run/count-reporter.cjs',
          join(dir, 'a.test.mjs'),
        ],
        { cwd: ROOT, env: { ...process.env, COUNTS_FILE: counts }, stdio: 'pipe' },
      );
      const { failed, ...others } = JSON.parse(readFileSync(counts, 'utf8')) as Counts;
      assert.equal(failed.length, 1);
      assert.match(failed[0]!, /^breaks\n  \| Error: the cause\n  \| and more\n  \|     at /);
      assert.deepEqual(others, {
        passes: 1,
        skipped: [
          { title: 'bare' },
          { title: 'one', lack: { kernel: 'k' } },
          { title: 'suite two', lack: { setup: 's' } },
          { title: 'suite inner three', lack: { setup: 's' } },
        ],
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  }).timeout(60_000);
});
