// Guarantees of deletion on the server's side that other suites do not test. README.md has the
// table.
import assert from 'node:assert/strict';
import { configMap, pod, type Json } from '../apiserver/harness.js';
import { MERGE, withServer } from './serve.js';

const CANNOT = "Cannot evict pod as it would violate the pod's disruption budget.";

withServer('semantics of deletes', (suite) => {
  const bind = (name: string) =>
    suite.api.ok(
      suite.api.post(`${suite.ns}/pods/${name}/binding`, {
        metadata: { name },
        target: { kind: 'Node', name: 'n' },
      }),
      201,
    );
  const running = async (name: string, labels: Json = {}) => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/pods`, pod(name, { metadata: { labels } })), 201);
    await bind(name);
    await api.ok(
      api.patch(`${ns}/pods/${name}/status`, MERGE, {
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      }),
    );
  };

  it('compares uid and resourceVersion first', async () => {
    const { api, ns } = suite;
    const made: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    const uid = await api.delete(`${ns}/configmaps/a`, { preconditions: { uid: 'other' } });
    assert.deepEqual([uid.status, uid.json.reason], [409, 'Conflict']);
    assert.match(
      uid.json.message,
      /the UID in the precondition \(other\) does not match the UID in record/,
    );
    const revision = await api.delete(`${ns}/configmaps/a`, {
      preconditions: { resourceVersion: '1' },
    });
    assert.match(
      revision.json.message,
      /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record/,
    );
    await api.ok(
      api.delete(`${ns}/configmaps/a`, {
        preconditions: { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion },
      }),
    );
  });

  it("takes options from the query and in any group's version", async () => {
    const { api, ns } = suite;
    const make = (name: string) => api.ok(api.post(`${ns}/configmaps`, configMap(name)), 201);
    await make('a');
    const marked: Json = await api.ok(
      api.delete(`${ns}/configmaps/a?propagationPolicy=Foreground`),
    );
    assert.deepEqual(marked.metadata.finalizers, ['foregroundDeletion']);
    await make('b');
    await api.ok(
      api.delete(`${ns}/configmaps/b`, { apiVersion: 'apps/v1', kind: 'DeleteOptions' }),
    );
    await make('c');
    const orphaned: Json = await api.ok(
      api.delete(`${ns}/configmaps/c`, { orphanDependents: true }),
    );
    assert.deepEqual(orphaned.metadata.finalizers, ['orphan']);
    const both = await api.delete(`${ns}/configmaps/c`, {
      orphanDependents: true,
      propagationPolicy: 'Orphan',
    });
    assert.deepEqual([both.status, both.json.details.causes[0].field], [422, 'propagationPolicy']);
  });

  it('removes with the last finalizer, and changes nothing on a second deletion', async () => {
    const { api, ns } = suite;
    await api.ok(
      api.post(`${ns}/configmaps`, { metadata: { name: 'f', finalizers: ['x.io/a', 'x.io/b'] } }),
      201,
    );
    const first: Json = await api.ok(api.delete(`${ns}/configmaps/f`));
    const second: Json = await api.ok(api.delete(`${ns}/configmaps/f`));
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    const one: Json = await api.ok(
      api.patch(`${ns}/configmaps/f`, MERGE, { metadata: { finalizers: ['x.io/b'] } }),
    );
    assert.deepEqual(one.metadata.finalizers, ['x.io/b']);
    const watch = api.watch(
      `${ns}/configmaps?watch=1&resourceVersion=${one.metadata.resourceVersion}`,
    );
    const last: Json = await api.ok(
      api.put(`${ns}/configmaps/f`, { ...one, metadata: { ...one.metadata, finalizers: [] } }),
    );
    assert.equal(last.metadata.name, 'f');
    await watch.until((events) => events.length === 1);
    assert.equal(watch.events[0]!.type, 'DELETED');
    watch.close();
    assert.equal((await api.get(`${ns}/configmaps/f`)).status, 404);
  });

  it('orphans dependents of jobs and replication controllers by default, and nothing for events', async () => {
    const { api, ns, name } = suite;
    const jobs = `${suite.in('batch/v1')}/jobs`;
    await api.ok(
      api.post(jobs, {
        metadata: { name: 'j' },
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } },
        },
      }),
      201,
    );
    const job: Json = await api.ok(api.delete(`${jobs}/j`));
    assert.deepEqual(job.metadata.finalizers, ['orphan']);
    await api.ok(
      api.post(`${ns}/events`, {
        metadata: { name: 'e' },
        involvedObject: { kind: 'Pod', name: 'p', namespace: name },
        reason: 'R',
        message: 'm',
      }),
      201,
    );
    const event: Json = await api.ok(
      api.delete(`${ns}/events/e`, { propagationPolicy: 'Foreground' }),
    );
    assert.equal(event.status, 'Success');
  });

  it('gives a grace period to scheduled pods, none to unscheduled and ended pods', async () => {
    const { api, ns } = suite;
    await running('run');
    const marked: Json = await api.ok(api.delete(`${ns}/pods/run`));
    assert.deepEqual([marked.metadata.deletionGracePeriodSeconds, marked.kind], [30, 'Pod']);
    const grace = Date.parse(marked.metadata.deletionTimestamp) - Date.now();
    assert.ok(grace > 25_000 && grace <= 31_000, String(grace));
    const shorter: Json = await api.ok(api.delete(`${ns}/pods/run?gracePeriodSeconds=3`));
    assert.ok(
      Date.parse(shorter.metadata.deletionTimestamp) <
        Date.parse(marked.metadata.deletionTimestamp),
    );
    assert.equal(
      (
        await api.delete(`${ns}/pods/run`, {
          gracePeriodSeconds: 0,
          preconditions: { uid: 'other' },
        })
      ).status,
      409,
    );
    await api.ok(
      api.delete(`${ns}/pods/run`, {
        gracePeriodSeconds: 0,
        preconditions: { uid: marked.metadata.uid },
      }),
    );
    assert.equal((await api.get(`${ns}/pods/run`)).status, 404);
    for (const phase of ['Succeeded', 'Failed']) {
      await running('done');
      await api.ok(api.patch(`${ns}/pods/done/status`, MERGE, { status: { phase } }));
      await api.ok(api.delete(`${ns}/pods/done`));
      assert.equal((await api.get(`${ns}/pods/done`)).status, 404, phase);
    }
    await api.ok(api.post(`${ns}/pods`, pod('idle')), 201);
    await api.ok(api.delete(`${ns}/pods/idle`, { gracePeriodSeconds: 60 }));
    assert.equal((await api.get(`${ns}/pods/idle`)).status, 404);
    await running('own');
    const refused = await api.delete(`${ns}/pods/own`, { gracePeriodSeconds: -1 });
    assert.equal(refused.status, 200);
    assert.equal(refused.json.metadata.deletionGracePeriodSeconds, 1, 'negative is one second');
  });

  it('lets a second deletion shorten a grace period, and change nothing else', async () => {
    const { api, ns } = suite;
    await running('a');
    const first: Json = await api.ok(api.delete(`${ns}/pods/a`, { gracePeriodSeconds: 60 }));
    const again = (options: Json) => api.ok(api.delete(`${ns}/pods/a`, options));
    for (const options of [{}, { gracePeriodSeconds: 60, propagationPolicy: 'Foreground' }])
      assert.deepEqual((await again(options)).metadata, first.metadata, JSON.stringify(options));
    const shorter: Json = await again({ gracePeriodSeconds: 10, propagationPolicy: 'Foreground' });
    assert.deepEqual(
      [shorter.metadata.deletionGracePeriodSeconds, shorter.metadata.finalizers],
      [10, ['foregroundDeletion']],
    );
    // The pod has ended, but its kubelet has not said the last word.
    await api.ok(api.patch(`${ns}/pods/a/status`, MERGE, { status: { phase: 'Succeeded' } }));
    assert.equal((await again({ gracePeriodSeconds: -7 })).metadata.deletionGracePeriodSeconds, 1);
    assert.equal((await again({})).metadata.deletionGracePeriodSeconds, 1);
  });

  it('evicts within the budget, one by one', async () => {
    const { api, ns } = suite;
    const budgets = `${suite.in('policy/v1')}/poddisruptionbudgets`;
    const evict = (name: string, more: Json = {}) =>
      api.post(`${ns}/pods/${name}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name },
        ...more,
      });
    await running('a', { app: 'x' });
    await running('b', { app: 'x' });
    await api.ok(
      api.post(budgets, {
        metadata: { name: 'pdb' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
      }),
      201,
    );
    const unseen = await evict('a');
    assert.deepEqual(
      [unseen.status, unseen.json.details.retryAfterSeconds, unseen.headers['retry-after']],
      [429, 10, '10'],
      'the controller has not looked yet',
    );
    const status = {
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 2,
    };
    await api.ok(api.patch(`${budgets}/pdb/status`, MERGE, { status }));
    assert.equal((await evict('a', { deleteOptions: { dryRun: ['All'] } })).status, 201);
    assert.equal((await evict('a')).status, 201);
    const gone: Json = await api.ok(api.get(`${ns}/pods/a`));
    const target = gone.status.conditions.find(({ type }: Json) => type === 'DisruptionTarget');
    assert.deepEqual(
      [target.status, target.reason, gone.metadata.deletionGracePeriodSeconds],
      ['True', 'EvictionByEvictionAPI', 30],
    );
    const refused = await evict('b');
    assert.deepEqual(
      [
        refused.status,
        refused.json.reason,
        refused.json.message,
        refused.json.details.causes[0].reason,
      ],
      [429, 'TooManyRequests', CANNOT, 'DisruptionBudget'],
    );
    assert.match(
      refused.json.details.causes[0].message,
      /^The disruption budget pdb needs 1 healthy pods and has 2 currently$/,
    );
    assert.deepEqual(Object.keys((await api.ok(api.get(`${budgets}/pdb`))).status.disruptedPods), [
      'a',
    ]);
    assert.equal((await evict('none')).status, 404);
    assert.equal(
      (await evict('b', { metadata: { name: 'a' } })).status,
      400,
      'the name in the path is the one',
    );
  });

  it('deletes collections by label, field and options, and answers with the list', async () => {
    const { api, ns } = suite;
    for (const at of ['a', 'b', 'c'])
      await api.ok(
        api.post(`${ns}/configmaps`, configMap(at, {}, { l: at === 'c' ? 'y' : 'x' })),
        201,
      );
    const byField: Json = await api.ok(
      api.delete(`${ns}/configmaps?fieldSelector=metadata.name%3Da&labelSelector=l%3Dx`),
    );
    assert.deepEqual(
      [byField.kind, byField.items.map(({ metadata }: Json) => metadata.name)],
      ['ConfigMapList', ['a']],
    );
    await api.ok(
      api.delete(`${ns}/configmaps?labelSelector=l%3Dx`, { propagationPolicy: 'Orphan' }),
    );
    const held: Json = await api.ok(api.get(`${ns}/configmaps/b`));
    assert.deepEqual(held.metadata.finalizers, ['orphan']);
    assert.equal((await api.get(`${ns}/configmaps/c`)).status, 200);
  });

  it('mounts tokens of 3607 seconds, and issues none shorter than 600', async () => {
    const { api, ns } = suite;
    const made: Json = await api.ok(
      api.post(`${ns}/pods`, {
        metadata: { name: 'p' },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      }),
      201,
    );
    const [volume] = made.spec.volumes;
    assert.match(volume.name, /^kube-api-access-[a-z0-9]{5}$/);
    assert.equal(volume.projected.sources[0].serviceAccountToken.expirationSeconds, 3607);
    assert.deepEqual(made.spec.containers[0].volumeMounts, [
      {
        name: volume.name,
        readOnly: true,
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      },
    ]);
    const short = await api.post(`${ns}/serviceaccounts/default/token`, {
      spec: { expirationSeconds: 599 },
    });
    assert.deepEqual(
      [short.status, short.json.details.causes[0].field],
      [422, 'spec.expirationSeconds'],
    );
    const uid = await api.patch(`${ns}/pods/p/status`, 'application/strategic-merge-patch+json', {
      metadata: { uid: 'other' },
      status: { phase: 'Running' },
    });
    assert.equal(uid.status, 409, 'a kubelet that speaks of an older pod');
  });
});
