import assert from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { Store } from './informer.js';
import { Newest } from './newest.js';

const object = (name: string, resourceVersion: string): ApiObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, resourceVersion },
});

describe('the newest objects', () => {
  const shown = new Map<string, ApiObject>();
  let revision = 5n;
  const newest = new Newest<ApiObject>({
    get: (key) => shown.get(key),
    list: () => [...shown.values()],
    byIndex: () => [],
    get size() {
      return shown.size;
    },
    get revision() {
      return revision;
    },
  } satisfies Store<ApiObject>);
  const version = () => newest.get('a')?.metadata.resourceVersion;

  it('are the own writes until the store shows them, or what came after', () => {
    shown.set('a', object('a', '4'));
    newest.wrote(object('a', '7'));
    assert.deepEqual([version(), newest.list()[0]?.metadata.resourceVersion], ['7', '7']);
    shown.set('a', object('a', '9'));
    assert.equal(version(), '9');
    newest.wrote(object('a', '12'));
    shown.delete('a');
    assert.equal(version(), '12');
    revision = 13n; // the deletion came after the write
    assert.equal(version(), undefined);
    assert.equal(newest.get('b'), undefined);
  });
});
