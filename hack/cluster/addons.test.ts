import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { configFlags, type ConfigKind } from '../../cmd/config-file.js';
import {
  KUBELET_CONFIGURATION,
  KUBE_PROXY_CONFIGURATION,
} from '../../cmd/config-kinds.generated.js';
import { readManifests } from './addons.js';
import { allServices, etcdUrl, FLANNELD_HEALTHZ_PORT } from './components.js';
import { COMPONENT_FLAGS } from './components.generated.js';
import { decide } from './record.js';

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

  it('give the machines that join the flags of the nodes of hack/up', async () => {
    const record = await decide(
      { name: 'one', nodes: 1, backend: 'vxlan', separate: false },
      { indexes: new Set(), networks: [], portIsFree: () => Promise.resolve(true) },
    );
    const objects = readManifests('node-programs', {
      DNS_ADDRESS: record.dnsAddress,
      CLUSTER_DOMAIN: 'cluster.local',
      POD_NETWORKS: record.podNetwork,
      CIPHER_SUITES: String(COMPONENT_FLAGS['kubelet']!['tls-cipher-suites']),
      ETCD_URL: etcdUrl(record),
      FLANNELD_HEALTHZ_PORT: String(FLANNELD_HEALTHZ_PORT),
      PROXY_KUBECONFIG: '',
      ETCD_CA: '',
      FLANNELD_CERT: '',
      FLANNELD_KEY: '',
    });
    const dataOf = (name: string): Record<string, string> => {
      const found = objects.find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name,
      );
      return (found as unknown as { data: Record<string, string> }).data;
    };
    type Flags = Record<string, string>;
    const without = (flags: Iterable<[string, string]>, own: string): Flags =>
      Object.fromEntries([...flags].filter(([flag]) => !own.split(' ').includes(flag)));
    /** The flags of the program on a node, without those of the node's own files and addresses. */
    const flagsOf = (program: string, own: string): Flags => {
      const { command } = allServices(record).find(({ name }) => name === `node-1.${program}`)!;
      const flags = command.flatMap((word): [string, string][] => {
        const [, flag, value] = /^--([a-z0-9-]+)=(.*)$/.exec(word) ?? [];
        return flag && flag in COMPONENT_FLAGS[program]! ? [[flag, value!]] : [];
      });
      return without(flags, own);
    };
    const given = (kind: ConfigKind, text: string | undefined, own: string): Flags =>
      without(configFlags(kind, 'test', text ?? ''), own);
    assert.deepEqual(
      given(
        KUBELET_CONFIGURATION,
        dataOf('kubelet-config')['kubelet'],
        'client-ca-file rotate-server-certificates',
      ),
      flagsOf(
        'kubelet',
        'kubeconfig hostname-override node-ip container-runtime-endpoint root-dir cgroup-root client-ca-file tls-cert-file tls-private-key-file',
      ),
    );
    assert.deepEqual(
      given(KUBE_PROXY_CONFIGURATION, dataOf('kube-proxy')['config.conf'], 'kubeconfig'),
      flagsOf('kube-proxy', 'kubeconfig hostname-override'),
    );
    assert.deepEqual(
      dataOf('flanneld'),
      flagsOf('flanneld', 'etcd-cafile etcd-certfile etcd-keyfile iface public-ip public-ipv6'),
    );
  });
});
