// Guarantees of reads, lists and watches that other suites do not test. README.md has the table.
import assert from 'node:assert/strict';
import { configMap, pod, type Json } from '../apiserver/harness.js';
import { MERGE, withServer } from './serve.js';

const names = (list: Json): string[] => list.items.map((item: Json) => item.metadata.name);
const causes = (json: Json): [string, string][] =>
  json.details.causes.map(({ reason, field }: Json) => [reason, field]);

withServer(
  'semantics of lists',
  (suite) => {
    it('takes resourceVersion 0, N, and N with a limit as any state, not older than, and exactly', async () => {
      const { api, ns } = suite;
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const then: string = (await api.ok(api.get(`${ns}/configmaps`))).metadata.resourceVersion;
      await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
      await api.ok(api.post(`${ns}/configmaps`, configMap('c')), 201);
      const any: Json = await api.ok(api.get(`${ns}/configmaps?resourceVersion=0&limit=1`));
      assert.deepEqual(
        [names(any), any.metadata.continue],
        [['a', 'b', 'c'], undefined],
        'limit is ignored',
      );
      const later: Json = await api.ok(api.get(`${ns}/configmaps?resourceVersion=${then}`));
      assert.deepEqual(names(later), ['a', 'b', 'c']);
      const legacy: Json = await api.ok(
        api.get(`${ns}/configmaps?resourceVersion=${then}&limit=10`),
      );
      assert.deepEqual([names(legacy), legacy.metadata.resourceVersion], [['a'], then]);
      const notOlder: Json = await api.ok(
        api.get(
          `${ns}/configmaps?resourceVersion=${then}&limit=2&resourceVersionMatch=NotOlderThan`,
        ),
      );
      assert.deepEqual(names(notOlder), ['a', 'b']);
      const exact: Json = await api.ok(
        api.get(
          `${ns}/configmaps?resourceVersion=${then}&resourceVersionMatch=Exact&labelSelector=!x`,
        ),
      );
      assert.deepEqual(names(exact), ['a']);
    });

    it('names the wrong option', async () => {
      const { api, ns } = suite;
      const refused = async (query: string) => {
        const answer = await api.get(`${ns}/configmaps?${query}`);
        const status = JSON.parse(answer.bytes.toString()) as Json;
        assert.deepEqual([answer.status, status.reason], [422, 'Invalid'], query);
        return causes(status);
      };
      assert.deepEqual(await refused('resourceVersionMatch=Exact'), [
        ['FieldValueForbidden', 'resourceVersionMatch'],
      ]);
      assert.deepEqual(await refused('resourceVersion=0&resourceVersionMatch=Exact'), [
        ['FieldValueForbidden', 'resourceVersionMatch'],
      ]);
      assert.deepEqual(await refused('resourceVersion=1&resourceVersionMatch=Sometimes'), [
        ['FieldValueNotSupported', 'resourceVersionMatch'],
      ]);
      assert.deepEqual(await refused('sendInitialEvents=true'), [
        ['FieldValueForbidden', 'sendInitialEvents'],
      ]);
      assert.deepEqual(await refused('watch=1&sendInitialEvents=true'), [
        ['FieldValueForbidden', 'resourceVersionMatch'],
      ]);
      assert.deepEqual(await refused('watch=1&sendInitialEvents=true&resourceVersionMatch=Exact'), [
        ['FieldValueNotSupported', 'resourceVersionMatch'],
      ]);
      const both = await api.get(
        `${ns}/configmaps?continue=x&resourceVersion=1&resourceVersionMatch=Exact`,
      );
      assert.equal(both.status, 422);
    });

    it('waits for a near revision, and refuses one that does not arrive', async () => {
      const { api, ns } = suite;
      const now = Number((await api.ok(api.get(`${ns}/configmaps`))).metadata.resourceVersion);
      const waiting = api.ok(api.get(`${ns}/configmaps?resourceVersion=${now + 1}`));
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      assert.deepEqual(names(await waiting), ['a']);
      const future = now + 1_000_000;
      const begins = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
      const paths = ['/a?', '?', '?limit=1&', `?${begins}&`].map(
        (query) => `${ns}/configmaps${query}resourceVersion=${future}`,
      );
      await Promise.all(
        paths.map(async (path) => {
          const answer = await api.get(path);
          const { reason, details } = JSON.parse(answer.bytes.toString()) as Json;
          assert.deepEqual(
            [answer.status, reason, details.causes[0].reason, details.retryAfterSeconds],
            [504, 'Timeout', 'ResourceVersionTooLarge', 1],
            path,
          );
        }),
      );
    });

    it('counts all resources with one counter', async () => {
      const { api, ns } = suite;
      const a: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const b: Json = await api.ok(api.post(`${ns}/secrets`, { metadata: { name: 'b' } }), 201);
      const list: Json = await api.ok(api.get(`${ns}/configmaps`));
      assert.ok(Number(b.metadata.resourceVersion) > Number(a.metadata.resourceVersion));
      assert.ok(Number(list.metadata.resourceVersion) >= Number(b.metadata.resourceVersion));
      const nothing: Json = await api.ok(api.get('/apis/storage.k8s.io/v1/csidrivers'));
      assert.deepEqual(
        [
          nothing.items,
          Number(nothing.metadata.resourceVersion) >= Number(b.metadata.resourceVersion),
        ],
        [[], true],
      );
    });

    it('pages selections without counting the rest, across namespaces too', async () => {
      const { api, ns, name } = suite;
      const label = { page: name };
      for (const at of ['a', 'b', 'c', 'd'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(at, {}, label)), 201);
      const query = `labelSelector=page%3D${name}&limit=2`;
      const first: Json = await api.ok(api.get(`/api/v1/configmaps?${query}`));
      assert.deepEqual([names(first), first.metadata.remainingItemCount], [['a', 'b'], undefined]);
      const token = JSON.parse(
        Buffer.from(first.metadata.continue, 'base64url').toString(),
      ) as Json;
      assert.deepEqual(
        [token.v, token.rv, token.start],
        ['meta.k8s.io/v1', Number(first.metadata.resourceVersion), `${name}/b\0`],
      );
      assert.ok(!first.metadata.continue.includes('='), 'no padding');
      const second: Json = await api.ok(
        api.get(`/api/v1/configmaps?${query}&continue=${first.metadata.continue}`),
      );
      assert.deepEqual([names(second), second.metadata.continue], [['c', 'd'], undefined]);
      assert.equal(
        (
          await api.get(
            `/api/v1/configmaps?${query}&continue=${first.metadata.continue}&resourceVersion=5`,
          )
        ).status,
        400,
      );
    });

    it('continues inconsistently from revision -1', async () => {
      const { api, ns } = suite;
      for (const at of ['a', 'b', 'c'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(at)), 201);
      const token = Buffer.from(
        JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: 'a\0' }),
      ).toString('base64url');
      const rest: Json = await api.ok(api.get(`${ns}/configmaps?limit=1&continue=${token}`));
      assert.deepEqual([names(rest), rest.metadata.remainingItemCount], [['b'], 1]);
      assert.ok(Number(rest.metadata.resourceVersion) > 0);
    });

    it('refuses malformed continue tokens', async () => {
      const { api, ns } = suite;
      for (const token of [
        'bnVsbA',
        'e30',
        'W10',
        'x',
        Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"../a"}').toString('base64url'),
      ]) {
        const answer = await api.get(`${ns}/configmaps?continue=${token}`);
        assert.deepEqual(
          [
            answer.status,
            answer.json.message.startsWith('invalid continue token: continue key is not valid: '),
          ],
          [400, true],
          token,
        );
      }
    });

    it('names the resource, not the kind, in NotFound', async () => {
      const { api, name } = suite;
      const missing = await api.get(`/apis/apps/v1/namespaces/${name}/deployments/d`);
      assert.deepEqual(
        [missing.json.message, missing.json.details],
        ['deployments.apps "d" not found', { name: 'd', group: 'apps', kind: 'deployments' }],
      );
      const unknown = await api.get(`/apis/apps/v1/namespaces/${name}/things`);
      assert.deepEqual(
        [unknown.status, unknown.json.message, unknown.json.reason],
        [404, 'the server could not find the requested resource', 'NotFound'],
      );
    });
  },
  ['memory', 'etcd'],
);

withServer('semantics of watches', (suite) => {
  it('sends present objects as ADDED for revision 0 and without one, only later events for N', async () => {
    const { api, ns } = suite;
    const a: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    const watches = [
      '',
      '&resourceVersion=0',
      `&resourceVersion=${a.metadata.resourceVersion}`,
    ].map((query) => api.watch(`${ns}/configmaps?watch=1${query}`));
    for (const watch of watches.slice(0, 2)) await watch.until((events) => events.length === 1);
    await api.ok(api.post(`${ns}/configmaps`, configMap('b')), 201);
    await api.ok(api.delete(`${ns}/configmaps/a`));
    for (const watch of watches)
      await watch.until((events) => events.some(({ type }) => type === 'DELETED'));
    const shown = watches.map((watch) =>
      watch.events.map(({ type, object }) => `${type} ${object.metadata.name}`),
    );
    assert.deepEqual(shown, [
      ['ADDED a', 'ADDED b', 'DELETED a'],
      ['ADDED a', 'ADDED b', 'DELETED a'],
      ['ADDED b', 'DELETED a'],
    ]);
    for (const watch of watches) watch.close();
  });

  it('keeps WatchList order: present objects, the annotated bookmark, then changes; none for false', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    const options =
      'watch=1&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1';
    const from: Json = await api.ok(api.get(`${ns}/configmaps`));
    const list = api.watch(
      `${ns}/configmaps?${options}&sendInitialEvents=true&resourceVersion=${from.metadata.resourceVersion}`,
    );
    const none = api.watch(`${ns}/configmaps?${options}&sendInitialEvents=false`);
    await Promise.all([list.ended, none.ended]);
    assert.deepEqual(
      list.events.map(({ type }) => type),
      ['ADDED', 'BOOKMARK', 'BOOKMARK'],
    );
    assert.equal(list.events[1]!.object.metadata.annotations['k8s.io/initial-events-end'], 'true');
    assert.ok(
      Number(list.events[1]!.object.metadata.resourceVersion) >=
        Number(from.metadata.resourceVersion),
    );
    assert.deepEqual(
      none.events.map(({ type }) => type),
      ['BOOKMARK'],
    );
  });

  it('sends bookmarks only on request', async () => {
    const { api, ns } = suite;
    const watch = api.watch(`${ns}/configmaps?watch=1&timeoutSeconds=1`);
    await watch.ended;
    assert.deepEqual(watch.events, []);
  });

  it('turns field transitions into ADDED and DELETED', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
    const pending = api.watch(`${ns}/pods?watch=1&fieldSelector=status.phase%3DPending`);
    const running = api.watch(`${ns}/pods?watch=1&fieldSelector=status.phase%3DRunning`);
    await pending.until((events) => events.length === 1);
    const moved: Json = await api.ok(
      api.patch(`${ns}/pods/a/status`, MERGE, { status: { phase: 'Running' } }),
    );
    await pending.until((events) => events.length === 2);
    await running.until((events) => events.length === 1);
    const [, gone] = pending.events;
    assert.deepEqual(
      [gone!.type, gone!.object.status.phase, gone!.object.metadata.resourceVersion],
      ['DELETED', 'Pending', moved.metadata.resourceVersion],
    );
    assert.deepEqual(
      [running.events[0]!.type, running.events[0]!.object.status.phase],
      ['ADDED', 'Running'],
    );
    pending.close();
    running.close();
  });

  it('watches as bare metadata, and all namespaces', async () => {
    const { api, ns, name } = suite;
    const watch = api.watch('/api/v1/configmaps?watch=1', {
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    });
    await api.ok(api.post(`${ns}/configmaps`, configMap('mine', { k: 'v' })), 201);
    await watch.until((events) => events.some(({ object }) => object.metadata.name === 'mine'));
    const { object } = watch.events.find((event) => event.object.metadata.name === 'mine')!;
    assert.deepEqual(
      [object.kind, object.apiVersion, object.data, object.metadata.namespace],
      ['PartialObjectMetadata', 'meta.k8s.io/v1', undefined, name],
    );
    watch.close();
  });
});
