import assert from 'node:assert/strict';
import { toYaml } from './yaml-text.js';
import { parseYaml } from './yaml.js';

const STRINGS =
  'yes no on off y n ~ null true 1:30 0o17 0644 1_000 0x1F 1e3 .inf 2026-01-01 <b> = # - ? :';

describe('YAML of objects', () => {
  it('is read back as what it was, also by the rules of YAML 1.1', () => {
    const strings = ['', ' a', 'a\nb', 'a\n', ...STRINGS.split(' ')];
    const object = Object.fromEntries(strings.map((text) => [text, text]));
    const value = {
      object,
      list: [strings, [], {}],
      null: null,
      on: true,
      big: 2n ** 60n,
      half: 0.5,
    };
    assert.deepEqual(parseYaml(toYaml(value)).value, value);
  });

  it('has the form of kubectl', () => {
    assert.equal(toYaml({ a: [{ b: 1, c: 'yes' }] }), 'a:\n- b: 1\n  c: "yes"\n');
  });
});
