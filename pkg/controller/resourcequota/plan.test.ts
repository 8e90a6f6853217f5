import assert from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ResourceQuota } from '../../apis/core/v1/types.js';
import { countedResource } from '../../component-helpers/quota-usage.js';
import { changesUsage, planQuota } from './plan.js';

const NOW = Date.UTC(2024, 0, 1);
const quota = (hard: Record<string, string>, scopes?: string[]): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'n' },
  spec: { hard, ...(scopes ? { scopes } : {}) },
});
const pod = (name: string, requests: Record<string, string>, phase = 'Running'): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', resources: { requests } }] },
    status: { phase },
  }) as unknown as ApiObject;
const service = (type: string, ports = 1): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { type, ports: Array.from({ length: ports }, () => ({ port: 1 })) },
  }) as unknown as ApiObject;

const used = (hard: string[], objects: Record<string, ApiObject[]>, scopes?: string[]) =>
  planQuota(
    quota(Object.fromEntries(hard.map((name) => [name, '10'])), scopes),
    (resource) => objects[resource] ?? [],
    NOW,
  ).status.used;

describe('resource quota plan', () => {
  it('adds up the requests of pods, without finished pods', () => {
    const pods = [
      pod('a', { cpu: '500m', memory: '1Gi' }),
      pod('b', { cpu: '1' }),
      pod('c', { cpu: '4' }, 'Succeeded'),
    ];
    const names = ['cpu', 'requests.memory', 'pods', 'count/pods', 'limits.cpu'];
    assert.deepEqual(used(names, { pods }), {
      cpu: '1500m',
      'requests.memory': '1Gi',
      pods: '2',
      'count/pods': '3',
      'limits.cpu': '0',
    });
  });

  it('counts objects of any served resource, and keeps the last count of others', () => {
    const hard = { 'count/widgets.example.org': '3', 'count/gone.example.org': '3', odd: '1' };
    const { status } = planQuota(
      {
        ...quota(hard),
        status: { used: { 'count/gone.example.org': '2', odd: '7', 'count/other': '9' } },
      },
      (resource) => (resource === 'widgets.example.org' ? [pod('a', {}), pod('b', {})] : undefined),
      NOW,
    );
    assert.deepEqual(status.used, {
      'count/widgets.example.org': '2',
      'count/gone.example.org': '2',
      odd: '7',
    });
  });

  it('counts huge pages by both names, and extended resources', () => {
    const pods = [pod('a', { 'hugepages-2Mi': '4Mi', 'example.com/dongle': '2' })];
    const names = ['hugepages-2Mi', 'requests.hugepages-2Mi', 'requests.example.com/dongle'];
    assert.deepEqual(used(names, { pods }), {
      'hugepages-2Mi': '4Mi',
      'requests.hugepages-2Mi': '4Mi',
      'requests.example.com/dongle': '2',
    });
  });

  it('counts services by type and objects by number, and leaves out unknown names', () => {
    const services = [service('ClusterIP'), service('NodePort', 2), service('LoadBalancer')];
    assert.deepEqual(
      used(['services', 'services.nodeports', 'services.loadbalancers', 'nonsense'], { services }),
      { services: '3', 'services.nodeports': '3', 'services.loadbalancers': '1' },
    );
  });

  it('obeys scopes', () => {
    const pods = [pod('a', {}), pod('b', { cpu: '1' })];
    assert.deepEqual(used(['pods'], { pods }, ['BestEffort']), { pods: '1' });
    assert.deepEqual(used(['pods'], { pods }, ['NotBestEffort']), { pods: '1' });
  });

  it('counts a deleted pod until its grace period is over, and says when that is', () => {
    const deleted = pod('a', { cpu: '1' });
    Object.assign(deleted.metadata, {
      deletionTimestamp: '2024-01-01T00:00:10Z',
      deletionGracePeriodSeconds: 30,
    });
    const at = (now: number) => {
      const { status, recountAt } = planQuota(quota({ cpu: '4' }), () => [deleted], now);
      return [status.used, recountAt];
    };
    const end = NOW + 40_000;
    assert.deepEqual(at(NOW), [{ cpu: '1' }, end + 1]);
    assert.deepEqual(at(end), [{ cpu: '1' }, end + 1]);
    assert.deepEqual(at(end + 1), [{ cpu: '0' }, undefined]);
  });

  it('changes nothing when the status is up to date', () => {
    const first = planQuota(quota({ pods: '3' }), () => [], NOW);
    assert.ok(first.changed);
    assert.ok(!planQuota({ ...quota({ pods: '3' }), status: first.status }, () => [], NOW).changed);
  });

  it('finds the resource of a name, and the updates that change usage', () => {
    const names = [
      'cpu',
      'requests.nvidia.com/gpu',
      'requests.storage',
      'gold.storageclass.storage.k8s.io/requests.storage',
      'services.nodeports',
      'configmaps',
      'count/deployments.apps',
      'count/widgets.example.org',
      'hugepages-2Mi',
      'requests.hugepages-1Gi',
      'limits.ephemeral-storage',
      'resourcequotas',
      'nonsense',
      'limits.nvidia.com/gpu',
      'requests.nonsense',
      'services.others',
      'gold.storageclass.storage.k8s.io/pods',
    ];
    assert.deepEqual(names.map(countedResource), [
      'pods',
      'pods',
      'persistentvolumeclaims',
      'persistentvolumeclaims',
      'services',
      'configmaps',
      'deployments.apps',
      'widgets.example.org',
      'pods',
      'pods',
      'pods',
      'resourcequotas',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.ok(changesUsage('pods', pod('a', {}, 'Failed'), pod('a', {})));
    assert.ok(!changesUsage('pods', pod('a', {}), pod('a', {})));
    const changed = (spec: object, more: object = {}) =>
      changesUsage(
        'pods',
        { ...pod('a', {}), ...more } as ApiObject,
        {
          ...pod('a', {}),
          spec: { ...(pod('a', {}) as unknown as { spec: object }).spec, ...spec },
        } as ApiObject,
      );
    assert.ok(changed({ activeDeadlineSeconds: 1 }));
    assert.ok(changed({ initContainers: [{ name: 'i', resources: { requests: { cpu: '1' } } }] }));
    assert.ok(changed({}, { metadata: { name: 'a', deletionTimestamp: '2024-01-01T00:00:10Z' } }));
    assert.ok(!changed({ nodeName: 'n' }));
    assert.ok(!changesUsage('secrets', pod('a', {}), pod('a', {}, 'Failed')));
  });
});
