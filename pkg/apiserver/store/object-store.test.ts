import assert from 'node:assert/strict';
import { CONFIG_MAPS } from '../../apis/resource-types.js';
import type { Storage } from '../../storage/storage.js';
import { createMemoryStorage } from '../../storage/memory/memory-storage.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { Cacher } from '../cache/cacher.js';
import type { ResourceDefinition } from '../resource/definition.js';
import { ServedResource } from '../served/served.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { RESOURCES } from '../../apis/facts/resources.js';
import { ObjectStore, type Change } from './object-store.js';

const configMap = (value: string) => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'c', namespace: 'ns' },
  data: { value },
});

/** Config maps as a resource, with further fields of its definition. */
function configMaps(cacher: Cacher, more: Partial<ResourceDefinition> = {}): ServedResource {
  const facts = RESOURCES.find(
    ({ group, resource }) => group === CONFIG_MAPS.group && resource === CONFIG_MAPS.resource,
  )!;
  const definition = {
    facts,
    schema: 'io.k8s.api.core.v1.ConfigMap',
    storage: 'configmaps',
    ...more,
  } as unknown as ResourceDefinition;
  const cache = cacher.cacheOf('configmaps', true);
  return new ServedResource(definition, MESSAGES, cache, cacher.root);
}

/** A store with a stale cache: the cache holds `cached`, the storage `stored`. */
async function behind() {
  const env = virtualEnv();
  const storage = createMemoryStorage(env);
  const cacher = new Cacher(storage, '/registry', env);
  const resource = configMaps(cacher);
  await storage.put('/registry/configmaps/ns/c', Buffer.from(JSON.stringify(configMap('cached'))));
  const controller = new AbortController();
  let running: Promise<void> = Promise.resolve();
  await new Promise<void>((filled) => {
    running = cacher.run(controller.signal, filled);
  });
  controller.abort(new Error('this server hears no more'));
  await running;
  await storage.put('/registry/configmaps/ns/c', Buffer.from(JSON.stringify(configMap('stored'))));
  return { resource, store: new ObjectStore(storage, cacher, env) };
}

const NEVER = { throwIfExpired() {} };

describe('object store', () => {
  it('reads the storage before it keeps a cached state unchanged', async () => {
    const { resource, store } = await behind();
    const seen: unknown[] = [];
    const { entry } = await store.change(resource, 'ns/c', NEVER, (current): Change => {
      seen.push((current!.object() as unknown as ReturnType<typeof configMap>).data.value);
      return { keep: true };
    });
    assert.deepEqual(seen, ['cached', 'stored']);
    assert.equal((entry.object() as unknown as ReturnType<typeof configMap>).data.value, 'stored');
  });

  it('reads the storage before it refuses a cached state, and overwrites only states that it has read', async () => {
    const { resource, store } = await behind();
    const seen: unknown[] = [];
    const step = (current: { object(): unknown } | undefined): Change => {
      const { value } = (current!.object() as ReturnType<typeof configMap>).data;
      seen.push(value);
      if (value === 'cached') throw new Error('not from this state');
      return { put: configMap('next') };
    };
    await store.change(resource, 'ns/c', NEVER, step);
    assert.deepEqual(seen, ['cached', 'stored']);
  });

  it('begins no write after the deadline', async () => {
    const { resource, store } = await behind();
    const expired = {
      throwIfExpired: () => {
        throw new Error('too late');
      },
    };
    await assert.rejects(store.create(resource, 'ns/new', configMap('new'), expired), /too late/);
    await assert.rejects(
      store.change(resource, 'ns/c', expired, () => ({ remove: true })),
      /too late/,
    );
    const { entry } = await store.change(resource, 'ns/c', NEVER, () => ({ keep: true }));
    assert.equal((entry.object() as unknown as ReturnType<typeof configMap>).data.value, 'stored');
  });

  it('creates an object only while its guard is as this server knows it', async () => {
    const env = virtualEnv();
    const storage = createMemoryStorage(env);
    const cacher = new Cacher(storage, '/registry', env);
    const key = '/registry/guards/g';
    const put = async (): Promise<number> => {
      await storage.put(key, Buffer.from('{}'));
      return (await storage.get(key)).kv!.modRevision;
    };
    const [old, now] = [await put(), await put()];
    const known = [old, now];
    let looks = 0;
    const resource = configMaps(cacher, {
      guard() {
        looks++;
        const revision = known.shift();
        if (revision === undefined) throw new Error('the guard is gone');
        return { key, revision };
      },
    });
    const controller = new AbortController();
    let running: Promise<void> = Promise.resolve();
    await new Promise<void>((filled) => {
      running = cacher.run(controller.signal, filled);
    });
    const store = new ObjectStore(storage, cacher, env);
    await store.create(resource, 'ns/c', configMap('a'), NEVER);
    assert.equal(looks, 2);
    await store.change(resource, 'ns/c', NEVER, () => ({ put: configMap('b') }));
    assert.equal(looks, 2, 'a change needs no guard');
    known.push(old);
    await assert.rejects(store.create(resource, 'ns/d', configMap('d'), NEVER), /guard is gone/);
    assert.equal((await storage.get('/registry/configmaps/ns/d')).kv, undefined);
    known.push(now);
    await assert.rejects(store.create(resource, 'ns/c', configMap('c'), NEVER), /already exists/);
    controller.abort();
    await running;
  });

  // A custom resource would be decoded, pruned and encoded once more for the answer.
  it('knows the shape of what it wrote, also when the watch brings it first', async () => {
    const env = virtualEnv();
    const storage = createMemoryStorage(env);
    const cacher = new Cacher(storage, '/registry', env);
    let shapings = 0;
    const resource = configMaps(cacher, {
      stored: {
        isOwnShape: true,
        toStored: (object) => object,
        fromStored(object) {
          shapings++;
          return object;
        },
      },
    });
    const controller = new AbortController();
    let running: Promise<void> = Promise.resolve();
    await new Promise<void>((filled) => {
      running = cacher.run(controller.signal, filled);
    });
    const isCached = (revision: number): boolean =>
      resource.cache.index.get('ns/c')?.revision === revision;
    const late: Storage = {
      ...storage,
      async transact(...words) {
        const result = await storage.transact(...words);
        for (let turn = 0; !isCached(result.revision); turn++) {
          assert.ok(turn < 1_000, 'the watch brings it');
          await new Promise((resolve) => setImmediate(resolve));
        }
        // A watcher gets it meanwhile.
        resource.bytes(resource.cache.index.get('ns/c')!);
        return result;
      },
    };
    const store = new ObjectStore(late, cacher, env);
    const entry = await store.create(resource, 'ns/c', configMap('a'), NEVER);
    assert.equal(entry, resource.cache.index.get('ns/c'));
    assert.equal(resource.bytes(entry), entry.bytes);
    const change = await store.change(resource, 'ns/c', NEVER, () => ({ put: configMap('b') }));
    assert.equal(resource.bytes(change.entry), change.entry.bytes);
    assert.equal(shapings, 0);
    controller.abort();
    await running;
  });
});
