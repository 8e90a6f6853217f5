// flannel-tun's packet and route code under the address and undefined-behaviour sanitizers.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exec, tryExec } from '../exec.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
const ROUNDS = '400';

describe('flannel-tun packets', function () {
  this.timeout(120_000);
  it('are segmented, coalesced and refused without a wrong byte', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'wh-packets-'));
    try {
      const binary = join(dir, 'packet-test');
      const sources = [
        'test/support/packet-test.c',
        'pkg/system/native/flannel-tun/packet.c',
        'pkg/system/native/flannel-tun/routes.c',
      ].map((file) => join(ROOT, file));
      const flags = [
        '-O1',
        '-g',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-fsanitize=address,undefined',
        '-fno-sanitize-recover=all',
      ];
      await exec(['gcc', ...flags, ...sources, '-o', binary]);
      const seed = String(Math.floor(Math.random() * 1e9));
      const result = await tryExec([binary, seed, ROUNDS]);
      assert.equal(result.code, 0, `seed ${seed}: ${result.stderr.slice(0, 2000)}`);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
