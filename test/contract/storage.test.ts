// The contract of Storage (pkg/storage/storage.ts), for both implementations.
import assert from 'node:assert/strict';
import { aesGcm } from '../../pkg/apiserver/encryption/ciphers.js';
import { encryptedStorage } from '../../pkg/apiserver/encryption/encrypted-storage.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import { createMemoryStorage } from '../../pkg/storage/memory/memory-storage.js';
import {
  CompactedError,
  type Storage,
  type StorageEvent,
  type WatchBatch,
} from '../../pkg/storage/storage.js';
import { realEnv } from '../../pkg/system/env.js';
import { startEtcd, type EtcdProcess } from '../support/etcd-process.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) =>
  value ? new TextDecoder().decode(value) : undefined;
const show = (event: StorageEvent) =>
  `${event.type} ${event.kv.key}=${text(event.kv.value)}@${event.kv.modRevision}`;

/** Collects the batches of a watch until stopped. */
function collect(storage: Storage, prefix: string, fromRevision: number, previous = false) {
  const controller = new AbortController();
  const batches: WatchBatch[] = [];
  let wake = () => {};
  let failure: unknown;
  let started!: () => void;
  const ready = new Promise<void>((resolve) => (started = resolve));
  const done = (async () => {
    try {
      for await (const batch of storage.watch(prefix, {
        fromRevision,
        previous,
        onStart: started,
        signal: controller.signal,
      })) {
        batches.push(batch);
        wake();
      }
    } catch (error) {
      failure = error;
      started();
      wake();
    }
  })();
  const until = async (holds: () => boolean) => {
    const deadline = Date.now() + 40_000;
    while (!holds()) {
      if (Date.now() > deadline)
        throw new Error(
          `not in time; got ${batches
            .flatMap((b) => b.events)
            .map(show)
            .join(', ')}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return {
    batches,
    ready,
    until,
    events: () => batches.flatMap((batch) => batch.events),
    failure: () => failure,
    async stop() {
      controller.abort(new Error('test over'));
      await done;
    },
  };
}

for (const implementation of ['memory', 'etcd', 'encrypted'] as const) {
  describe(`storage contract: ${implementation}`, function () {
    this.timeout(60_000);
    let storage: Storage;
    let etcd: EtcdProcess | undefined;
    let run = 0;
    let root = '';

    before(async () => {
      const env = realEnv('storage-test', 'error');
      if (implementation === 'memory') {
        storage = createMemoryStorage(env);
      } else if (implementation === 'encrypted') {
        const transformer = aesGcm(Buffer.alloc(32, 1));
        storage = encryptedStorage(createMemoryStorage(env), () => transformer);
      } else {
        etcd = await startEtcd();
        storage = openEtcdStorage({ endpoints: [etcd.endpoint], env });
      }
    });
    beforeEach(() => {
      root = `/t${run++}/`;
    });
    after(async () => {
      await storage.close();
      await etcd?.stop();
    });

    it('puts, gets and deletes with revisions', async () => {
      const first = await storage.put(`${root}a`, bytes('1'));
      const second = await storage.put(`${root}a`, bytes('2'));
      assert.ok(second > first);
      const { kv, revision } = await storage.get(`${root}a`);
      assert.deepEqual(
        [text(kv?.value), kv?.createRevision, kv?.modRevision, revision],
        ['2', first, second, second],
      );
      assert.equal(text((await storage.get(`${root}a`, { revision: first })).kv?.value), '1');
      const removed = await storage.delete(`${root}a`);
      assert.deepEqual(removed, { revision: second + 1, deleted: true });
      assert.equal((await storage.get(`${root}a`)).kv, undefined);
      assert.deepEqual(await storage.delete(`${root}a`), { revision: second + 1, deleted: false });
      assert.equal(await storage.currentRevision(), second + 1);
    });

    it('keeps values byte for byte', async () => {
      const value = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
      await storage.put(`${root}binary`, value);
      assert.deepEqual(
        Buffer.from((await storage.get(`${root}binary`)).kv!.value),
        Buffer.from(value),
      );
      await storage.put(`${root}empty`, new Uint8Array(0));
      assert.equal((await storage.get(`${root}empty`)).kv!.value.length, 0);
    });

    it('lists in byte order with limit, start, count and an exact revision', async () => {
      for (const name of ['b', 'a', 'a/x', 'c']) await storage.put(`${root}${name}`, bytes(name));
      const whole = await storage.list(root);
      assert.deepEqual(
        whole.kvs.map((kv) => kv.key),
        ['a', 'a/x', 'b', 'c'].map((name) => root + name),
      );
      assert.deepEqual([whole.count, whole.more], [4, false]);
      await storage.put(`${root}d`, bytes('d'));
      const page = await storage.list(root, { limit: 2, revision: whole.revision });
      assert.deepEqual(
        [page.kvs.length, page.more, page.count, page.revision],
        [2, true, 4, whole.revision],
      );
      const rest = await storage.list(root, { start: `${root}a/x\0`, revision: whole.revision });
      assert.deepEqual(
        rest.kvs.map((kv) => kv.key),
        [`${root}b`, `${root}c`],
      );
      assert.equal(rest.count, 2);
      const keys = await storage.list(root, { keysOnly: true });
      assert.ok(keys.kvs.every((kv) => kv.value.length === 0 && kv.modRevision > 0));
      assert.equal((await storage.list('', { limit: 1 })).kvs.length, 1);
    });

    it('runs transactions atomically, one revision each', async () => {
      const created = await storage.transact(
        [{ key: `${root}a`, modRevision: 0 }],
        [
          { type: 'put', key: `${root}a`, value: bytes('1') },
          { type: 'put', key: `${root}claim`, value: bytes('a') },
        ],
      );
      assert.ok(created.succeeded);
      const a = (await storage.get(`${root}a`)).kv!;
      assert.deepEqual(
        [a.modRevision, (await storage.get(`${root}claim`)).kv!.modRevision],
        [created.revision, created.revision],
      );
      const refused = await storage.transact(
        [{ key: `${root}a`, modRevision: 0 }],
        [{ type: 'put', key: `${root}a`, value: bytes('2') }],
        [
          { type: 'get', key: `${root}a` },
          { type: 'get', key: `${root}none` },
        ],
      );
      assert.equal(refused.succeeded, false);
      assert.deepEqual(
        refused.results.map((kv) => text(kv?.value)),
        ['1', undefined],
      );
      const swapped = await storage.transact(
        [
          { key: `${root}a`, modRevision: a.modRevision },
          { key: `${root}b`, createRevision: 0 },
        ],
        [
          { type: 'delete', key: `${root}a` },
          { type: 'put', key: `${root}b`, value: bytes('2') },
          { type: 'get', key: `${root}b` },
        ],
      );
      assert.ok(swapped.succeeded);
      assert.equal(text(swapped.results[2]?.value), '2');
      assert.equal((await storage.get(`${root}a`)).kv, undefined);
    });

    it('lets exactly one of many concurrent creators succeed', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          storage.transact(
            [{ key: `${root}one`, modRevision: 0 }],
            [{ type: 'put', key: `${root}one`, value: bytes(String(n)) }],
          ),
        ),
      );
      assert.equal(results.filter((result) => result.succeeded).length, 1);
    });

    it('watches from now on, in order, whole revisions at a time', async () => {
      const before = await storage.put(`${root}a`, bytes('1'));
      const watch = collect(storage, root, before + 1, true);
      await watch.ready;
      await storage.put('/elsewhere', bytes('x'));
      const both = await storage.transact(
        [],
        [
          { type: 'put', key: `${root}a`, value: bytes('2') },
          { type: 'put', key: `${root}b`, value: bytes('3') },
        ],
      );
      const deletion = await storage.delete(`${root}a`);
      await watch.until(() => watch.events().length >= 3);
      assert.deepEqual(watch.events().map(show), [
        `put ${root}a=2@${both.revision}`,
        `put ${root}b=3@${both.revision}`,
        `delete ${root}a=@${deletion.revision}`,
      ]);
      assert.ok(
        watch.batches.every(
          (batch) => batch.events.length !== 1 || batch.events[0]!.kv.modRevision !== both.revision,
        ),
      );
      assert.equal(text(watch.events()[2]!.previous?.value), '2');
      await watch.stop();
    });

    it('watches from the past', async () => {
      const first = await storage.put(`${root}a`, bytes('1'));
      await storage.put(`${root}b`, bytes('2'));
      const watch = collect(storage, root, first);
      await watch.until(() => watch.events().length === 2);
      assert.deepEqual(
        watch.events().map((event) => text(event.kv.value)),
        ['1', '2'],
      );
      await watch.stop();
    });

    it('delivers a burst completely', async () => {
      const start = (await storage.currentRevision()) + 1;
      const watch = collect(storage, root, start);
      const big = new Uint8Array(4_000).fill(65);
      await Promise.all(Array.from({ length: 1_500 }, (_, n) => storage.put(`${root}${n}`, big)));
      await watch.until(() => watch.events().length >= 1_500);
      const revisions = watch.events().map((event) => event.kv.modRevision);
      assert.equal(new Set(watch.events().map((event) => event.kv.key)).size, 1_500);
      assert.deepEqual(
        revisions,
        [...revisions].sort((a, b) => a - b),
      );
      await watch.stop();
    });

    it('sends progress on request', async () => {
      const watch = collect(storage, root, (await storage.currentRevision()) + 1);
      await watch.ready;
      const revision = await storage.put('/elsewhere', bytes('y'));
      await watch.until(() => {
        storage.requestProgress();
        return watch.batches.some(
          (batch) => batch.events.length === 0 && batch.revision >= revision,
        );
      });
      await watch.stop();
    });

    it('ends a watch with the reason of the abort', async () => {
      const watch = collect(storage, root, 1 + (await storage.currentRevision()));
      await watch.ready;
      await watch.stop();
      assert.equal((watch.failure() as Error).message, 'test over');
    });

    it('refuses revisions before a compaction', async () => {
      const first = await storage.put(`${root}a`, bytes('1'));
      const second = await storage.put(`${root}a`, bytes('2'));
      await storage.put(`${root}a`, bytes('3'));
      await storage.compact(second);
      await assert.rejects(storage.get(`${root}a`, { revision: first }), CompactedError);
      await assert.rejects(storage.list(root, { revision: first }), CompactedError);
      assert.equal(text((await storage.get(`${root}a`, { revision: second })).kv?.value), '2');
      const watch = collect(storage, root, first);
      await watch.until(() => watch.failure() !== undefined);
      assert.ok(watch.failure() instanceof CompactedError, String(watch.failure()));
      assert.equal((watch.failure() as CompactedError).compactRevision, second);
      await watch.stop();
      await assert.rejects(storage.compact(first), CompactedError);
    });

    // etcd before 3.4.34 and 3.5.15 omits the deletion (etcd issue 18089).
    it('delivers a deletion at the revision of the compaction', async () => {
      await storage.put(`${root}a`, bytes('1'));
      const { revision } = await storage.delete(`${root}a`);
      await storage.put(`${root}b`, bytes('2'));
      await storage.compact(revision);
      const watch = collect(storage, root, revision);
      await watch.until(() => watch.failure() !== undefined || watch.events().length > 0);
      assert.deepEqual(watch.events().map(show), []);
      assert.ok(watch.failure() instanceof CompactedError, String(watch.failure()));
      await watch.stop();
      const next = collect(storage, root, revision + 1);
      await next.until(() => next.events().length > 0);
      assert.deepEqual(next.events().map(show), [`put ${root}b=2@${revision + 1}`]);
      await next.stop();
    });

    it('removes keys with their lease', async () => {
      const lease = await storage.grantLease(1);
      assert.match(lease, /^[1-9]\d*$/);
      await storage.put(`${root}leased`, bytes('1'), { lease });
      assert.equal((await storage.get(`${root}leased`)).kv?.lease, lease);
      assert.ok((await storage.keepAliveLease(lease)) > 0);
      const watch = collect(storage, root, 1 + (await storage.currentRevision()));
      await watch.until(() => watch.events().some((event) => event.type === 'delete'));
      assert.equal((await storage.get(`${root}leased`)).kv, undefined);
      assert.equal(await storage.keepAliveLease(lease), 0);
      await watch.stop();
      const second = await storage.grantLease(600);
      await storage.transact(
        [],
        [{ type: 'put', key: `${root}x`, value: bytes('1'), lease: second }],
      );
      await storage.revokeLease(second);
      await storage.revokeLease(second);
      assert.equal((await storage.get(`${root}x`)).kv, undefined);
      await assert.rejects(
        storage.put(`${root}y`, bytes('1'), { lease: second }),
        /lease not found/,
      );
    });

    if (implementation === 'etcd') {
      it('continues after etcd was killed and loses no event', async () => {
        const start = (await storage.currentRevision()) + 1;
        const watch = collect(storage, root, start);
        await watch.ready;
        await storage.put(`${root}a`, bytes('1'));
        await etcd!.kill();
        const failing = storage.put(`${root}lost`, bytes('1')).then(
          () => 'written',
          (error: Error) => error.name,
        );
        await etcd!.start();
        assert.match(await failing, /written|StorageUnavailableError/);
        await storage.put(`${root}b`, bytes('2'));
        await watch.until(() => watch.events().some((event) => event.kv.key === `${root}b`));
        assert.deepEqual(
          watch
            .events()
            .filter((event) => !event.kv.key.endsWith('lost'))
            .map((event) => text(event.kv.value)),
          ['1', '2'],
        );
        await watch.stop();
      });
    }
  });
}
