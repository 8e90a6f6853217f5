import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { readManifests } from './addons.js';

describe('manifests', () => {
  it('contain placeholders, all of which are filled in', () => {
    const objects = readManifests('addons', {
      DNS_ADDRESS: '10.9.0.10',
      DNS_ADDRESSES: '"10.9.0.10", "fd00:9::10"',
      DNS_LISTEN: '0.0.0.0',
      DNS_REPLICAS: '2',
      CLUSTER_DOMAIN: 'cluster.local',
      SERVICE_RANGE: '10.9.0.0/16',
      POD_NETWORK: '10.8.0.0/16',
      API_SERVER: 'https://10.7.0.1:6443',
      CA_DATA: 'Q0E=',
    });
    const dns = objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'kube-dns',
    ) as { spec: { clusterIP: string } } | undefined;
    assert.equal(dns?.spec.clusterIP, '10.9.0.10');
    const info = objects.find(({ metadata }) => metadata.name === 'cluster-info') as unknown as {
      data: { kubeconfig: string };
    };
    assert.deepEqual(parse(info.data.kubeconfig), {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: '',
          cluster: { server: 'https://10.7.0.1:6443', 'certificate-authority-data': 'Q0E=' },
        },
      ],
      contexts: null,
      'current-context': '',
      preferences: {},
      users: null,
    });
    assert.throws(() => readManifests('addons', {}), /asks for \$\{\w+\}, which has no value/);
  });

  it('mark the add-ons as services of the cluster', () => {
    const objects = readManifests('addons', {
      DNS_ADDRESS: '1',
      DNS_ADDRESSES: '1',
      DNS_LISTEN: '0',
      DNS_REPLICAS: '1',
      CLUSTER_DOMAIN: '2',
      SERVICE_RANGE: '3',
      POD_NETWORK: '4',
      API_SERVER: '5',
      CA_DATA: '6',
    });
    for (const object of objects.filter(({ kind }) => kind === 'Service'))
      assert.equal(object.metadata.labels?.['kubernetes.io/cluster-service'], 'true');
  });

  it('hold the whole guestbook', () => {
    const names = readManifests('guestbook').map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );
    const parts = ['frontend', 'redis-master', 'redis-slave'];
    assert.deepEqual(names.sort(), [
      ...parts.map((name) => `ReplicationController ${name}`),
      ...parts.map((name) => `Service ${name}`),
    ]);
  });
});
