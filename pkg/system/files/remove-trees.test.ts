import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTrees } from './remove-trees.js';

describe('trees that containers wrote', () => {
  it('are removed though their paths are longer than PATH_MAX and links lead out', async () => {
    const top = mkdtempSync(join(tmpdir(), 'wheelhouse-trees-'));
    const [tree, outside] = [join(top, '-rf a'), join(top, 'outside')];
    for (const folder of [tree, outside]) mkdirSync(folder);
    writeFileSync(join(outside, 'file'), '');
    symlinkSync(outside, join(tree, 'link'));
    const half = Array<string>(15).fill('d'.repeat(250));
    for (const first of ['a', 'b']) mkdirSync(join(tree, first, ...half), { recursive: true });
    renameSync(join(tree, 'b'), join(tree, 'a', ...half, 'b'));
    await removeTrees([tree, join(top, 'absent')]);
    assert.equal(existsSync(tree), false);
    assert.equal(existsSync(join(outside, 'file')), true);
    await removeTrees([top]);
  });
});
