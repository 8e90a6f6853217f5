// Answers that other servers' clients rely on, as kube-apiserver 1.32 gives them.
import assert from 'node:assert/strict';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, pod, type Json } from './harness.js';
import { serve } from './serve.js';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

describe('parity of the API server', function () {
  this.timeout(30_000);
  let server: RunningApiServer;
  let api: Api;
  let ns = '';
  let run = 0;

  serve((...made) => ([server, api] = made), 'memory');
  beforeEach(async () => {
    assert.ok(server);
    ns = await namespace(api, `parity-${run++}`);
  });

  describe('resourceVersion "0"', () => {
    it('is no version on create, replace and patch', async () => {
      const unset = (more: Json): Json => ({ ...configMap('a'), ...more });
      const zero = { name: 'a', resourceVersion: '0' };
      await api.ok(api.post(`${ns}/configmaps`, unset({ metadata: zero })), 201);
      await api.ok(api.put(`${ns}/configmaps/a`, unset({ metadata: zero, data: { q: '1' } })));
      await api.ok(api.patch(`${ns}/configmaps/a`, MERGE, { metadata: zero, data: { q: '2' } }));
      await api.ok(
        api.patch(`${ns}/configmaps/a`, JSON_PATCH, [
          { op: 'replace', path: '/metadata/resourceVersion', value: '0' },
          { op: 'replace', path: '/data/r', value: '3' },
        ]),
      );
      const { data } = await api.ok(api.get(`${ns}/configmaps/a`));
      assert.deepEqual([data.q, data.r], ['2', '3']);
    });

    it('does not replace the version that a kind requires', async () => {
      const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'a' } };
      const leases = ns.replace('/api/v1', '/apis/coordination.k8s.io/v1') + '/leases';
      await api.ok(api.post(leases, lease), 201);
      const answer = await api.put(`${leases}/l`, {
        ...lease,
        metadata: { name: 'l', resourceVersion: '0' },
      });
      assert.equal(answer.status, 422);
      assert.match(answer.json.message, /metadata.resourceVersion: Invalid value: 0x0/);
    });

    it('leaves other versions a precondition', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const patch = { metadata: { resourceVersion: '1' } };
      assert.equal((await api.patch(`${ns}/configmaps/a`, MERGE, patch)).status, 409);
    });
  });

  it('gives the object without finalizers when an update removes the last one', async () => {
    const held = (name: string): Json => ({
      ...configMap(name),
      metadata: { name, finalizers: ['example.com/hold'] },
    });
    for (const name of ['a', 'b']) {
      await api.ok(api.post(`${ns}/configmaps`, held(name)), 201);
      await api.ok(api.delete(`${ns}/configmaps/${name}`));
    }
    const patched = await api.ok(
      api.patch(`${ns}/configmaps/a`, MERGE, {
        metadata: { finalizers: null, labels: { x: 'y' } },
      }),
    );
    const put = await api.ok(api.put(`${ns}/configmaps/b`, { ...configMap('b') }));
    for (const answer of [patched, put]) {
      assert.equal(answer.metadata.finalizers, undefined);
      assert.match(answer.metadata.resourceVersion, /^[1-9]/);
      assert.equal((await api.get(`${ns}/configmaps/${answer.metadata.name}`)).status, 404);
    }
    assert.deepEqual(patched.metadata.labels, { x: 'y' });
  });

  describe('texts of refusals', () => {
    const told = async (body: string, query = ''): Promise<string> =>
      (await api.post(`${ns}/configmaps${query}`, body)).json.message;
    const head = 'the object provided is unrecognized (must be of type ConfigMap): ';
    const parse = `${head}couldn't get version/kind; json parse error: `;

    it('of bodies are those of Go', async () => {
      assert.equal(await told('{"a":'), `${parse}unexpected end of JSON input ({"a":)`);
      assert.equal(await told(''), `${parse}unexpected end of JSON input (<empty>)`);
      assert.equal(
        await told('x'),
        `${parse}invalid character 'x' looking for beginning of value (78)`,
      );
      assert.equal(
        await told('[]'),
        `${parse}json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)`,
      );
      assert.equal(
        await told('{"kind":5}'),
        `${parse}json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})`,
      );
      assert.equal(
        await told('{"kind":"Pod"}'),
        'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
      );
      assert.match(await told('{"kind":"Dog"}'), /no kind "Dog" is registered for version "v1"/);
      assert.match(await told('null'), /name or generateName is required/);
    });

    it('name problems in the order of the document', async () => {
      assert.equal(
        await told('{"zz":1,"metadata":{"name":"a","name":"b"},"yy":2}', '?fieldValidation=Strict'),
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "zz", duplicate field "metadata.name", unknown field "yy"',
      );
      const yaml = 'metadata: {name: a}\ndata: {a: "1"}\ndata: {b: "1"}\nfoo: 1\n';
      const { json } = await api.post(`${ns}/configmaps?fieldValidation=Strict`, yaml, {
        'content-type': 'application/yaml',
      });
      assert.match(
        json.message,
        /error: yaml: unmarshal errors:\n {2}line 3: key "data" already set in map, unknown field "foo"$/,
      );
    });

    it('of patches are those of upstream', async () => {
      await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
      const patched = async (type: string, body: string): Promise<[number, string]> => {
        const { status, json } = await api.patch(
          `${ns}/configmaps/a?fieldManager=x`,
          `application/${type}`,
          body,
        );
        return [status, json.message];
      };
      const noObject = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
      for (const [type, body, status, text] of [
        ['merge-patch+json', '{', 400, 'Invalid JSON Patch'],
        ['merge-patch+json', '5', 400, 'Invalid JSON Patch'],
        ['json-patch+json', '{', 400, 'unexpected end of JSON input'],
        ['json-patch+json', '[]', 200, undefined],
        ['strategic-merge-patch+json', '[]', 400, noObject],
        ['strategic-merge-patch+json', 'null', 200, undefined],
        [
          'apply-patch+yaml',
          '[]',
          400,
          `error decoding YAML: error unmarshaling JSON: while decoding JSON: ${noObject}`,
        ],
      ] as const)
        assert.deepEqual(await patched(type, body), [status, text], `${type} ${body}`);
    });

    it('are a Status for every path of a served group', async () => {
      for (const path of ['/apis/apps/v2/x', '/apis/apps/v1/x', '/apis/apps/v2', '/api/v2/pods']) {
        const { status, json } = await api.get(path);
        assert.deepEqual([status, json.kind, json.details], [404, 'Status', {}], path);
      }
      for (const path of ['/apis/none.example.com/v1/x', '/apis//x', '/none']) {
        const { status, bytes } = await api.get(path);
        assert.deepEqual([status, bytes.toString()], [404, '404 page not found\n'], path);
      }
    });
  });

  describe('rooms that change a part', () => {
    it('finalize follows the finalizers in the metadata of the body', async () => {
      await api.ok(api.patch(ns, MERGE, { metadata: { finalizers: ['example.com/hold'] } }));
      await api.ok(api.delete(ns));
      const { metadata, spec, ...rest } = await api.ok(api.get(ns));
      const { finalizers: _, ...free } = metadata;
      const held = await api.ok(
        api.put(`${ns}/finalize`, { ...rest, metadata, spec: { ...spec, finalizers: [] } }),
      );
      assert.deepEqual(held.metadata.finalizers, ['example.com/hold']);
      const { resourceVersion: _version, ...fresh } = free;
      const last = await api.ok(
        api.put(`${ns}/finalize`, { ...rest, metadata: fresh, spec: {}, status: { phase: 'Odd' } }),
      );
      assert.deepEqual([last.metadata.finalizers, last.status.phase], [undefined, 'Terminating']);
      assert.equal((await api.get(ns)).status, 404);
    });

    it('evictions ask the budget in a dry run too, and take nothing', async () => {
      const account = { metadata: { name: 'default' } };
      await api.post(`${ns}/serviceaccounts`, account);
      const labels = { app: 'x' };
      const made = { ...pod('p'), metadata: { name: 'p', labels } };
      await api.ok(api.post(`${ns}/pods`, made), 201);
      await api.ok(
        api.patch(`${ns}/pods/p/status`, MERGE, {
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
        }),
      );
      const budgets = `${ns.replace('/api/v1', '/apis/policy/v1')}/poddisruptionbudgets`;
      await api.ok(
        api.post(budgets, {
          metadata: { name: 'b' },
          spec: { minAvailable: 1, selector: { matchLabels: labels } },
        }),
        201,
      );
      const allow = (disruptionsAllowed: number) =>
        api.ok(
          api.patch(`${budgets}/b/status`, MERGE, {
            status: { disruptionsAllowed, observedGeneration: 1, currentHealthy: 1 },
          }),
        );
      const evict = (query: string) =>
        api.post(`${ns}/pods/p/eviction${query}`, { metadata: { name: 'p' } });
      await allow(0);
      for (const query of ['?dryRun=All', '']) assert.equal((await evict(query)).status, 429);
      await allow(1);
      assert.equal((await evict('?dryRun=All')).status, 201);
      const { status } = await api.ok(api.get(`${budgets}/b`));
      assert.deepEqual([status.disruptionsAllowed, status.disruptedPods], [1, undefined]);
      await api.ok(api.get(`${ns}/pods/p`));
    });
  });
});
