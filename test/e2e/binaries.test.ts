// Every bundled binary answers --help and refuses a wrong flag, as hack/build leaves it in dist/.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../hack/cluster/layout.js';
import { tryExec } from '../../pkg/system/exec.js';

const names = readdirSync(join(ROOT, 'cmd')).filter((name) =>
  existsSync(join(ROOT, 'cmd', name, 'main.ts')),
);

describe('binaries', function () {
  this.timeout(20_000);
  for (const name of names) {
    const main = join(ROOT, 'dist/cmd', name, 'main.js');

    it(`${name} explains itself`, async () => {
      const { code, stdout } = await tryExec([process.execPath, main, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: ${name}`));
    });

    it(`${name} refuses a flag that it does not know`, async () => {
      const { code, stderr } = await tryExec([process.execPath, main, '--no-such-flag=1']);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /no-such-flag/);
    });
  }
});
