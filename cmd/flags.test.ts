import assert from 'node:assert/strict';
import { withShortOutput } from './flags.js';

describe('withShortOutput', () => {
  it('writes -o out in full in each of its forms, and leaves other words', () => {
    for (const words of [['-o', 'json'], ['-o=json'], ['-ojson']])
      assert.deepEqual(withShortOutput(['--name', 'o', ...words]), [
        '--name',
        'o',
        '--output',
        'json',
      ]);
    assert.deepEqual(withShortOutput(['--output=json', 'o']), ['--output=json', 'o']);
  });
});
