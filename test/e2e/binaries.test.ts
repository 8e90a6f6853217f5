// Every binary that hack/build bundles in dist/ prints --help and --version, rejects an unknown
// flag, and starts from its code cache.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags, ROOT } from '../../hack/cluster/layout.js';
import { ADDONS } from '../../hack/containers/catalog.js';
import { tryExec } from '../../pkg/system/exec.js';

const names = readdirSync(join(ROOT, 'cmd')).filter((name) =>
  existsSync(join(ROOT, 'cmd', name, 'main.ts')),
);

/** Runs a program, and prints whether V8 refused its code cache. */
const SHOW = `
const vm = require('node:vm');
vm.Script = class extends vm.Script {
  constructor(...words) {
    super(...words);
    console.log('refused:', this.cachedDataRejected);
  }
};
require(process.argv[1]);`;

describe('binaries', function () {
  this.timeout(60_000);
  for (const name of names) {
    const main = join(ROOT, 'dist/cmd', name, 'main.js');
    // kubectl finds its plugin `rolling-update` in the file kubectl-rolling_update.
    const shown = name.replace(/^kubectl-/, 'kubectl ').replaceAll('_', '-');

    it(`${name} prints its help`, async () => {
      const { code, stdout } = await tryExec([process.execPath, main, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: ${shown}`));
    });

    it(`${name} prints its version`, async () => {
      const { code, stdout } = await tryExec([process.execPath, main, '--version']);
      assert.equal(code, 0);
      assert.match(stdout, /^Kubernetes v1\.32\.0/);
    });

    if (!ADDONS.some((addon) => addon === name))
      it(`${name} starts from its code cache`, async () => {
        const words = [...nodeFlags(name), '-e', SHOW, main, '--version'];
        const { stdout } = await tryExec([process.execPath, ...words]);
        assert.match(stdout, /^refused: false$/m);
      });

    it(`${name} rejects an unknown flag`, async () => {
      const { code, stderr } = await tryExec([process.execPath, main, '--no-such-flag=1']);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /no-such-flag/);
    });
  }
});
