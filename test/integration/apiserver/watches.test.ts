// Watches through HTTP: starts, order, transitions, bookmarks, ends.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, pod, type WatchEventJson } from './harness.js';
import { serve } from './serve.js';

const show = ({ type, object }: WatchEventJson) => `${type} ${object.metadata['name'] ?? ''}`;

for (const storage of ['memory', 'etcd'] as const) {
  describe(`apiserver watches on ${storage}`, function () {
    this.timeout(60_000);
    let server: RunningApiServer;
    let api: Api;
    let ns = '';
    let run = 0;

    serve((...made) => ([server, api] = made), storage);
    beforeEach(async () => {
      ns = await namespace(api, `watches-${run++}`);
    });

    it('sends the present objects, then changes, each with its revision', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const watch = api.watch(`${ns}/configmaps?watch=true`);
      await watch.until((events) => events.length === 1);
      await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
      const changed = await api.ok(api.put(`${ns}/configmaps/a`, configMap('a', { k: '1' })));
      await api.ok(api.delete(`${ns}/configmaps/a`));
      await watch.until((events) => events.length === 4);
      assert.deepEqual(watch.events.map(show), ['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED a']);
      assert.equal(
        watch.events[2]!.object.metadata['resourceVersion'],
        changed.metadata['resourceVersion'],
      );
      assert.ok(
        Number(watch.events[3]!.object.metadata['resourceVersion']) >
          Number(changed.metadata['resourceVersion']),
      );
      assert.equal(watch.events[3]!.object.data['k'], '1');
      watch.close();
    });

    it('continues from a revision', async () => {
      const made = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
      const watch = api.watch(
        `${ns}/configmaps?watch=1&resourceVersion=${String(made.metadata['resourceVersion'])}`,
      );
      await watch.until((events) => events.length === 1);
      assert.deepEqual(watch.events.map(show), ['ADDED b']);
      watch.close();
    });

    it('turns objects that begin or cease to match into ADDED and DELETED', async () => {
      const watch = api.watch(`${ns}/configmaps?watch=1&labelSelector=x%3D1`);
      await watch.begun;
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      await api.ok(api.put(`${ns}/configmaps/a`, configMap('a', {}, { x: '1' })));
      await api.ok(api.put(`${ns}/configmaps/a`, configMap('a', { k: '2' }, { x: '1' })));
      const left = await api.ok(
        api.put(`${ns}/configmaps/a`, configMap('a', { k: '3' }, { x: '2' })),
      );
      await watch.until((events) => events.length === 3);
      assert.deepEqual(watch.events.map(show), ['ADDED a', 'MODIFIED a', 'DELETED a']);
      const { object } = watch.events[2]!;
      assert.deepEqual(
        [object.metadata.labels['x'], object.data['k'], object.metadata['resourceVersion']],
        ['1', '2', left.metadata['resourceVersion']],
      );
      watch.close();
    });

    it('watches one object by name and by field', async () => {
      const byName = api.watch(`${ns}/configmaps/b?watch=1`);
      const byField = api.watch(`${ns}/configmaps?watch=1&fieldSelector=metadata.name%3Db`);
      const legacy = api.watch(`${ns.replace('/v1/', '/v1/watch/')}/configmaps/b`);
      for (const name of ['a', 'b'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(name)), 201);
      for (const watch of [byName, byField, legacy]) {
        await watch.until((events) => events.length === 1);
        assert.deepEqual(watch.events.map(show), ['ADDED b']);
        watch.close();
      }
    });

    it('watches objects whose names have marks of selectors', async () => {
      const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
      const odd = ['a,b=c', 'x==y', 'back\\slash,', ',metadata.name!=z'];
      const watches = odd.flatMap((name) => {
        const path = encodeURIComponent(name);
        return [
          api.watch(`${roles}/${path}?watch=1`),
          api.watch(`${roles.replace('/v1/', '/v1/watch/')}/${path}`),
        ];
      });
      await Promise.all(watches.map(({ begun }) => begun));
      for (const name of ['a', 'b', 'x', 'y', 'z', ...odd])
        await api.ok(api.post(roles, { metadata: { name }, rules: [] }), 201);
      for (const [at, watch] of watches.entries()) {
        await watch.until((events) => events.length === 1);
        assert.deepEqual(watch.events.map(show), [`ADDED ${odd[at >> 1]}`]);
        watch.close();
      }
    });

    it("moves an object from one field value's watchers to another's", async () => {
      const unbound = api.watch(`${ns}/pods?watch=1&fieldSelector=spec.nodeName%3D`);
      const bound = api.watch(`${ns}/pods?watch=1&fieldSelector=spec.nodeName%3Dn1`);
      const other = api.watch(`${ns}/pods?watch=1&fieldSelector=spec.nodeName!%3Dn1`);
      await Promise.all([unbound, bound, other].map(({ begun }) => begun));
      await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
      await api.ok(
        api.post(`${ns}/pods/a/binding`, {
          metadata: { name: 'a' },
          target: { kind: 'Node', name: 'n1' },
        }),
        201,
      );
      await api.ok(api.delete(`${ns}/pods/a`, { gracePeriodSeconds: 0 }));
      await bound.until((events) => events.length === 2);
      await unbound.until((events) => events.length === 2);
      await other.until((events) => events.length === 2);
      assert.deepEqual(
        [bound, unbound, other].map(({ events }) => events.map(show)),
        [
          ['ADDED a', 'DELETED a'],
          ['ADDED a', 'DELETED a'],
          ['ADDED a', 'DELETED a'],
        ],
      );
      for (const watch of [unbound, bound, other]) watch.close();
    });

    it('sends 410 as an event when the start is too old', async () => {
      // A server that started later lacks earlier events.
      const later = await startApiServer({ storage: server.storage });
      const watcher = new Api(later);
      const watch = watcher.watch(`${ns}/configmaps?watch=1&resourceVersion=1`);
      await watch.ended;
      watcher.close();
      await later.stop();
      assert.deepEqual(
        [watch.events[0]!.type, watch.events[0]!.object['code'], watch.events[0]!.object['reason']],
        ['ERROR', 410, 'Expired'],
      );
      assert.match(
        String(watch.events[0]!.object['message']),
        /^too old resource version: 1 \(\d+\)$/,
      );
    });

    it('ends at its timeout, with a bookmark before', async () => {
      const watch = api.watch(`${ns}/configmaps?watch=1&timeoutSeconds=1&allowWatchBookmarks=true`);
      await watch.ended;
      assert.deepEqual(
        watch.events.map(({ type }) => type),
        ['BOOKMARK'],
      );
      const { object } = watch.events[0]!;
      assert.deepEqual(
        [object['kind'], object['apiVersion'], Object.keys(object).sort()],
        ['ConfigMap', 'v1', ['apiVersion', 'kind', 'metadata']],
      );
    });

    it('streams a list: initial events, then the annotated bookmark', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const watch = api.watch(
        `${ns}/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      );
      await watch.until((events) => events.length === 2);
      assert.deepEqual(
        watch.events.map(({ type }) => type),
        ['ADDED', 'BOOKMARK'],
      );
      assert.equal(
        watch.events[1]!.object.metadata['annotations']['k8s.io/initial-events-end'],
        'true',
      );
      await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
      await watch.until((events) => events.length === 3);
      watch.close();
    });

    it("names a table's columns once", async () => {
      const watch = api.watch(`${ns}/configmaps?watch=1`, {
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      });
      for (const name of ['a', 'b'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(name)), 201);
      await watch.until((events) => events.length === 2);
      assert.ok(watch.events[0]!.object.columnDefinitions.length > 0);
      assert.equal(watch.events[1]!.object['columnDefinitions'], null);
      assert.equal(watch.events[1]!.object.rows[0]!.cells[0], 'b');
      watch.close();
    });

    it('lets a slow watcher catch up from the ring, in order and complete', async () => {
      const slow = new Api(server);
      const watch = slow.watch(`${ns}/configmaps?watch=1`);
      const fast = api.watch(`${ns}/configmaps?watch=1`);
      await fast.begun;
      await api.ok(api.post(`${ns}/configmaps`, configMap('first')), 201);
      await watch.until((events) => events.length === 1);
      watch.pause();
      const text = 'x'.repeat(200_000);
      for (let n = 0; n < 40; n++)
        await api.ok(api.post(`${ns}/configmaps`, configMap(`n${n}`, { text })), 201);
      await fast.until((events) => events.length === 41);
      watch.resume();
      await watch.until((events) => events.length === 41);
      assert.deepEqual(watch.events.map(show), fast.events.map(show));
      fast.close();
      slow.close();
    });

    it('gives many watchers the same events in the same order', async () => {
      const watches = Array.from({ length: 50 }, () => api.watch(`${ns}/configmaps?watch=1`));
      await api.ok(api.post(`${ns}/configmaps`, configMap('first')), 201);
      for (const watch of watches) await watch.until((events) => events.length >= 1);
      await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          api.ok(api.post(`${ns}/configmaps`, configMap(`n${n}`)), 201),
        ),
      );
      for (const watch of watches) await watch.until((events) => events.length === 41);
      const order = watches[0]!.events.map(show);
      for (const watch of watches) {
        assert.deepEqual(watch.events.map(show), order);
        watch.close();
      }
    });
  });
}
