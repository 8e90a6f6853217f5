// Runs the tutorial as its reader does: every command of docs/tutorial.md in order, in a shell at
// the root of the checkout, with the outputs that the page shows. Only the cluster's name differs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../hack/cluster/wait.js';
import { tryExec, type ExecResult } from '../../pkg/system/exec.js';
import { ROOT } from '../support/root.js';
import { blocksOf, isAsShown, readPage, type Block } from '../support/tutorial.js';
import { TestCluster } from './cluster.js';

const BLOCK_MS = 240_000;
const REPEAT_MS = 120_000;

/** Variables of etcd's tools that a reader's shell may hold, and that a cluster must not obey. */
const STRAY = 'ETCD_NAME=stray ETCDCTL_ENDPOINTS=http://127.0.0.1:1 FLANNELD_IFACE=stray0';

/** The reader's cluster is "local"; the test's has a name of its own beside others. */
const forCluster = (commands: string, name: string): string =>
  commands
    .replaceAll('.wheelhouse/local', `.wheelhouse/${name}`)
    .replace(/hack\/(up|down|status|node-exec)\b/g, `hack/$1 --name ${name}`)
    .replace(/hack\/up\b/g, `${STRAY} $& --no-build`);

describe('tutorial', function () {
  this.timeout(BLOCK_MS + REPEAT_MS);
  const cluster = new TestCluster();
  let dir: string;
  let failed: number | undefined;

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-tutorial-'));
    writeFileSync(join(dir, 'variables'), '');
  });

  after(async () => {
    await cluster.down();
    rmSync(dir, { recursive: true });
  });

  /** Blocks share their exported variables, as in one shell. */
  const run = ({ commands }: Block): Promise<ExecResult> =>
    tryExec(
      [
        'bash',
        '-c',
        `exec 2>&1; cd "$2"; . "$1"; set -e\n${forCluster(commands, cluster.name)}\nexport -p >"$1"`,
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
        `line ${block.line} of docs/tutorial.md ended with ${last.code}:`,
        block.commands,
        last.stdout,
        'wanted:',
        block.output ?? 'success',
      ].join('\n');
    if (block.repeated && !succeeds(last))
      await until(async () => succeeds((last = await run(block))), REPEAT_MS, seen);
    assert.ok(succeeds(last), seen());
  }

  for (const block of blocksOf(readPage('tutorial.md')))
    it(`line ${block.line}: ${block.commands.split('\n')[0]}`, async () => {
      assert.equal(failed, undefined, `the step of line ${failed} failed`);
      failed = block.line;
      await check(block);
      failed = undefined;
    });
});
