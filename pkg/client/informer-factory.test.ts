// Informers over a scripted list and watch: order, diffs, recovery. test/integration/client has the
// tests against the real API server.
import assert from 'node:assert/strict';
import { PODS } from '../apis/resource-types.js';
import type { Pod } from '../apis/core/v1/types.js';
import { statusError } from '../apimachinery/errors/status-error.js';
import type { WatchEvent } from '../apimachinery/meta/object.js';
import { virtualEnv, type VirtualEnv } from '../../test/support/virtual-env.js';
import type { Client, ListOptions, WatchOptions } from './client.js';
import { createInformer, createInformerFactory } from './informer-factory.js';

const pod = (
  name: string,
  resourceVersion: string,
  extra: { uid?: string; node?: string } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid: extra.uid ?? `uid-${name}`, resourceVersion },
  spec: { containers: [], ...(extra.node ? { nodeName: extra.node } : {}) },
});

/** Lists and watches return what the test queued; a watch without queued events stays open. */
function script(
  lists: (Error | { items: Pod[]; metadata: { resourceVersion?: string; continue?: string } })[],
  watches: (Error | WatchEvent<Pod>[])[],
) {
  const calls: string[] = [];
  const client = {
    list(_type: unknown, options: ListOptions) {
      calls.push(`list ${options.continue ?? ''}`.trim());
      const next = lists.shift()!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    async *watch(_type: unknown, options: WatchOptions) {
      calls.push(`watch ${options.resourceVersion}`);
      const next = watches.shift();
      if (next instanceof Error) throw next;
      if (next) return yield* next;
      await new Promise((_, reject) =>
        options.signal.addEventListener('abort', () => reject(options.signal.reason as Error)),
      );
    },
  } as unknown as Client;
  return { client, calls };
}

function follow(env: VirtualEnv, client: Client) {
  const informer = createInformer(env, client, PODS, {
    indexers: { node: (p) => [p.spec.nodeName ?? ''] },
  });
  const seen: string[] = [];
  const show = (p: Pod) => `${p.metadata.name}@${p.metadata.resourceVersion}`;
  informer.addHandler({
    added: (p) => seen.push(`+${show(p)}`),
    updated: (p, old) => seen.push(`~${show(old)}>${show(p)}`),
    deleted: (p) => seen.push(`-${show(p)}`),
  });
  const abort = new AbortController();
  const run = informer.run(abort.signal);
  return { informer, seen, stop: () => (abort.abort(new Error('stop')), run) };
}

describe('informer', () => {
  const page = (resourceVersion: string) => ({ items: [], metadata: { resourceVersion } });
  const expired = statusError('Expired', 'too old resource version: 9 (20)');
  const isSetBack = { name: 'StoreSetBack', message: 'the store went back from revision 9 to 7' };

  it('ends when a list shows that the store was set back', async () => {
    const env = virtualEnv();
    const { client } = script([page('9'), page('7')], [expired]);
    const informer = createInformer(env, client, PODS);
    await assert.rejects(informer.run(new AbortController().signal), isSetBack);
  });

  it('ends even when a page of the list expires before', async () => {
    const env = virtualEnv();
    const { client } = script([page('9'), expired, page('7')], [expired]);
    const run = createInformer(env, client, PODS).run(new AbortController().signal);
    const refused = assert.rejects(run, isSetBack);
    await env.clock.advance(60_000);
    await refused;
  });

  it('ends the factory that it belongs to', async () => {
    const env = virtualEnv();
    const { client } = script([page('9'), page('7')], [expired]);
    const factory = createInformerFactory(client, env);
    factory.informer(PODS);
    await assert.rejects(factory.run(new AbortController().signal), isSetBack);
  });

  it('follows a server of another group, which counts revisions as it likes', async () => {
    const env = virtualEnv();
    const { client, calls } = script([page('9'), page('7')], [expired]);
    const abort = new AbortController();
    const informer = createInformer(env, client, { ...PODS, group: 'example.org' });
    const run = informer.run(abort.signal);
    await env.clock.advance(1);
    assert.deepEqual(calls, ['list', 'watch 9', 'list', 'watch 7']);
    abort.abort(new Error('stop'));
    await run;
  });

  it('lists all pages, then follows the watch from the list revision', async () => {
    const env = virtualEnv();
    const { client, calls } = script(
      [
        { items: [pod('a', '1')], metadata: { resourceVersion: '5', continue: 'next' } },
        { items: [pod('b', '2')], metadata: { resourceVersion: '5' } },
      ],
      [
        [
          { type: 'MODIFIED', object: pod('a', '6') },
          { type: 'DELETED', object: pod('b', '7') },
          { type: 'BOOKMARK', object: pod('', '9') },
        ],
      ],
    );
    const { informer, seen, stop } = follow(env, client);
    assert.equal(informer.synced, false);
    await env.clock.advance(10_000);
    assert.equal(informer.synced, true);
    assert.deepEqual(seen, ['+a@1', '+b@2', '~a@1>a@6', '-b@7']);
    assert.deepEqual(calls, ['list', 'list next', 'watch 5', 'watch 9']);
    await stop();
  });

  it('reports only the changes between two lists after a 410', async () => {
    const env = virtualEnv();
    const { client, calls } = script(
      [
        {
          items: [pod('a', '1'), pod('b', '2'), pod('c', '3'), pod('d', '4')],
          metadata: { resourceVersion: '5' },
        },
        {
          items: [pod('a', '1'), pod('b', '8'), pod('d', '9', { uid: 'new' }), pod('e', '7')],
          metadata: { resourceVersion: '10' },
        },
      ],
      [statusError('Expired', 'too old resource version: 5 (8)')],
    );
    const { seen, stop } = follow(env, client);
    await env.clock.advance(10_000);
    assert.deepEqual(seen.slice(4), ['-c@3', '~b@2>b@8', '-d@4', '+d@9', '+e@7']);
    assert.deepEqual(calls, ['list', 'watch 5', 'list', 'watch 10']);
    await stop();
  });

  it('resumes the watch from the last revision after an error, with back-off', async () => {
    const env = virtualEnv();
    const down = new Error('connection refused');
    const { client, calls } = script(
      [down, { items: [], metadata: { resourceVersion: '1' } }],
      [down, down, down, down],
    );
    const { stop } = follow(env, client);
    await env.clock.advance(100);
    assert.deepEqual(calls, ['list']);
    await env.clock.advance(60_000);
    assert.deepEqual(calls, [
      'list',
      'list',
      'watch 1',
      'watch 1',
      'watch 1',
      'watch 1',
      'watch 1',
    ]);
    await stop();
  });

  it('keeps indexes consistent through updates', async () => {
    const env = virtualEnv();
    const { client } = script(
      [{ items: [pod('a', '1', { node: 'n1' })], metadata: { resourceVersion: '1' } }],
      [[{ type: 'MODIFIED', object: pod('a', '2', { node: 'n2' }) }]],
    );
    const { informer, stop } = follow(env, client);
    await env.clock.advance(1000);
    assert.deepEqual(informer.store.byIndex('node', 'n1'), []);
    assert.deepEqual(
      informer.store.byIndex('node', 'n2').map((p) => p.metadata.resourceVersion),
      ['2'],
    );
    assert.equal(informer.store.byIndex('namespace', 'ns').length, 1);
    await stop();
  });

  it('sends a late handler all objects, and continues after a handler that throws', async () => {
    const env = virtualEnv();
    const { client } = script([{ items: [pod('a', '1')], metadata: { resourceVersion: '1' } }], []);
    const { informer, seen, stop } = follow(env, client);
    informer.addHandler({
      added() {
        throw new Error('bug');
      },
    });
    await env.clock.advance(1000);
    const late: string[] = [];
    const remove = informer.addHandler({ added: (p) => late.push(p.metadata.name) });
    remove();
    assert.deepEqual(late, ['a']);
    assert.deepEqual(seen, ['+a@1']);
    assert.ok(env.log.lines.some((line) => line.event === 'informer handler failed'));
    await stop();
  });

  it('shares one watch among the users of a resource', async () => {
    const env = virtualEnv();
    const { client, calls } = script([{ items: [], metadata: { resourceVersion: '1' } }], []);
    const factory = createInformerFactory(client, env);
    const abort = new AbortController();
    assert.equal(factory.informer(PODS), factory.informer(PODS, { indexers: { x: () => [] } }));
    const run = factory.run(abort.signal);
    await env.clock.advance(0);
    await factory.waitForSync(abort.signal);
    assert.deepEqual(calls, ['list', 'watch 1']);
    assert.notEqual(factory.informer(PODS), factory.informer(PODS, { labelSelector: 'a' }));
    abort.abort();
    await run;
  });
});
