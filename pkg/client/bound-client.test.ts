import assert from 'node:assert/strict';
import { PODS } from '../apis/resource-types.js';
import type { Pod } from '../apis/core/v1/types.js';
import { boundTo } from './bound-client.js';
import type { Client } from './client.js';

const key = { namespace: 'n', name: 'p' };
const pod = { metadata: key } as Pod;
const { signal } = new AbortController();

/** Each method, called with the options. */
const CALLS: Record<string, (client: Client, options: { signal?: AbortSignal }) => unknown> = {
  get: (client, options) => client.get(PODS, key, options),
  list: (client, options) => client.list(PODS, options),
  create: (client, options) => client.create(PODS, pod, options),
  update: (client, options) => client.update(PODS, pod, options),
  patch: (client, options) => client.patch(PODS, key, {}, { type: 'merge', ...options }),
  delete: (client, options) => client.delete(PODS, key, options),
  deleteCollection: (client, options) => client.deleteCollection(PODS, {}, options),
  createSubresource: (client, options) =>
    client.createSubresource(PODS, key, 'eviction', {}, options),
  raw: (client, options) => client.raw('GET', '/readyz', undefined, options),
};

describe('boundTo', () => {
  let asked: { method: string; options: { signal?: AbortSignal } | undefined } | undefined;
  const recorder = new Proxy({} as Client, {
    get:
      (_target, method: string) =>
      (...args: unknown[]) =>
        (asked = { method, options: args.at(-1) as { signal?: AbortSignal } }),
  });
  const bound = boundTo(recorder, signal);

  for (const [method, call] of Object.entries(CALLS)) {
    it(`ends ${method} with the signal, or with the signal of the call`, () => {
      call(bound, {});
      assert.equal(asked?.method, method);
      assert.equal(asked.options?.signal, signal);
      const own = new AbortController().signal;
      call(bound, { signal: own });
      assert.equal(asked.options?.signal, own);
    });
  }
});
