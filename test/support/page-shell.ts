// Runs the command blocks of a page of docs/ as its reader does: in order, in one shell at the root
// of the checkout, each with the output that the page shows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../hack/cluster/wait.js';
import { tryExec, type ExecResult } from '../../pkg/system/exec.js';
import { blocksOf, isAsShown, readPage, type Block } from './page.js';
import { ROOT } from './root.js';

export const BLOCK_MS = 240_000;
export const REPEAT_MS = 120_000;

/**
 * Defines a test for each block of the page. `rewrite` turns the page into that of the test, such
 * as a name of its own for the cluster. When a block has failed, the others fail too, and the last
 * one, which cleans up, is still run.
 */
export function testBlocks(page: string, rewrite: (text: string) => string): void {
  const blocks = blocksOf(rewrite(readPage(page)));
  let dir: string;
  let failed: number | undefined;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-page-'));
    writeFileSync(join(dir, 'variables'), '');
  });

  after(async () => {
    if (failed !== undefined) await run(blocks.at(-1)!);
    rmSync(dir, { recursive: true });
  });

  /** Blocks share their exported variables. */
  const run = ({ commands }: Block): Promise<ExecResult> =>
    tryExec(
      [
        'bash',
        '-c',
        `exec 2>&1; cd "$2"; . "$1"; set -e\n${commands}\nexport -p >"$1"`,
        'bash',
        join(dir, 'variables'),
        ROOT,
      ],
      { timeoutMs: BLOCK_MS, env: { KUBECACHEDIR: join(dir, 'kubectl-cache') } },
    );

  async function check(block: Block): Promise<void> {
    const succeeds = ({ code, stdout }: ExecResult) =>
      code === 0 && (block.output === undefined || isAsShown(stdout, block.output));
    let last = await run(block);
    const seen = () =>
      [
        `line ${block.line} of docs/${page} ended with ${last.code}:`,
        block.commands,
        last.stdout,
        'wanted:',
        block.output ?? 'success',
      ].join('\n');
    if (block.repeated && !succeeds(last))
      await until(async () => succeeds((last = await run(block))), REPEAT_MS, seen);
    assert.ok(succeeds(last), seen());
  }

  for (const block of blocks)
    it(`line ${block.line}: ${block.commands.split('\n')[0]}`, async () => {
      assert.equal(failed, undefined, `the step of line ${failed} failed`);
      failed = block.line;
      await check(block);
      failed = undefined;
    });
}
