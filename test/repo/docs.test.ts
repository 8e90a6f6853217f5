// Documents that must say what the tables say.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withTable } from '../../hack/resource-table.js';
import { read, ROOT } from './tree.js';

describe('documents', () => {
  it('list the resources that the registry serves (node build/hack/resource-table.js writes them)', () => {
    const readme = read('README.md');
    assert.equal(readme, withTable(readme));
  });

  it('name only files that exist', () => {
    const missing: string[] = [];
    for (const file of DOCUMENTS) {
      const named = read(file).matchAll(/`((?:pkg|cmd|hack|test|manifests)\/[\w./-]+)`/g);
      for (const [, path] of named)
        if (!existsSync(join(ROOT, path!.replace(/\/$/, '')))) missing.push(`${file}: ${path}`);
    }
    assert.deepEqual(missing, []);
  });
});
