// Endpoints of a status restore some metadata, by kind; writers do not own what is restored.
import assert from 'node:assert/strict';
import type { Json } from '../apiserver/harness.js';
import { APPLY, deployment, withServer } from './serve.js';

withServer('status endpoints', (suite) => {
  it('gives an applier of a status what the kind lets a status endpoint change', async () => {
    const { api } = suite;
    const apply = async (path: string, apiVersion: string, kind: string, status: Json) => {
      const [object] = path.split('/').slice(-1);
      const metadata = { name: object!, labels: { l: '1' }, annotations: { a: '1' } };
      const body = { apiVersion, kind, metadata, status };
      const answer: Json = await api.ok(
        api.patch(`${path}/status?fieldManager=ctl&force=true`, APPLY, body),
      );
      const entry = answer.metadata.managedFields.find((one: Json) => one.manager === 'ctl');
      return [
        answer.metadata.labels?.l ?? '',
        answer.metadata.annotations?.a ?? '',
        ...Object.keys(entry.fieldsV1['f:metadata'] ?? {}).sort(),
      ];
    };
    const deployments = `${suite.in('apps/v1')}/deployments`;
    await api.ok(api.post(deployments, deployment('o')), 201);
    const counts = { observedGeneration: 1 };
    assert.deepEqual(
      await apply(`${deployments}/o`, 'apps/v1', 'Deployment', counts),
      ['', '1', 'f:annotations'],
      'a deployment keeps its labels',
    );
    const { metadata, spec } = deployment('o');
    const set = { metadata, spec: { selector: spec.selector, template: spec.template } };
    const daemons = `${suite.in('apps/v1')}/daemonsets`;
    await api.ok(api.post(daemons, set), 201);
    assert.deepEqual(
      await apply(`${daemons}/o`, 'apps/v1', 'DaemonSet', counts),
      ['1', '1', 'f:annotations', 'f:labels'],
      'a daemon set does not',
    );
    const classes = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
    const schema = { priorityLevelConfiguration: { name: 'exempt' } };
    await api.ok(api.post(classes, { metadata: { name: 'o' }, spec: schema }), 201);
    const conditions = [{ type: 'Dangling', status: 'False' }];
    assert.deepEqual(
      await apply(`${classes}/o`, 'flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', { conditions }),
      ['', ''],
      'a flow schema keeps all metadata',
    );
    const services = '/apis/apiregistration.k8s.io/v1/apiservices';
    const name = 'v1.o.example.com';
    const backend = {
      group: 'o.example.com',
      version: 'v1',
      groupPriorityMinimum: 1,
      versionPriority: 1,
      insecureSkipTLSVerify: true,
      service: { name: 'o', namespace: 'default' },
    };
    await api.ok(api.post(services, { metadata: { name }, spec: backend }), 201);
    assert.deepEqual(
      await apply(`${services}/${name}`, 'apiregistration.k8s.io/v1', 'APIService', {
        conditions: [{ type: 'Other', status: 'True' }],
      }),
      ['', ''],
      'an APIService keeps all metadata',
    );
    await api.ok(api.delete(`${services}/${name}`));
    await api.ok(api.delete(`${classes}/o`));
  });
});
