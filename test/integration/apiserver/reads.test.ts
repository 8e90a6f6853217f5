// Reads through HTTP: resourceVersion rules, paging, selectors, representations.
import assert from 'node:assert/strict';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, pod, type Json } from './harness.js';
import { serve } from './serve.js';

const TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const names = (list: Json) => list.items.map((item: Json) => item.metadata.name);

for (const storage of ['memory', 'etcd'] as const) {
  describe(`apiserver reads on ${storage}`, function () {
    this.timeout(60_000);
    let server: RunningApiServer;
    let api: Api;
    let ns = '';
    let run = 0;

    serve((...made) => ([server, api] = made), storage);
    beforeEach(async () => {
      ns = await namespace(api, `reads-${run++}`);
    });

    it('reads its own writes, with the revision in bytes', async () => {
      const made = await api.ok(api.post(`${ns}/configmaps`, configMap('a', { k: 'v' })), 201);
      const got = await api.ok(api.get(`${ns}/configmaps/a`));
      assert.deepEqual(got, made);
      assert.match(String(got.metadata['resourceVersion']), /^\d+$/);
      const missing = await api.get(`${ns}/configmaps/none`);
      assert.equal(missing.status, 404);
      assert.deepEqual(
        [missing.json['reason'], missing.json['message'], missing.json['details']],
        ['NotFound', 'configmaps "none" not found', { name: 'none', kind: 'configmaps' }],
      );
    });

    it('lists with a snapshot revision; an empty list has items and a revision', async () => {
      const empty = await api.ok(api.get(`${ns}/secrets`));
      assert.deepEqual(empty['items'], []);
      assert.equal(empty['kind'], 'SecretList');
      const made = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const list = await api.ok(api.get(`${ns}/configmaps`));
      assert.deepEqual(names(list), ['a']);
      assert.ok(
        Number(list.metadata['resourceVersion']) >= Number(made.metadata['resourceVersion']),
      );
    });

    it('pages exactly, without later writes', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(name)), 201);
      const first = await api.ok(api.get(`${ns}/configmaps?limit=2`));
      assert.deepEqual([names(first), first.metadata['remainingItemCount']], [['a', 'b'], 3]);
      await api.ok(api.delete(`${ns}/configmaps/c`));
      await api.ok(api.post(`${ns}/configmaps`, configMap('cc')), 201);
      const token = encodeURIComponent(String(first.metadata['continue']));
      const second = await api.ok(api.get(`${ns}/configmaps?limit=2&continue=${token}`));
      assert.deepEqual(names(second), ['c', 'd']);
      assert.equal(second.metadata['resourceVersion'], first.metadata['resourceVersion']);
      const third = await api.ok(
        api.get(
          `${ns}/configmaps?limit=2&continue=${encodeURIComponent(String(second.metadata['continue']))}`,
        ),
      );
      assert.deepEqual([names(third), third.metadata['continue']], [['e'], undefined]);
    });

    it('answers exact revisions from history, and 410 with a token after compaction', async () => {
      for (const name of ['a', 'b'])
        await api.ok(api.post(`${ns}/configmaps`, configMap(name)), 201);
      const then = String((await api.ok(api.get(`${ns}/configmaps`))).metadata['resourceVersion']);
      await api.ok(api.post(`${ns}/configmaps`, configMap('c')), 201);
      const exact = await api.ok(
        api.get(`${ns}/configmaps?resourceVersion=${then}&resourceVersionMatch=Exact`),
      );
      assert.deepEqual([names(exact), exact.metadata['resourceVersion']], [['a', 'b'], then]);
      const last = await api.ok(api.post(`${ns}/configmaps`, configMap('d')), 201);
      await server.storage.compact(Number(last.metadata['resourceVersion']));
      const gone = await api.get(
        `${ns}/configmaps?resourceVersion=${then}&resourceVersionMatch=Exact`,
      );
      assert.deepEqual(
        [gone.status, gone.json['reason'], gone.json['message']],
        [410, 'Expired', 'The resourceVersion for the provided list is too old.'],
      );
      const stale = Buffer.from(
        JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(then), start: 'a\0' }),
      ).toString('base64url');
      const again = await api.get(`${ns}/configmaps?limit=1&continue=${stale}`);
      assert.equal(again.status, 410);
      const rest = await api.ok(
        api.get(`${ns}/configmaps?continue=${String(again.json.metadata['continue'])}`),
      );
      assert.deepEqual(names(rest), ['b', 'c', 'd']);
    });

    it('refuses revisions from the future with 504 and a cause', async () => {
      const answer = await api.get(`${ns}/configmaps?resourceVersion=999999999`);
      assert.equal(answer.status, 504);
      assert.match(
        String(answer.json['message']),
        /^Too large resource version: 999999999, current: \d+$/,
      );
      assert.equal(answer.json.details.causes[0]!['reason'], 'ResourceVersionTooLarge');
    });

    it('refuses contradicting list options', async () => {
      for (const query of [
        'resourceVersionMatch=Exact',
        'resourceVersion=0&resourceVersionMatch=Exact',
        'resourceVersion=1&resourceVersionMatch=Other',
        'sendInitialEvents=true',
        'watch=1&resourceVersionMatch=NotOlderThan',
      ]) {
        assert.equal((await api.get(`${ns}/configmaps?${query}`)).status, 422, query);
      }
      assert.equal((await api.get(`${ns}/configmaps?resourceVersion=abc`)).status, 400);
      assert.equal((await api.get(`${ns}/configmaps?continue=nonsense`)).status, 400);
    });

    it('selects by labels and fields', async () => {
      await api.ok(api.post(`${ns}/pods`, pod('a', { metadata: { labels: { app: 'x' } } })), 201);
      await api.ok(api.post(`${ns}/pods`, pod('b', { spec: { nodeName: 'n1' } })), 201);
      assert.deepEqual(names(await api.ok(api.get(`${ns}/pods?labelSelector=app%3Dx`))), ['a']);
      assert.deepEqual(names(await api.ok(api.get(`${ns}/pods?labelSelector=app!%3Dx`))), ['b']);
      assert.deepEqual(
        names(await api.ok(api.get(`${ns}/pods?fieldSelector=spec.nodeName%3Dn1`))),
        ['b'],
      );
      assert.deepEqual(
        names(
          await api.ok(
            api.get(`${ns}/pods?fieldSelector=metadata.name%3Da,status.phase%3DPending`),
          ),
        ),
        ['a'],
      );
      assert.deepEqual(
        names(await api.ok(api.get(`${ns}/pods?fieldSelector=metadata.name%3Dzz`))),
        [],
      );
      const wrong = await api.get(`${ns}/pods?fieldSelector=spec.x%3D1`);
      assert.deepEqual(
        [wrong.status, wrong.json['message']],
        [400, 'field label not supported: spec.x'],
      );
      assert.equal((await api.get(`${ns}/pods?labelSelector=%2C%2C`)).status, 400);
    });

    it('answers as table, bare metadata and YAML', async () => {
      await api.ok(
        api.post(
          `${ns}/pods`,
          pod('a', {
            metadata: {
              labels: { app: 'x', text: 'q' },
              annotations: { note: 'a "quoted" } \\ text' },
            },
          }),
        ),
        201,
      );
      const table = await api.ok(api.get(`${ns}/pods?limit=500`, { accept: TABLE }));
      assert.equal(table['kind'], 'Table');
      assert.deepEqual(
        table.columnDefinitions.slice(0, 3).map((column: Json) => column['name']),
        ['Name', 'Ready', 'Status'],
      );
      assert.deepEqual(
        [table.rows[0]!.cells[0], table.rows[0]!.object['kind']],
        ['a', 'PartialObjectMetadata'],
      );
      const bare = await api.ok(
        api.get(`${ns}/pods/a`, {
          accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
        }),
      );
      assert.deepEqual(
        [bare['kind'], bare['spec'], bare.metadata.annotations['note']],
        ['PartialObjectMetadata', undefined, 'a "quoted" } \\ text'],
      );
      const list = await api.ok(
        api.get(`${ns}/pods`, {
          accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
        }),
      );
      assert.equal(list['kind'], 'PartialObjectMetadataList');
      const yaml = await api.get(`${ns}/pods/a`, { accept: 'application/yaml' });
      assert.match(yaml.bytes.toString(), /^kind: Pod$/m);
      assert.equal(
        (await api.get(`${ns}/pods/a`, { accept: 'application/vnd.kubernetes.protobuf' })).status,
        406,
      );
      assert.equal(
        (
          await api.get(`${ns}/pods/a`, {
            accept: 'application/vnd.kubernetes.protobuf,application/json',
          })
        ).status,
        200,
      );
    });

    it('compresses large answers on request', async () => {
      const big = { text: 'x'.repeat(200_000) };
      await api.ok(api.post(`${ns}/configmaps`, configMap('big', big)), 201);
      const plain = await api.get(`${ns}/configmaps/big`);
      assert.equal(plain.headers['content-encoding'], undefined);
      const packed = await api.get(`${ns}/configmaps/big`, { 'accept-encoding': 'gzip' });
      assert.equal(packed.headers['content-encoding'], 'gzip');
      assert.equal(packed.json.data['text'], big.text);
    });

    it('compresses listings of any size', async () => {
      const names = Array.from({ length: 7 }, (_, i) => `part-${i}`);
      for (const name of names)
        await api.ok(
          api.post(`${ns}/configmaps`, configMap(name, { text: name.padEnd(900_000, name) })),
          201,
        );
      for (const query of ['', '?limit=100', '?labelSelector=!absent']) {
        const plain = await api.get(`${ns}/configmaps${query}`);
        const packed = await api.get(`${ns}/configmaps${query}`, { 'accept-encoding': 'gzip' });
        assert.equal(plain.headers['content-encoding'], undefined);
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.ok(plain.bytes.equals(packed.bytes));
        assert.equal(Number(plain.headers['content-length']), plain.bytes.length);
        assert.deepEqual(
          packed.json.items.map((item: { metadata: { name: string } }) => item.metadata.name),
          names,
        );
      }
    });
  });
}
