// The pages of docs/try that need neither root nor a cluster of the machine.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK_MS, REPEAT_MS, testBlocks } from '../support/page-shell.js';
import { ROOT } from '../support/root.js';
import { skip } from '../support/skip.js';

describe('pages to try', function () {
  this.timeout(BLOCK_MS + REPEAT_MS);
  before(function () {
    const built = join(ROOT, 'dist/npm/wheelhouse-test');
    if (!existsSync(built)) skip(this, { setup: `${built} (hack/build)` });
  });

  describe('hollow nodes', () =>
    testBlocks('try/hollow-nodes.md', (text) =>
      // A few nodes show that the commands are right.
      text.replace(/\b100\b/g, '5').replace(/\b1000\b/g, '50'),
    ));

  describe('a cluster inside a test', () => testBlocks('try/test-cluster.md', (text) => text));
});
