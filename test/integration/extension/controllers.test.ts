// Controllers on custom resources: garbage collection, namespaces, quotas. They learn of a kind
// while they run.
import assert from 'node:assert/strict';
import { Api, type Json } from '../apiserver/harness.js';
import { eventually, startControlPlane, type ControlPlane } from '../../support/control-plane.js';
import { widget, widgets } from './crds.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const G = 'later.example.com';

describe('controllers and custom resources', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let api: Api;

  before(async () => {
    plane = await startControlPlane();
    api = new Api(plane.api);
    await api.ok(api.post(CRDS, widgets(G)), 201);
  });
  after(async () => {
    api.close();
    await plane.stop();
  });

  const pathIn = (namespace: string) => `/apis/${G}/v1/namespaces/${namespace}/widgets`;
  const made = (namespace: string, name: string, metadata: object = {}): Promise<Json> =>
    eventually('the kind', async () => {
      const object = widget(G, name, {});
      const answer = await api.post(pathIn(namespace), {
        ...object,
        metadata: { ...object.metadata, ...metadata },
      });
      return answer.status === 201 ? (answer.json as Json) : undefined;
    });
  const isGone = (path: string) =>
    eventually(`${path} gone`, async () => (await api.get(path)).status === 404);
  const ownedBy = ({ apiVersion, kind, metadata: { name, uid } }: Json) => ({
    ownerReferences: [{ apiVersion, kind, name, uid }],
  });

  it('collect the dependents of custom resources, and custom resources as dependents', async () => {
    const namespace = await plane.namespace();
    const owner = await made(namespace, 'owner');
    const maps = `/api/v1/namespaces/${namespace}/configmaps`;
    const map: Json = await api.ok(
      api.post(maps, { metadata: { name: 'middle', ...ownedBy(owner) } }),
      201,
    );
    await made(namespace, 'leaf', ownedBy({ ...map, apiVersion: 'v1', kind: 'ConfigMap' }));
    await api.ok(api.delete(`${pathIn(namespace)}/owner`, { propagationPolicy: 'Background' }));
    await isGone(`${maps}/middle`);
    await isGone(`${pathIn(namespace)}/leaf`);
  });

  it('delete a custom resource after its dependents in the foreground', async () => {
    const namespace = await plane.namespace();
    const owner = await made(namespace, 'owner');
    const leaf = ownedBy(owner);
    await made(namespace, 'leaf', {
      ownerReferences: leaf.ownerReferences.map((one) => ({ ...one, blockOwnerDeletion: true })),
    });
    await api.ok(api.delete(`${pathIn(namespace)}/owner`, { propagationPolicy: 'Foreground' }));
    await isGone(`${pathIn(namespace)}/owner`);
    await isGone(`${pathIn(namespace)}/leaf`);
  });

  it('empty a namespace of custom resources', async () => {
    const namespace = await plane.namespace();
    for (let n = 0; n < 5; n++) await made(namespace, `w${n}`);
    await api.ok(api.delete(`/api/v1/namespaces/${namespace}`));
    await isGone(`/api/v1/namespaces/${namespace}`);
    const { kvs } = await plane.api.storage.list(`/registry/${G}/widgets/${namespace}/`);
    assert.equal(kvs.length, 0);
  });

  it('count custom resources against a quota', async () => {
    const namespace = await plane.namespace();
    const key = `count/widgets.${G}`;
    const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`;
    await made(namespace, 'first');
    await api.ok(
      api.post(quotas, { metadata: { name: 'q' }, spec: { hard: { [key]: '2' } } }),
      201,
    );
    await eventually('the count', async () => {
      const quota: Json = await api.ok(api.get(`${quotas}/q`));
      return quota.status?.used?.[key] === '1';
    });
    await made(namespace, 'second');
    const third = await api.post(pathIn(namespace), widget(G, 'third', {}));
    assert.equal(third.status, 403);
    assert.match(
      third.json.message,
      /exceeded quota: q, requested: count\/widgets\.later\.example\.com=1, used: .*=2, limited: .*=2/,
    );
    await api.ok(api.delete(`${pathIn(namespace)}/first`));
    await made(namespace, 'third');
  });

  it('follow a kind that goes and comes again', async () => {
    const group = 'again.example.com';
    const namespace = await plane.namespace();
    const path = `/apis/${group}/v1/namespaces/${namespace}/widgets`;
    const maps = `/api/v1/namespaces/${namespace}/configmaps`;
    for (let round = 0; round < 2; round++) {
      await api.ok(api.post(CRDS, widgets(group)), 201);
      // The collector knows the kind, then the kind goes with an owner.
      for (const name of ['seen', 'owner']) {
        const owner: Json = await eventually('the kind', async () => {
          const answer = await api.post(path, widget(group, name, {}));
          return answer.status === 201 && answer.json;
        });
        const metadata = { name: `${name}${round}`, ...ownedBy(owner) };
        await api.ok(api.post(maps, { metadata }), 201);
      }
      await api.ok(api.delete(`${path}/seen`, { propagationPolicy: 'Background' }));
      await isGone(`${maps}/seen${round}`);
      if (round) break; // the kind went once already
      await api.ok(api.delete(`${CRDS}/widgets.${group}`));
      await isGone(`${CRDS}/widgets.${group}`);
      await isGone(`${maps}/owner${round}`);
    }
  });
});
