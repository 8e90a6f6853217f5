import assert from 'node:assert/strict';
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import { statusError } from '../../apimachinery/errors/status-error.js';
import { VirtualClock } from '../../../test/support/virtual-env.js';
import type { ServerServices } from '../extension/services.js';
import type { ServedResources } from '../served/served.js';
import { syncLocal } from './local.js';

/** Servers of one store, each of which knows some groups. */
function cluster() {
  const stored = new Map<string, APIService>();
  const writes: string[] = [];
  const local = {
    create: async (_type: unknown, object: APIService) => {
      const { name } = object.metadata;
      if (stored.has(name)) throw statusError('AlreadyExists', name);
      writes.push(`create ${name}`);
      stored.set(name, object);
    },
    update: async (_type: unknown, object: APIService) => {
      writes.push(`update ${object.metadata.name}`);
      stored.set(object.metadata.name, object);
    },
    delete: async (_type: unknown, _namespace: string, name: string) => {
      writes.push(`delete ${name}`);
      stored.delete(name);
    },
  };
  const services = {
    env: { clock: new VirtualClock() },
    reader: { list: () => [...stored.values()] },
    local,
  } as unknown as ServerServices;
  const server = (...groups: string[]) => {
    let hasChanged = true;
    return {
      serve: (...next: string[]) => {
        groups = next;
        hasChanged = true;
      },
      look: async () => {
        const all = groups.map((group) => ({ group, version: 'v1' }));
        const resources = { all: () => all } as unknown as ServedResources;
        await syncLocal(services, resources, hasChanged);
        hasChanged = false;
      },
    };
  };
  return { stored, writes, server };
}

describe('APIServices of several servers', () => {
  it('come to rest while the servers serve different groups', async () => {
    const { stored, writes, server } = cluster();
    const servers = [server('a.com', 'b.com'), server('a.com', 'c.com'), server('a.com')];
    for (let round = 0; round < 5; round++) for (const one of servers) await one.look();
    const before = writes.length;
    assert.ok(before <= 8, writes.join(', '));
    for (let round = 0; round < 20; round++) for (const one of servers) await one.look();
    assert.deepEqual(writes.slice(before), []);
    assert.deepEqual([...stored.keys()].sort(), ['v1.a.com', 'v1.b.com', 'v1.c.com']);
  });

  it('go with the group on the server that stops to serve it', async () => {
    const { stored, writes, server } = cluster();
    const servers = [server('a.com', 'b.com'), server('a.com', 'b.com')];
    for (const one of servers) await one.look();
    for (const one of servers) one.serve('a.com');
    for (let round = 0; round < 10; round++) for (const one of servers) await one.look();
    assert.deepEqual(writes, ['create v1.a.com', 'create v1.b.com', 'delete v1.b.com']);
    assert.deepEqual([...stored.keys()], ['v1.a.com']);
  });

  it('that a user made stay as they are', async () => {
    const { stored, writes, server } = cluster();
    const own = { metadata: { name: 'v1.a.com' }, spec: { group: 'a.com', version: 'v1' } };
    stored.set('v1.a.com', own as unknown as APIService);
    stored.set('v1.other.com', { ...own, metadata: { name: 'v1.other.com' } } as APIService);
    await server('a.com').look();
    assert.deepEqual(writes, []);
  });
});
