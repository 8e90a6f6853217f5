// The server keeps the condition Dangling of flow schemas.
import assert from 'node:assert/strict';
import { eventually } from '../../support/control-plane.js';
import { Api, type Json } from './harness.js';
import { serve } from './serve.js';

const GROUP = '/apis/flowcontrol.apiserver.k8s.io/v1';

describe('the status of flow schemas', function () {
  this.timeout(60_000);
  let api: Api;
  serve((_server, made) => (api = made), 'memory');

  const dangling = async (name: string): Promise<Json> => {
    const { status } = await api.ok(api.get(`${GROUP}/flowschemas/${name}`));
    return status?.conditions?.find(({ type }: Json) => type === 'Dangling');
  };
  const becomes = (name: string, wanted: string): Promise<Json> =>
    eventually(`Dangling is ${wanted}`, async () => {
      const condition = await dangling(name);
      return condition?.status === wanted && condition;
    });

  it('follows the priority level', async () => {
    const rules = [
      {
        subjects: [{ kind: 'User', user: { name: 'u' } }],
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
      },
    ];
    const schema = {
      metadata: { name: 'mine' },
      spec: { priorityLevelConfiguration: { name: 'level' }, rules },
    };
    await api.ok(api.post(`${GROUP}/flowschemas`, schema), 201);
    const lost = await becomes('mine', 'True');
    assert.equal(lost.reason, 'NotFound');
    assert.equal(
      lost.message,
      'This FlowSchema references the PriorityLevelConfiguration object named "level" but there is no such object',
    );
    const level = {
      metadata: { name: 'level' },
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
    };
    await api.ok(api.post(`${GROUP}/prioritylevelconfigurations`, level), 201);
    assert.equal((await becomes('mine', 'False')).reason, 'Found');
    await api.ok(api.delete(`${GROUP}/prioritylevelconfigurations/level`));
    assert.equal((await becomes('mine', 'True')).reason, 'NotFound');
  });

  it('says of every default schema that its level exists', async () => {
    const { items } = await api.ok(api.get(`${GROUP}/flowschemas`));
    const defaults = items.filter(({ metadata }: Json) => metadata.name !== 'mine');
    assert.ok(defaults.length > 10);
    for (const { metadata } of defaults) await becomes(metadata.name, 'False');
  });
});
