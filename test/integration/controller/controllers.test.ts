// The controllers against the real API server. Pods stay Pending without scheduler and kubelet; a
// test that needs a running pod writes its status as a kubelet would.
import assert from 'node:assert/strict';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import {
  CLUSTER_ROLES,
  CONFIG_MAPS,
  DEPLOYMENTS,
  ENDPOINTS,
  ENDPOINT_SLICES,
  EVENTS,
  LEASES,
  NAMESPACES,
  NODES,
  PODS,
  REPLICATION_CONTROLLERS,
  REPLICA_SETS,
  SERVICES,
  SERVICE_ACCOUNTS,
} from '../../../pkg/apis/resource-types.js';
import type { ReplicationController } from '../../../pkg/apis/core/v1/types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';

const template = (labels: Record<string, string>, image = 'i') => ({
  metadata: { labels } as never,
  spec: { containers: [{ name: 'c', image, ports: [{ name: 'web', containerPort: 8080 }] }] },
});

const rc = (namespace: string, replicas: number, name = 'web'): ReplicationController => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name, namespace },
  spec: { replicas, selector: { app: name }, template: template({ app: name }) },
});

describe('kube-controller-manager', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  before(async () => {
    plane = await startControlPlane([
      '--node-monitor-grace-period=2s',
      '--node-startup-grace-period=2s',
      '--node-eviction-rate=100',
    ]);
  });
  after(() => plane.stop());
  beforeEach(async () => {
    namespace = await plane.namespace();
  });

  const have = (count: number, selector?: string) =>
    eventually(`${count} pods`, async () => {
      const pods = await plane.pods(namespace, selector);
      return pods.length === count && pods;
    });
  const gone = <T>(what: string, get: () => Promise<T>) =>
    eventually(`${what} gone`, () =>
      get().then(
        () => false,
        (error: unknown) => isReason(error, 'NotFound'),
      ),
    );

  it('writes the rules of aggregated cluster roles', async () => {
    const rules = await eventually('the rules of view', async () => {
      const view = await plane.client.get(CLUSTER_ROLES, { name: 'view' });
      return view.rules?.length ? view.rules : undefined;
    });
    assert.ok(
      rules.some(({ resources, verbs }) => resources?.includes('pods') && verbs.includes('list')),
    );
    assert.ok(!rules.some(({ resources }) => resources?.includes('secrets')));
  });

  describe('replication controller', () => {
    it('keeps the number of pods, and reports status and events', async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 3));
      const pods = await have(3);
      for (const pod of pods) {
        assert.match(pod.metadata.name, /^web-[a-z0-9]{5}$/);
        assert.equal(pod.metadata.ownerReferences?.[0]?.controller, true);
      }
      await eventually('status', async () => {
        const { status } = await plane.client.get(REPLICATION_CONTROLLERS, {
          namespace,
          name: 'web',
        });
        return status?.replicas === 3 && status.observedGeneration === 1;
      });
      await eventually('events', async () => {
        const { items } = await plane.client.list(EVENTS, { namespace });
        const created = items
          .filter((event) => event.reason === 'SuccessfulCreate')
          .map((event) => event.message);
        return pods.every(({ metadata }) => created.includes(`Created pod: ${metadata.name}`));
      });
      await plane.client.delete(PODS, { namespace, name: pods[0]!.metadata.name });
      await eventually('replacement', async () => {
        const now = await plane.pods(namespace);
        return (
          now.length === 3 && now.every(({ metadata }) => metadata.uid !== pods[0]!.metadata.uid)
        );
      });
    });

    it('deletes unready pods first when it scales down', async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 4));
      const [first, second] = await have(4);
      await plane.setReady(first!, true);
      await plane.setReady(second!, true);
      await eventually('ready count', async () => {
        const { status } = await plane.client.get(REPLICATION_CONTROLLERS, {
          namespace,
          name: 'web',
        });
        return status?.readyReplicas === 2 && status.availableReplicas === 2;
      });
      await plane.client.patch(
        REPLICATION_CONTROLLERS,
        { namespace, name: 'web' },
        { spec: { replicas: 2 } },
        { type: 'merge' },
      );
      const left = await have(2);
      assert.deepEqual(
        left.map(({ metadata }) => metadata.name).sort(),
        [first!, second!].map(({ metadata }) => metadata.name).sort(),
      );
    });

    it('releases a pod whose labels changed and adopts a matching pod', async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 2));
      const [pod] = await have(2);
      const key = { namespace, name: pod!.metadata.name };
      await plane.client.patch(
        PODS,
        key,
        { metadata: { labels: { app: 'debug' } } },
        { type: 'merge' },
      );
      await have(2, 'app=web');
      assert.equal((await plane.client.get(PODS, key)).metadata.ownerReferences?.length ?? 0, 0);
      await plane.client.patch(
        PODS,
        key,
        { metadata: { labels: { app: 'web' } } },
        { type: 'merge' },
      );
      await have(2, 'app=web');
    });

    it('reaches a large number of replicas', async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 120));
      await have(120);
      await plane.client.patch(
        REPLICATION_CONTROLLERS,
        { namespace, name: 'web' },
        { spec: { replicas: 0 } },
        { type: 'merge' },
      );
      await have(0);
    });
  });

  describe('endpoints', () => {
    const service = (spec: object = {}) => ({
      apiVersion: 'v1' as const,
      kind: 'Service' as const,
      metadata: { name: 'web', namespace },
      spec: {
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, targetPort: 'web' }],
        ...spec,
      },
    });
    const endpoints = () => plane.client.get(ENDPOINTS, { namespace, name: 'web' });
    const slices = async () =>
      (
        await plane.client.list(ENDPOINT_SLICES, {
          namespace,
          labelSelector: 'kubernetes.io/service-name=web',
        })
      ).items;

    it('written by users are mirrored to slices', async () => {
      await plane.client.create(SERVICES, { ...service(), spec: { ports: [{ port: 80 }] } });
      const subset = { addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 8080 }] };
      await plane.client.create(ENDPOINTS, {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'web', namespace },
        subsets: [subset],
      });
      const mirrored = (address: string) =>
        eventually(address, async () =>
          (await slices()).some(
            ({ endpoints: found, ports }) =>
              found?.[0]?.addresses[0] === address && ports?.[0]?.port === 8080,
          ),
        );
      await mirrored('192.0.2.1');
      await plane.client.patch(
        ENDPOINTS,
        { namespace, name: 'web' },
        { subsets: [{ ...subset, addresses: [{ ip: '192.0.2.2' }] }] },
        { type: 'merge' },
      );
      await mirrored('192.0.2.2');
      await plane.client.delete(ENDPOINTS, { namespace, name: 'web' });
      await eventually('no slices', async () => (await slices()).length === 0);
    });

    it('follow the pods of a service, as Endpoints and slices', async () => {
      await plane.client.create(SERVICES, service());
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 2));
      const [a, b] = await have(2);
      await plane.setReady(a!, true, '10.244.1.1');
      await plane.setReady(b!, false, '10.244.1.2');
      await eventually('endpoints', async () => {
        const [subset] = (await endpoints()).subsets ?? [];
        return (
          subset?.addresses?.[0]?.ip === '10.244.1.1' &&
          subset.notReadyAddresses?.[0]?.ip === '10.244.1.2' &&
          subset.ports?.[0]?.port === 8080
        );
      });
      await eventually('slice', async () => {
        const [slice, ...more] = await slices();
        const states = slice?.endpoints
          ?.map((endpoint) => `${endpoint.addresses[0]} ${endpoint.conditions?.ready}`)
          .sort();
        return !more.length && states?.join() === '10.244.1.1 true,10.244.1.2 false';
      });
      await plane.setReady(a!, false);
      await eventually('no address left', async () => !(await endpoints()).subsets?.[0]?.addresses);
      await plane.client.delete(SERVICES, { namespace, name: 'web' });
      await gone('endpoints', endpoints);
      await eventually('slices gone', async () => (await slices()).length === 0);
    });

    it('stay when they have no service, and leave with a service that had none of its own', async () => {
      const own = (name: string, annotations: Record<string, string> = {}) =>
        plane.client.create(ENDPOINTS, {
          apiVersion: 'v1',
          kind: 'Endpoints',
          metadata: { name, namespace, annotations },
          subsets: [{ addresses: [{ ip: '192.0.2.9' }], ports: [{ port: 1 }] }],
        });
      await own('web');
      await own('lock', { 'control-plane.alpha.kubernetes.io/leader': '{}' });
      await plane.client.patch(
        ENDPOINTS,
        { namespace, name: 'web' },
        { metadata: { labels: { a: 'b' } } },
        { type: 'merge' },
      );
      const marker = { ...service(), metadata: { name: 'marker', namespace } };
      await plane.client.create(SERVICES, marker);
      await eventually('marker handled', () =>
        plane.client.get(ENDPOINTS, { namespace, name: 'marker' }),
      );
      await endpoints();
      await plane.client.get(ENDPOINTS, { namespace, name: 'lock' });
      await plane.client.create(SERVICES, service({ selector: undefined }));
      await plane.client.delete(SERVICES, { namespace, name: 'web' });
      await gone('endpoints', endpoints);
      await plane.client.get(ENDPOINTS, { namespace, name: 'lock' });
    });

    it('of a service without a selector are not changed', async () => {
      await plane.client.create(SERVICES, service({ selector: undefined }));
      await plane.client.create(ENDPOINTS, {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'web', namespace },
        subsets: [{ addresses: [{ ip: '192.0.2.9' }], ports: [{ port: 1 }] }],
      });
      await plane.client.create(SERVICES, {
        ...service(),
        metadata: { name: 'marker', namespace },
      });
      await eventually('marker handled', () =>
        plane.client.get(ENDPOINTS, { namespace, name: 'marker' }),
      );
      assert.equal((await endpoints()).subsets?.[0]?.addresses?.[0]?.ip, '192.0.2.9');
    });
  });

  describe('namespaces', () => {
    it('get a service account and the root CA, again after a deletion', async () => {
      const account = () => plane.client.get(SERVICE_ACCOUNTS, { namespace, name: 'default' });
      const { metadata } = await eventually('account', account);
      await plane.client.delete(SERVICE_ACCOUNTS, { namespace, name: 'default' });
      await eventually(
        'account again',
        async () => (await account()).metadata.uid !== metadata.uid,
      );
      const { data } = await eventually('root CA', () =>
        plane.client.get(CONFIG_MAPS, { namespace, name: 'kube-root-ca.crt' }),
      );
      assert.equal(data?.['ca.crt']?.trim(), plane.api.caPem.trim());
      await plane.client.patch(
        CONFIG_MAPS,
        { namespace, name: 'kube-root-ca.crt' },
        { data: { 'ca.crt': 'x' } },
        { type: 'merge' },
      );
      await eventually(
        'root CA repaired',
        async () =>
          (await plane.client.get(CONFIG_MAPS, { namespace, name: 'kube-root-ca.crt' })).data?.[
            'ca.crt'
          ] !== 'x',
      );
    });

    it('are deleted after their contents', async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 5));
      await plane.client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace },
      });
      await have(5);
      await plane.client.delete(NAMESPACES, { name: namespace });
      await gone('namespace', () => plane.client.get(NAMESPACES, { name: namespace }));
      assert.deepEqual(await plane.pods(namespace), []);
    });

    it('wait for finalizers and report them', async () => {
      const key = { namespace, name: 'held' };
      await plane.client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...key, finalizers: ['example.com/hold'] },
      });
      await plane.client.delete(NAMESPACES, { name: namespace });
      const condition = await eventually('condition', async () => {
        const { status } = await plane.client.get(NAMESPACES, { name: namespace });
        return status?.conditions?.find(
          ({ status: bad, type }) => type === 'NamespaceFinalizersRemaining' && bad === 'True',
        );
      });
      assert.match(condition.message ?? '', /example\.com\/hold in 1 resource instances/);
      await plane.client.patch(
        CONFIG_MAPS,
        key,
        { metadata: { finalizers: null } },
        { type: 'merge' },
      );
      await gone('namespace', () => plane.client.get(NAMESPACES, { name: namespace }));
    });
  });

  describe('garbage collector', () => {
    const remove = (propagationPolicy?: 'Orphan' | 'Background' | 'Foreground') =>
      plane.client.delete(
        REPLICATION_CONTROLLERS,
        { namespace, name: 'web' },
        propagationPolicy ? { propagationPolicy } : {},
      );
    beforeEach(async () => {
      await plane.client.create(REPLICATION_CONTROLLERS, rc(namespace, 2));
      await have(2);
    });

    it('deletes pods after their owner in the background', async () => {
      await remove('Background');
      await have(0);
    });

    it('orphans pods: they stay and lose the reference', async () => {
      await remove('Orphan');
      await gone('owner', () =>
        plane.client.get(REPLICATION_CONTROLLERS, { namespace, name: 'web' }),
      );
      const pods = await have(2);
      assert.deepEqual(
        pods.flatMap(({ metadata }) => metadata.ownerReferences ?? []),
        [],
      );
    });

    it('deletes the owner last in foreground deletion', async () => {
      await remove('Foreground');
      await gone('owner', async () => {
        const owner = await plane.client.get(REPLICATION_CONTROLLERS, { namespace, name: 'web' });
        assert.ok(owner.metadata.finalizers?.includes('foregroundDeletion'));
      });
      assert.deepEqual(await plane.pods(namespace), []);
    });

    it('deletes objects whose owner never existed, and keeps objects with an owner', async () => {
      const owned = (name: string, owner: string, uid: string) =>
        plane.client.create(CONFIG_MAPS, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {
            name,
            namespace,
            ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid }],
          },
        });
      const owner = await plane.client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'owner', namespace },
      });
      await owned('child', 'owner', owner.metadata.uid!);
      await owned('impostor', 'owner', 'another-uid');
      await owned('lost', 'nobody', 'no-uid');
      await gone('lost', () => plane.client.get(CONFIG_MAPS, { namespace, name: 'lost' }));
      await gone('impostor', () => plane.client.get(CONFIG_MAPS, { namespace, name: 'impostor' }));
      assert.ok(await plane.client.get(CONFIG_MAPS, { namespace, name: 'child' }));
      await plane.client.delete(CONFIG_MAPS, { namespace, name: 'owner' });
      await gone('child', () => plane.client.get(CONFIG_MAPS, { namespace, name: 'child' }));
    });

    it('deletes objects whose owner lives in another namespace, and says why', async () => {
      const [owner] = await plane.pods(namespace);
      const { name, uid } = owner!.metadata;
      const other = await plane.namespace();
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name, uid: uid! }];
      await plane.client.create(CONFIG_MAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'far', namespace: other, ownerReferences },
      });
      await gone('far', () => plane.client.get(CONFIG_MAPS, { namespace: other, name: 'far' }));
      const event = await eventually('the event', async () =>
        (await plane.client.list(EVENTS, { namespace: other })).items.find(
          ({ reason }) => reason === 'OwnerRefInvalidNamespace',
        ),
      );
      assert.equal(
        event.message,
        `ownerRef [v1/Pod, namespace: ${other}, name: ${name}, uid: ${uid}] does not exist in namespace "${other}"`,
      );
    });
  });

  describe('deployment', () => {
    const deploy = () =>
      plane.client.create(DEPLOYMENTS, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace },
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: 'web' } },
          template: template({ app: 'web' }),
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
      });
    const status = async () =>
      (await plane.client.get(DEPLOYMENTS, { namespace, name: 'web' })).status;

    it('rolls from one replica set to the next as pods become ready', async () => {
      await deploy();
      for (const pod of await have(2)) await plane.setReady(pod, true);
      await eventually('available', async () => (await status())?.availableReplicas === 2);
      await plane.client.patch(
        DEPLOYMENTS,
        { namespace, name: 'web' },
        { spec: { template: { spec: { containers: [{ name: 'c', image: 'v2' }] } } } },
        { type: 'strategic' },
      );
      await eventually('rolled', async () => {
        for (const pod of await plane.pods(namespace))
          if (!pod.status?.conditions?.some((c) => c.type === 'Ready'))
            await plane.setReady(pod, true);
        const pods = await plane.pods(namespace);
        return pods.length === 2 && pods.every((pod) => pod.spec.containers[0]!.image === 'v2');
      });
      const done = await eventually('complete', async () =>
        (await status())?.conditions?.find(
          (c) => c.type === 'Progressing' && c.reason === 'NewReplicaSetAvailable',
        ),
      );
      assert.match(done.message ?? '', /has successfully progressed/);
      const sets = (await plane.client.list(REPLICA_SETS, { namespace })).items;
      const sizes = sets.map(
        (set) =>
          `revision ${set.metadata.annotations?.['deployment.kubernetes.io/revision']}: ${set.spec.replicas}`,
      );
      assert.deepEqual(sizes.sort(), ['revision 1: 0', 'revision 2: 2']);
    });

    it('is deleted with its replica sets and pods', async () => {
      await deploy();
      await have(2);
      await plane.client.delete(DEPLOYMENTS, { namespace, name: 'web' });
      await have(0);
      await eventually(
        'no sets',
        async () => (await plane.client.list(REPLICA_SETS, { namespace })).items.length === 0,
      );
    });
  });

  describe('nodes', () => {
    const addNode = async (name: string) => {
      await plane.client.create(NODES, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
        spec: {},
      });
      await beat(name);
      const now = new Date().toISOString().replace(/\.\d+/, '');
      const conditions = [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ];
      await plane.client.patch(
        NODES,
        { name },
        { status: { conditions } },
        { type: 'merge', subresource: 'status' },
      );
    };
    const beat = async (name: string) => {
      const key = { namespace: 'kube-node-lease', name };
      const spec = {
        holderIdentity: name,
        leaseDurationSeconds: 40,
        renewTime: new Date().toISOString().replace('Z', '000Z'),
      };
      await plane.client
        .patch(LEASES, key, { spec }, { type: 'merge' })
        .catch(() =>
          plane.client.create(LEASES, {
            apiVersion: 'coordination.k8s.io/v1',
            kind: 'Lease',
            metadata: key,
            spec,
          }),
        );
    };
    const taints = async (name: string) =>
      ((await plane.client.get(NODES, { name })).spec.taints ?? []).map(
        ({ effect, key }) => `${key}:${effect}`,
      );

    it('that are silent are tainted and lose their pods; nodes with heartbeats keep them', async () => {
      const suffix = namespace.slice(-5);
      const [alive, silent] = [`alive-${suffix}`, `silent-${suffix}`];
      await addNode(alive);
      await addNode(silent);
      const heart = setInterval(() => void beat(alive), 300);
      try {
        const pod = (name: string, node: string) => ({
          apiVersion: 'v1' as const,
          kind: 'Pod' as const,
          metadata: { name, namespace },
          spec: {
            nodeName: node,
            containers: [{ name: 'c', image: 'i' }],
            tolerations: [
              {
                key: 'node.kubernetes.io/unreachable',
                operator: 'Exists',
                effect: 'NoExecute',
                tolerationSeconds: 0,
              },
            ],
          },
        });
        await eventually('account', () =>
          plane.client.get(SERVICE_ACCOUNTS, { namespace, name: 'default' }),
        );
        await plane.setReady(await plane.client.create(PODS, pod('stays', alive)), true);
        await plane.setReady(await plane.client.create(PODS, pod('leaves', silent)), true);
        await eventually('unknown', async () => {
          const { status } = await plane.client.get(NODES, { name: silent });
          return status?.conditions?.some(
            ({ reason, status: s, type }) =>
              type === 'Ready' && s === 'Unknown' && reason === 'NodeStatusUnknown',
          );
        });
        await eventually(
          'taints',
          async () =>
            (await taints(silent)).sort().join() ===
            'node.kubernetes.io/unreachable:NoExecute,node.kubernetes.io/unreachable:NoSchedule',
        );
        const evicted = await eventually('eviction', async () => {
          const leaves = await plane.client.get(PODS, { namespace, name: 'leaves' });
          return leaves.metadata.deletionTimestamp !== undefined && leaves;
        });
        assert.ok(
          evicted.status?.conditions?.some(({ reason }) => reason === 'DeletionByTaintManager'),
        );
        assert.ok(
          evicted.status?.conditions?.some(
            ({ status, type }) => type === 'Ready' && status === 'False',
          ),
        );
        assert.deepEqual(await taints(alive), []);
        assert.equal(
          (await plane.client.get(PODS, { namespace, name: 'stays' })).metadata.deletionTimestamp,
          undefined,
        );
      } finally {
        clearInterval(heart);
      }
    });
  });
});
