import assert from 'node:assert/strict';
import type { Client } from './client.js';
import { discover } from './discovery.js';

const resource = (name: string) => ({ name, kind: name, namespaced: true, verbs: ['list'] });
const groupOf = (name: string, ...versions: string[]) => {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: all, preferredVersion: all[0] };
};

/** A client that answers with these values; other paths are not found. */
const serve = (answers: Record<string, object>): Client =>
  ({
    raw: (_method: string, path: string) =>
      Promise.resolve({
        status: answers[path] ? 200 : 404,
        headers: {},
        body: new TextEncoder().encode(JSON.stringify(answers[path] ?? {})),
      }),
  }) as unknown as Client;

describe('discovery', () => {
  it('finds each resource in the first version of its group that has it', async () => {
    const client = serve({
      '/apis': { groups: [groupOf('a.com', 'v2', 'v1', 'v1beta1'), groupOf('b.com', 'v1')] },
      '/api/v1': { resources: [resource('pods'), resource('pods/status')] },
      '/apis/a.com/v2': { resources: [resource('gizmos')] },
      '/apis/a.com/v1': { resources: [resource('gizmos'), resource('gadgets')] },
      '/apis/a.com/v1beta1': { resources: [resource('gadgets'), resource('widgets')] },
      '/apis/b.com/v1': { resources: [resource('gizmos')] },
    });
    const { resources, failed } = await discover(client, new AbortController().signal);
    assert.deepEqual(
      resources.map(({ type }) => `${type.group}/${type.version}/${type.resource}`),
      [
        '/v1/pods',
        'a.com/v2/gizmos',
        'a.com/v1/gadgets',
        'a.com/v1beta1/widgets',
        'b.com/v1/gizmos',
      ],
    );
    assert.equal(failed.size, 0);
  });

  it('names the versions that it cannot read, and goes on', async () => {
    const client = serve({
      '/apis': { groups: [groupOf('a.com', 'v2', 'v1')] },
      '/api/v1': { resources: [resource('pods')] },
      '/apis/a.com/v1': { resources: [resource('gadgets')] },
    });
    const { resources, failed } = await discover(client, new AbortController().signal);
    assert.deepEqual(
      resources.map(({ type }) => type.resource),
      ['pods', 'gadgets'],
    );
    assert.deepEqual([...failed.keys()], ['a.com/v2']);
  });
});
