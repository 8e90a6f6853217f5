// Writes through HTTP: creation, concurrency, patches, deletion, subresources.
import assert from 'node:assert/strict';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, pod, type Json } from './harness.js';
import { serve } from './serve.js';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

for (const storage of ['memory', 'etcd'] as const) {
  describe(`apiserver writes on ${storage}`, function () {
    this.timeout(60_000);
    let server: RunningApiServer;
    let api: Api;
    let ns = '';
    let name = '';
    let run = 0;

    serve((...made) => ([server, api] = made), storage);
    beforeEach(async () => {
      name = `writes-${run++}`;
      ns = await namespace(api, name);
    });

    describe('create', () => {
      it('fills in metadata and drops fields that a client may not set', async () => {
        const made: Json = await api.ok(
          api.post(`${ns}/pods`, {
            ...pod('a', {
              metadata: {
                uid: 'mine',
                generation: 7,
                deletionTimestamp: '2020-01-01T00:00:00Z',
                resourceVersion: '',
              },
            }),
            status: { phase: 'Running' },
          }),
          201,
        );
        assert.match(made.metadata.uid, /^[0-9a-f-]{36}$/);
        assert.match(made.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.deepEqual(
          [
            made.metadata.namespace,
            made.metadata.deletionTimestamp,
            made.metadata.generation,
            made.status.phase,
          ],
          [name, undefined, undefined, 'Pending'],
        );
      });

      it('refuses duplicates, wrong namespaces, kinds, versions, bodies and media types', async () => {
        await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
        const double = await api.post(`${ns}/configmaps`, configMap('a'));
        assert.deepEqual(
          [double.status, double.json.reason, double.json.message],
          [409, 'AlreadyExists', 'configmaps "a" already exists'],
        );
        assert.equal(
          (
            await api.post(`${ns}/configmaps`, {
              ...configMap('b'),
              metadata: { name: 'b', namespace: 'other' },
            })
          ).status,
          400,
        );
        assert.equal(
          (await api.post(`${ns}/configmaps`, { ...configMap('b'), kind: 'Secret' })).status,
          400,
        );
        assert.equal(
          (await api.post(`${ns}/configmaps`, { ...configMap('b'), apiVersion: 'v2' })).status,
          400,
        );
        assert.equal((await api.post(`${ns}/configmaps`, '{"nonsense')).status, 400);
        assert.equal((await api.post(`${ns}/configmaps`, { metadata: {} })).status, 422);
        assert.equal(
          (await api.post(`${ns}/configmaps`, 'x', { 'content-type': 'text/plain' })).status,
          415,
        );
        assert.equal(
          (await api.post(`/api/v1/namespaces/none/configmaps`, configMap('a'))).status,
          404,
        );
        assert.equal((await api.post(`${ns}/unknowns`, configMap('a'))).status, 404);
        assert.equal((await api.put(`${ns}/configmaps`, configMap('a'))).status, 405);
        assert.equal((await api.post('/api/v1/configmaps', configMap('a'))).status, 405);
        assert.equal((await api.delete('/api/v1/configmaps')).status, 405);
        assert.equal((await api.get('/api/v1/configmaps/a')).status, 404);
      });

      it('accepts at most 3 MiB', async () => {
        const answer = await api.post(
          `${ns}/configmaps`,
          configMap('big', { x: 'x'.repeat(3 * 1024 * 1024) }),
        );
        assert.deepEqual([answer.status, answer.json.reason], [413, 'RequestEntityTooLarge']);
      });

      it('reads YAML', async () => {
        const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n';
        const made: Json = await api.ok(
          api.post(`${ns}/configmaps`, yaml, { 'content-type': 'application/yaml' }),
          201,
        );
        assert.deepEqual(made.data, { a: '1' });
      });

      it('generates names', async () => {
        const body = { metadata: { generateName: `${'x'.repeat(70)}-` } };
        const made: Json = await api.ok(api.post(`${ns}/configmaps`, body), 201);
        assert.match(made.metadata.name, /^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      });

      it('refuses, warns of or ignores unknown fields', async () => {
        const odd = { ...configMap('odd'), extra: 1 };
        const strict = await api.post(`${ns}/configmaps?fieldValidation=Strict`, odd);
        assert.equal(strict.status, 400);
        assert.match(strict.json.message, /strict decoding error: unknown field "extra"/);
        const warned = await api.post(`${ns}/configmaps`, odd);
        assert.equal(warned.status, 201);
        assert.equal(warned.headers['warning'], '299 - "unknown field \\"extra\\""');
        assert.equal(warned.json.extra, undefined);
        const ignored = await api.post(`${ns}/configmaps?fieldValidation=Ignore`, {
          ...odd,
          metadata: { name: 'odd2' },
        });
        assert.deepEqual([ignored.status, ignored.headers['warning']], [201, undefined]);
        assert.equal((await api.post(`${ns}/configmaps?fieldValidation=Maybe`, odd)).status, 422);
      });

      it('stores nothing in a dry run', async () => {
        const dry: Json = await api.ok(
          api.post(`${ns}/configmaps?dryRun=All`, configMap('dry')),
          201,
        );
        assert.ok(dry.metadata.uid);
        assert.equal((await api.get(`${ns}/configmaps/dry`)).status, 404);
        assert.equal(
          (await api.post(`${ns}/configmaps?dryRun=Some`, configMap('dry'))).status,
          422,
        );
        await api.ok(api.post(`${ns}/configmaps`, configMap('dry')), 201);
        await api.ok(api.put(`${ns}/configmaps/dry?dryRun=All`, configMap('dry', { a: '1' })));
        await api.ok(api.delete(`${ns}/configmaps/dry?dryRun=All`));
        assert.equal((await api.ok(api.get(`${ns}/configmaps/dry`))).data?.a, undefined);
      });

      it('never gives a cluster IP or a node port to two services', async () => {
        const service = (at: number) => ({
          metadata: { name: `s${at}` },
          spec: { type: 'NodePort', ports: [{ port: 80 }] },
        });
        const made = await Promise.all(
          Array.from({ length: 60 }, (_, at) =>
            api.ok(api.post(`${ns}/services`, service(at)), 201),
          ),
        );
        assert.equal(new Set(made.map((one) => one.spec.clusterIP)).size, 60);
        assert.equal(new Set(made.map((one) => one.spec.ports[0].nodePort)).size, 60);
        const [first] = made;
        const taken = {
          metadata: { name: 'copy' },
          spec: { clusterIP: first.spec.clusterIP, ports: [{ port: 80 }] },
        };
        const refused = await api.post(`${ns}/services`, taken);
        assert.equal(refused.status, 422, JSON.stringify(refused.json));
        assert.match(refused.json.message, /provided IP is already allocated/);
        // The address is free as soon as the deletion is answered, whatever the watch has told.
        for (let round = 0; round < 20; round++) {
          const holder = round ? 'copy' : first.metadata.name;
          await api.ok(api.delete(`${ns}/services/${holder}`));
          await api.ok(api.post(`${ns}/services?dryRun=All`, taken), 201);
          await api.ok(api.post(`${ns}/services`, taken), 201);
        }
        // So is a node port, also for an update.
        const { ports } = made[1].spec;
        const port = { port: 80, nodePort: ports[0].nodePort };
        await api.ok(api.delete(`${ns}/services/${made[1].metadata.name}`));
        const copy = await api.ok(api.get(`${ns}/services/copy`));
        const spec = { ...copy.spec, type: 'NodePort', ports: [port] };
        await api.ok(api.put(`${ns}/services/copy`, { ...copy, spec }));
        const other = { metadata: { name: 'other' }, spec: { type: 'NodePort', ports: [port] } };
        assert.match(
          (await api.post(`${ns}/services`, other)).json.message,
          /provided port is already allocated/,
        );
      });
    });

    describe('update', () => {
      it('compares revisions and uids', async () => {
        const made: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
        await api.ok(api.put(`${ns}/configmaps/a`, { ...made, data: { k: '1' } }));
        const stale = await api.put(`${ns}/configmaps/a`, { ...made, data: { k: '2' } });
        assert.deepEqual(
          [stale.status, stale.json.message],
          [
            409,
            'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
          ],
        );
        const other = await api.put(`${ns}/configmaps/a`, {
          ...configMap('a'),
          metadata: { name: 'a', uid: 'other' },
        });
        assert.equal(other.status, 409);
        assert.equal((await api.put(`${ns}/configmaps/none`, configMap('none'))).status, 404);
        assert.equal((await api.put(`${ns}/configmaps/a`, configMap('b'))).status, 400);
      });

      it('keeps the revision when nothing changes', async () => {
        const made: Json = await api.ok(
          api.post(`${ns}/configmaps`, configMap('a', { k: '1' })),
          201,
        );
        const same: Json = await api.ok(api.put(`${ns}/configmaps/a`, made));
        assert.equal(same.metadata.resourceVersion, made.metadata.resourceVersion);
        const patched: Json = await api.ok(
          api.patch(`${ns}/configmaps/a`, MERGE, { data: { k: '1' } }),
        );
        assert.equal(patched.metadata.resourceVersion, made.metadata.resourceVersion);
      });

      it('changes status and spec only by their endpoints, and counts generations', async () => {
        const rs = (replicas: number) => ({
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: { name: 'r' },
          status: { replicas: 9 },
          spec: {
            replicas,
            selector: { matchLabels: { a: 'b' } },
            template: {
              metadata: { labels: { a: 'b' } },
              spec: { containers: [{ name: 'c', image: 'i' }] },
            },
          },
        });
        const path = `/apis/apps/v1/namespaces/${name}/replicasets`;
        const made: Json = await api.ok(api.post(path, rs(1)), 201);
        assert.deepEqual([made.metadata.generation, made.status.replicas], [1, 0]);
        const changed: Json = await api.ok(api.put(`${path}/r`, rs(2)));
        assert.deepEqual([changed.metadata.generation, changed.status.replicas], [2, 0]);
        const status: Json = await api.ok(api.put(`${path}/r/status`, rs(5)));
        assert.deepEqual(
          [status.metadata.generation, status.status.replicas, status.spec.replicas],
          [2, 9, 2],
        );
        const labelled: Json = await api.ok(
          api.patch(`${path}/r`, MERGE, { metadata: { labels: { l: '1' } } }),
        );
        assert.equal(labelled.metadata.generation, 2);
      });

      it('creates leases by PUT', async () => {
        const path = `/apis/coordination.k8s.io/v1/namespaces/${name}/leases/l`;
        const lease = {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: 'l' },
          spec: { holderIdentity: 'me' },
        };
        await api.ok(api.put(path, lease), 201);
        const unconditional = await api.put(path, { ...lease, spec: { holderIdentity: 'you' } });
        assert.equal(unconditional.status, 422);
      });

      it('applies every one of many concurrent patches', async () => {
        await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
        await Promise.all(
          Array.from({ length: 12 }, (_, at) =>
            api.ok(api.patch(`${ns}/configmaps/a`, MERGE, { data: { [`k${at}`]: '1' } })),
          ),
        );
        assert.equal(Object.keys((await api.ok(api.get(`${ns}/configmaps/a`))).data).length, 12);
      });

      it('patches in four ways', async () => {
        await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
        const strategic: Json = await api.ok(
          api.patch(`${ns}/pods/a`, STRATEGIC, {
            spec: { containers: [{ name: 'c', image: 'nginx:2' }] },
          }),
        );
        assert.deepEqual(
          [strategic.spec.containers.length, strategic.spec.containers[0].image],
          [1, 'nginx:2'],
        );
        const json: Json = await api.ok(
          api.patch(`${ns}/pods/a`, 'application/json-patch+json', [
            { op: 'add', path: '/metadata/labels', value: { x: 'y' } },
          ]),
        );
        assert.deepEqual(json.metadata.labels, { x: 'y' });
        assert.equal(
          (
            await api.patch(`${ns}/pods/a`, 'application/json-patch+json', [
              { op: 'test', path: '/metadata/name', value: 'b' },
            ])
          ).status,
          422,
        );
        assert.equal((await api.patch(`${ns}/pods/a`, 'text/plain', {})).status, 415);
        assert.equal(
          (await api.patch(`${ns}/pods/a`, MERGE, { metadata: { resourceVersion: '1' } })).status,
          409,
        );
        const applied: Json = await api.ok(
          api.patch(`${ns}/configmaps/s?fieldManager=one`, APPLY, configMap('s', { a: '1' })),
          201,
        );
        assert.equal(applied.metadata.managedFields[0].operation, 'Apply');
        const conflict = await api.patch(
          `${ns}/configmaps/s?fieldManager=two`,
          APPLY,
          configMap('s', { a: '2' }),
        );
        assert.deepEqual(
          [conflict.status, conflict.json.details.causes[0].reason],
          [409, 'FieldManagerConflict'],
        );
        await api.ok(
          api.patch(
            `${ns}/configmaps/s?fieldManager=two&force=true`,
            APPLY,
            configMap('s', { a: '2' }),
          ),
        );
        assert.equal((await api.patch(`${ns}/configmaps/s`, APPLY, configMap('s'))).status, 422);
      });
    });

    describe('delete', () => {
      it('answers Success with the uid, then 404', async () => {
        const made: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
        const wrong = await api.delete(`${ns}/configmaps/a`, { preconditions: { uid: 'other' } });
        assert.equal(wrong.status, 409);
        const done: Json = await api.ok(
          api.delete(`${ns}/configmaps/a`, {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            preconditions: { uid: made.metadata.uid },
          }),
        );
        assert.deepEqual([done.status, done.details.uid], ['Success', made.metadata.uid]);
        assert.equal((await api.delete(`${ns}/configmaps/a`)).status, 404);
      });

      it('waits for finalizers and takes no new ones', async () => {
        await api.ok(
          api.post(`${ns}/configmaps`, {
            metadata: { name: 'f', finalizers: ['example.com/hold'] },
          }),
          201,
        );
        const marked: Json = await api.ok(api.delete(`${ns}/configmaps/f`));
        assert.deepEqual(
          [typeof marked.metadata.deletionTimestamp, marked.metadata.deletionGracePeriodSeconds],
          ['string', 0],
        );
        assert.equal(
          (
            await api.patch(`${ns}/configmaps/f`, MERGE, {
              metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
            })
          ).status,
          422,
        );
        await api.ok(api.patch(`${ns}/configmaps/f`, MERGE, { metadata: { finalizers: null } }));
        assert.equal((await api.get(`${ns}/configmaps/f`)).status, 404);
      });

      it('gives a grace period to running pods only', async () => {
        await api.ok(api.post(`${ns}/pods`, pod('idle')), 201);
        await api.ok(api.delete(`${ns}/pods/idle`));
        assert.equal((await api.get(`${ns}/pods/idle`)).status, 404);
        await api.ok(api.post(`${ns}/pods`, pod('busy')), 201);
        await api.ok(
          api.post(`${ns}/pods/busy/binding`, {
            metadata: { name: 'busy' },
            target: { kind: 'Node', name: 'n' },
          }),
          201,
        );
        const marked: Json = await api.ok(api.delete(`${ns}/pods/busy`));
        assert.equal(marked.metadata.deletionGracePeriodSeconds, 30);
        const shorter: Json = await api.ok(
          api.delete(`${ns}/pods/busy`, { gracePeriodSeconds: 5 }),
        );
        assert.equal(shorter.metadata.deletionGracePeriodSeconds, 5);
        const longer: Json = await api.ok(
          api.delete(`${ns}/pods/busy`, { gracePeriodSeconds: 60 }),
        );
        assert.equal(longer.metadata.deletionGracePeriodSeconds, 5);
        await api.ok(api.delete(`${ns}/pods/busy`, { gracePeriodSeconds: 0 }));
        assert.equal((await api.get(`${ns}/pods/busy`)).status, 404);
      });

      it('propagates as requested, and orphans dependents of replication controllers by default', async () => {
        const rc = (at: string) => ({
          metadata: { name: at },
          spec: {
            replicas: 1,
            selector: { a: at },
            template: {
              metadata: { labels: { a: at } },
              spec: { containers: [{ name: 'c', image: 'i' }] },
            },
          },
        });
        for (const at of ['a', 'b', 'c'])
          await api.ok(api.post(`${ns}/replicationcontrollers`, rc(at)), 201);
        const orphaned: Json = await api.ok(api.delete(`${ns}/replicationcontrollers/a`));
        assert.deepEqual(orphaned.metadata.finalizers, ['orphan']);
        const foreground: Json = await api.ok(
          api.delete(`${ns}/replicationcontrollers/b`, { propagationPolicy: 'Foreground' }),
        );
        assert.deepEqual(foreground.metadata.finalizers, ['foregroundDeletion']);
        const background: Json = await api.ok(
          api.delete(`${ns}/replicationcontrollers/c`, { propagationPolicy: 'Background' }),
        );
        assert.equal(background.status, 'Success');
        assert.equal(
          (await api.delete(`${ns}/replicationcontrollers/b`, { propagationPolicy: 'Sideways' }))
            .status,
          422,
        );
      });

      it('deletes collections by selector', async () => {
        for (const at of ['a', 'b'])
          await api.ok(api.post(`${ns}/configmaps`, configMap(at, {}, { l: at })), 201);
        const gone: Json = await api.ok(api.delete(`${ns}/configmaps?labelSelector=l%3Da`));
        assert.deepEqual(
          gone.items.map((one: Json) => one.metadata.name),
          ['a'],
        );
        const left: Json = await api.ok(api.get(`${ns}/configmaps`));
        assert.deepEqual(
          left.items.map((one: Json) => one.metadata.name),
          ['b'],
        );
      });

      it('empties namespaces before their removal', async () => {
        await api.ok(api.delete(ns));
        const closing: Json = await api.ok(api.get(ns));
        assert.deepEqual(
          [closing.status.phase, closing.spec.finalizers],
          ['Terminating', ['kubernetes']],
        );
        const refused = await api.post(`${ns}/configmaps`, configMap('late'));
        assert.deepEqual(
          [refused.status, refused.json.details.causes[0].reason],
          [403, 'NamespaceTerminating'],
        );
        await api.ok(api.put(`${ns}/finalize`, { ...closing, spec: { finalizers: [] } }));
        assert.equal((await api.get(ns)).status, 404);
      });
    });

    describe('subresources', () => {
      it('scale', async () => {
        const deployment = {
          metadata: { name: 'd' },
          spec: {
            replicas: 1,
            selector: { matchLabels: { a: 'b' } },
            template: {
              metadata: { labels: { a: 'b' } },
              spec: { containers: [{ name: 'c', image: 'i' }] },
            },
          },
        };
        const path = `/apis/apps/v1/namespaces/${name}/deployments`;
        await api.ok(api.post(path, deployment), 201);
        const scale: Json = await api.ok(api.get(`${path}/d/scale`));
        assert.deepEqual(
          [scale.kind, scale.apiVersion, scale.spec.replicas, scale.status.selector],
          ['Scale', 'autoscaling/v1', 1, 'a=b'],
        );
        await api.ok(api.put(`${path}/d/scale`, { ...scale, spec: { replicas: 4 } }));
        const patched: Json = await api.ok(
          api.patch(`${path}/d/scale`, MERGE, { spec: { replicas: 5 } }),
        );
        assert.equal(patched.spec.replicas, 5);
        assert.equal(
          (await api.put(`${path}/d/scale`, { ...scale, spec: { replicas: 6 } })).status,
          409,
        );
        const after: Json = await api.ok(api.get(`${path}/d`));
        assert.deepEqual([after.spec.replicas, after.metadata.generation], [5, 3]);
      });

      it('binding, once', async () => {
        await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
        const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } };
        await api.ok(api.post(`${ns}/pods/a/binding`, binding), 201);
        const bound: Json = await api.ok(api.get(`${ns}/pods/a`));
        assert.equal(bound.spec.nodeName, 'n1');
        assert.ok(
          bound.status.conditions.some(
            ({ type, status }: Json) => type === 'PodScheduled' && status === 'True',
          ),
        );
        assert.equal(
          (await api.post(`${ns}/pods/a/binding`, { ...binding, target: { name: 'n2' } })).status,
          409,
        );
        assert.equal(
          (await api.post(`${ns}/bindings`, { ...binding, metadata: { name: 'none' } })).status,
          404,
        );
      });

      it('eviction', async () => {
        await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
        const eviction = {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'a', namespace: name },
        };
        await api.ok(api.post(`${ns}/pods/a/eviction`, eviction), 201);
        assert.equal((await api.get(`${ns}/pods/a`)).status, 404);
      });

      it('eviction within a disruption budget, once per allowed disruption', async () => {
        const labels = { a: 'b' };
        for (const at of ['a', 'b']) {
          await api.ok(
            api.post(`${ns}/pods`, pod(at, { metadata: { labels }, spec: { nodeName: 'n' } })),
            201,
          );
          await api.ok(
            api.patch(`${ns}/pods/${at}/status`, MERGE, {
              status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
            }),
          );
        }
        const budgets = `/apis/policy/v1/namespaces/${name}/poddisruptionbudgets`;
        const budget: Json = await api.ok(
          api.post(budgets, {
            metadata: { name: 'p' },
            spec: { minAvailable: 1, selector: { matchLabels: labels } },
          }),
          201,
        );
        const evict = (at: string) =>
          api.post(`${ns}/pods/${at}/eviction`, {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: at },
          });
        const unknown = await evict('a');
        assert.deepEqual([unknown.status, unknown.headers['retry-after']], [429, '10']);
        const status = {
          observedGeneration: budget.metadata.generation,
          disruptionsAllowed: 1,
          currentHealthy: 2,
          desiredHealthy: 1,
          expectedPods: 2,
        };
        await api.ok(
          api.put(`${budgets}/p/status`, {
            ...budget,
            metadata: { name: 'p', resourceVersion: budget.metadata.resourceVersion },
            status,
          }),
        );
        const both = await Promise.all([evict('a'), evict('b')]);
        assert.deepEqual(
          both.map((answer) => answer.status).sort((a, b) => a - b),
          [201, 429],
        );
        const refused = both.find((answer) => answer.status === 429)!;
        assert.deepEqual(
          [refused.json.message, refused.json.details.causes[0].reason],
          ["Cannot evict pod as it would violate the pod's disruption budget.", 'DisruptionBudget'],
        );
      });

      it('token', async () => {
        const request = {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: 600 },
        };
        const made: Json = await api.ok(
          api.post(`${ns}/serviceaccounts/default/token`, request),
          201,
        );
        const review: Json = await api.ok(
          api.post('/apis/authentication.k8s.io/v1/tokenreviews', {
            spec: { token: made.status.token },
          }),
          201,
        );
        assert.equal(review.status.user.username, `system:serviceaccount:${name}:default`);
      });
    });

    it('keeps events on a lease', async () => {
      const event = {
        metadata: { name: 'e' },
        involvedObject: { kind: 'Pod', name: 'a', namespace: name },
        reason: 'Tested',
        message: 'm',
        type: 'Normal',
      };
      await api.ok(api.post(`${ns}/events`, event), 201);
      const { kv } = await server.storage.get(`/registry/events/${name}/e`);
      assert.match(kv!.lease!, /^\d+$/);
    });
  });
}
