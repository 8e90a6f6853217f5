// Guarantees of selectors: every operator, every field of every kind. README.md has the table.
import assert from 'node:assert/strict';
import { configMap, pod, type Json } from '../apiserver/harness.js';
import { MERGE, withServer } from './serve.js';

const INVOLVED = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** Beyond metadata.name and metadata.namespace. */
const FIELDS: Record<string, string[]> = {
  '/api/v1/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  '/api/v1/nodes': ['spec.unschedulable'],
  '/api/v1/replicationcontrollers': ['status.replicas'],
  '/apis/apps/v1/replicasets': ['status.replicas'],
  '/api/v1/events': [
    ...INVOLVED.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/apis/events.k8s.io/v1/events': [
    ...INVOLVED.map((field) => `regarding.${field}`),
    'reason',
    'reportingController',
    'type',
  ],
  '/api/v1/namespaces': ['status.phase'],
  '/api/v1/secrets': ['type'],
  '/api/v1/services': ['spec.clusterIP', 'spec.type'],
  '/apis/batch/v1/jobs': ['status.successful'],
  '/apis/certificates.k8s.io/v1/certificatesigningrequests': ['spec.signerName'],
};

withServer('semantics of selectors', (suite) => {
  const select = async (query: string): Promise<string[]> =>
    (await suite.api.ok(suite.api.get(`${suite.ns}/configmaps?${query}`))).items.map(
      ({ metadata }: Json) => metadata.name,
    );

  it('supports every label operator', async () => {
    const { api, ns } = suite;
    const labels: Record<string, Record<string, string> | undefined> = {
      one: { env: 'dev', n: '1' },
      five: { env: 'prod', n: '5' },
      none: undefined,
      text: { env: '', n: 'x' },
    };
    for (const [name, own] of Object.entries(labels))
      await api.ok(api.post(`${ns}/configmaps`, configMap(name, {}, own)), 201);
    const cases: [string, string[]][] = [
      ['env=dev', ['one']],
      ['env==dev', ['one']],
      ['env!=dev', ['five', 'none', 'text']],
      ['env in (dev, prod)', ['five', 'one']],
      ['env notin (dev,prod)', ['none', 'text']],
      ['env', ['five', 'one', 'text']],
      ['!env', ['none']],
      ['env=', ['text']],
      ['n>1', ['five']],
      ['n<5', ['one']],
      ['env in (dev,prod),n>1', ['five']],
      ['', ['five', 'none', 'one', 'text']],
    ];
    for (const [selector, expected] of cases)
      assert.deepEqual(
        await select(`labelSelector=${encodeURIComponent(selector)}`),
        expected,
        selector,
      );
    for (const wrong of [
      'a=b=c',
      'env in dev',
      '=x',
      'a,,b',
      'n>x',
      'env in (a',
      '!a=b',
      `${'k'.repeat(64)}=v`,
      `k=${'v'.repeat(64)}`,
    ]) {
      const answer = await api.get(`${ns}/configmaps?labelSelector=${encodeURIComponent(wrong)}`);
      assert.deepEqual([answer.status, answer.json.reason], [400, 'BadRequest'], wrong);
    }
  });

  it('supports field operators, and joins terms by and', async () => {
    const { api, ns, name } = suite;
    for (const at of ['a', 'b']) await api.ok(api.post(`${ns}/configmaps`, configMap(at)), 201);
    assert.deepEqual(await select('fieldSelector=metadata.name%3D%3Da'), ['a']);
    assert.deepEqual(await select('fieldSelector=metadata.name!%3Da'), ['b']);
    assert.deepEqual(await select(`fieldSelector=metadata.namespace%3D${name},metadata.name%3Db`), [
      'b',
    ]);
    assert.deepEqual(await select('fieldSelector=metadata.name%3Da,metadata.name%3Db'), []);
    const wrong = await api.get(`${ns}/configmaps?fieldSelector=data.k%3Dv`);
    assert.deepEqual(
      [wrong.status, wrong.json.message],
      [400, '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    );
    assert.equal((await api.get(`${ns}/configmaps?fieldSelector=metadata.name`)).status, 400);
    assert.equal((await api.delete(`${ns}/configmaps?fieldSelector=data.k%3Dv`)).status, 400);
    assert.equal((await api.get(`${ns}/configmaps?watch=1&fieldSelector=data.k%3Dv`)).status, 400);
  });

  for (const [path, fields] of Object.entries(FIELDS)) {
    it(`selects ${path} by ${fields.length} fields, and by no other`, async () => {
      const { api } = suite;
      for (const field of [...fields, 'metadata.name'])
        await api.ok(api.get(`${path}?fieldSelector=${field}%3Dx`));
      const wrong = await api.get(`${path}?fieldSelector=spec.other%3Dx`);
      assert.deepEqual([wrong.status, /spec\.other/.test(wrong.json.message)], [400, true]);
    });
  }

  it('compares fields as text', async () => {
    const { api, ns } = suite;
    await api.ok(
      api.post(`${ns}/pods`, pod('a', { spec: { hostNetwork: true, nodeName: 'n1' } })),
      201,
    );
    await api.ok(api.post(`${ns}/pods`, pod('b')), 201);
    await api.ok(
      api.patch(`${ns}/pods/a/status`, MERGE, {
        status: { phase: 'Running', podIP: '10.1.1.1', podIPs: [{ ip: '10.1.1.1' }] },
      }),
    );
    await api.ok(
      api.post(`${ns}/secrets`, { metadata: { name: 's' }, type: 'example.com/x' }),
      201,
    );
    const count = async (path: string): Promise<number> =>
      (await api.ok(api.get(`${ns}/${path}`))).items.length;
    assert.equal(await count('pods?fieldSelector=spec.hostNetwork%3Dtrue'), 1);
    assert.equal(await count('pods?fieldSelector=spec.hostNetwork%3Dfalse'), 1);
    assert.equal(await count('pods?fieldSelector=spec.nodeName%3D'), 1);
    assert.equal(
      await count('pods?fieldSelector=status.podIPs%3D10.1.1.1,status.phase!%3DPending'),
      1,
    );
    assert.equal(await count('secrets?fieldSelector=type%3Dexample.com/x'), 1);
    assert.equal(await count('services?fieldSelector=spec.type%3DClusterIP'), 0);
  });
});
