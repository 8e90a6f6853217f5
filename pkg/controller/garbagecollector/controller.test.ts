import assert from 'node:assert/strict';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import { CONFIG_MAPS } from '../../apis/resource-types.js';
import { MemoryInformers } from '../../../test/support/memory-informers.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import type { ControllerContext } from '../runtime/controller.js';
import { runControllers } from '../runtime/run-controllers.js';
import { createGarbageCollector } from './controller.js';

const VERBS = ['list', 'watch', 'delete', 'get'];

const ORPHAN = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'orphan',
    namespace: 'here',
    uid: 'u2',
    resourceVersion: '2',
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'u1' }],
  },
};

/** Informers of which that of gizmos never has its objects. */
class Stuck extends MemoryInformers {
  override of<T extends ApiObject>(type: ResourceType<T>) {
    const informer = super.of(type);
    if (type.resource === 'gizmos') informer.waitForSync = () => new Promise<void>(() => {});
    return informer;
  }
}

describe('the garbage collector', () => {
  it('works on, and follows discovery, when a kind can be discovered and not be listed', async () => {
    const env = virtualEnv();
    const informers = new Stuck();
    informers.of(CONFIG_MAPS).put(ORPHAN as never);
    let served = true;
    const deleted: string[] = [];
    const asked: string[] = [];
    const bodyOf = (path: string): object => {
      asked.push(path);
      const version = { groupVersion: 'x.example.com/v1', version: 'v1' };
      if (path === '/apis')
        return {
          groups: served
            ? [{ name: 'x.example.com', versions: [version], preferredVersion: version }]
            : [],
        };
      const [name, kind] = path.startsWith('/api/')
        ? ['configmaps', 'ConfigMap']
        : ['gizmos', 'Gizmo'];
      return { resources: [{ name, kind, namespaced: true, verbs: VERBS }] };
    };
    const client = {
      raw: async (_method: string, path: string) => ({
        status: 200,
        headers: {},
        body: new TextEncoder().encode(JSON.stringify(bodyOf(path))),
      }),
      get: async () => undefined,
      delete: async (_type: unknown, { name }: { name: string }) => void deleted.push(name),
    };
    const abort = new AbortController();
    const { signal } = abort;
    const context = { env, client, informers, signal, events: () => ({ event: () => undefined }) };
    const collector = createGarbageCollector(context as unknown as ControllerContext);
    const run = runControllers(env, [{ ...collector, name: 'gc', workers: 1 }], signal);
    await env.clock.advance(31_000);
    assert.deepEqual(deleted, ['orphan']);
    served = false;
    asked.length = 0;
    await env.clock.advance(61_000);
    assert.ok(asked.includes('/apis'), 'discovers again');
    assert.ok(!informers.has({ resource: 'gizmos' } as never), 'forgets the kind');
    abort.abort();
    await env.clock.advance(1000);
    await run;
  });
});
