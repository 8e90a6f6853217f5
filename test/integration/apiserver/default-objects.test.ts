// The objects that a server creates for itself: one write each, and none at the next start.
import assert from 'node:assert/strict';
import { startApiServer } from '../../../cmd/kube-apiserver/start.js';
import type { ApiObject } from '../../../pkg/apimachinery/meta/object.js';
import type { KeyValue, Storage } from '../../../pkg/storage/storage.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { eventually } from '../../support/control-plane.js';

const WITH_STATUS = ['apiregistration.k8s.io/apiservices', 'flowschemas'];
const KINDS = [
  ...WITH_STATUS,
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
  'prioritylevelconfigurations',
  'priorityclasses',
  'namespaces',
];

async function stored(storage: Storage, kind: string): Promise<KeyValue[]> {
  return (await storage.list(`/registry/${kind}/`)).kvs;
}

/** Runs a server on the store until all its hooks are done and it has an APIService for a group. */
async function runOnce(storage: Storage): Promise<void> {
  const server = await startApiServer({ storage });
  try {
    await server.ready();
    await eventually('the last APIService is stored', async () =>
      (await stored(storage, WITH_STATUS[0]!)).some(({ key }) =>
        key.endsWith('/v1.storage.k8s.io'),
      ),
    );
  } finally {
    await server.stop();
  }
}

describe('the default objects of a server', function () {
  this.timeout(60_000);
  const storage = createMemoryStorage(realEnv('test', 'error'));
  after(() => storage.close());
  const revisions = async () => {
    const found = await Promise.all(KINDS.map((kind) => stored(storage, kind)));
    return found.flat().map(({ key, modRevision }) => `${key} ${modRevision}`);
  };

  it('are written once each, status and owners of fields included', async () => {
    await runOnce(storage);
    for (const kind of KINDS) {
      const kvs = await stored(storage, kind);
      assert.ok(kvs.length > 1, kind);
      for (const { key, createRevision, modRevision } of kvs)
        assert.equal(modRevision, createRevision, key);
    }
    for (const { key, value } of (
      await Promise.all(WITH_STATUS.map((kind) => stored(storage, kind)))
    ).flat()) {
      const { metadata, status } = JSON.parse(Buffer.from(value).toString()) as ApiObject & {
        status: { conditions: { type: string }[] };
      };
      assert.equal(status.conditions.length, 1, key);
      const owned = metadata.managedFields!.map(({ subresource, fieldsV1 }) => [
        subresource,
        Object.keys(fieldsV1 as object).includes('f:status'),
      ]);
      assert.deepEqual(
        owned,
        [
          [undefined, false],
          ['status', true],
        ],
        key,
      );
    }
  });

  it('are left alone by the next start', async () => {
    const before = await revisions();
    await runOnce(storage);
    assert.deepEqual(await revisions(), before);
  });
});
