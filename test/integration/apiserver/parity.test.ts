// Answers that other servers' clients rely on, as kube-apiserver 1.32 gives them.
import assert from 'node:assert/strict';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, type Json } from './harness.js';
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
});
