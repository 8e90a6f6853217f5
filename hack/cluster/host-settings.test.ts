import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyHostSettings, restoreHostSettings } from './host-settings.js';

describe('host settings', () => {
  it('are restored when the last cluster goes', () => {
    const dir = mkdtempSync(join(tmpdir(), 'wheelhouse-settings-'));
    const run = join(dir, 'run');
    const setting = join(dir, 'ip_forward');
    const value = () => readFileSync(setting, 'utf8');
    try {
      writeFileSync(setting, '0\n');
      mkdirSync(join(run, 'a'), { recursive: true });
      applyHostSettings(run, { [setting]: '1' });
      mkdirSync(join(run, 'b'));
      applyHostSettings(run, { [setting]: '1' });
      rmdirSync(join(run, 'a'));
      restoreHostSettings(run);
      assert.equal(value(), '1');
      rmdirSync(join(run, 'b'));
      restoreHostSettings(run);
      assert.equal(value(), '0');
      assert.ok(!existsSync(run));
      restoreHostSettings(run);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
