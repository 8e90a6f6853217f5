import assert from 'node:assert/strict';
import type { Quantity } from '../apimachinery/quantity/quantity.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { Pod, ResourceQuota } from '../apis/core/v1/types.js';
import { addUsage, matchesQuotaScope, missingCompute, quotaUsage } from './quota-usage.js';

const NOW = Date.UTC(2024, 0, 1);
const seconds = (offset: number) => new Date(NOW + offset * 1000).toISOString().replace('.000', '');

const usage = (name: string, object: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(quotaUsage(name, object as ApiObject, NOW)).map(([key, amount]) => [
      key,
      amount.toString(),
    ]),
  );

const pod = (spec: object = {}, more: object = {}): Pod =>
  ({ metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }], ...spec }, ...more }) as Pod;

const asking = (requests: object, limits: object = {}, spec: object = {}, more: object = {}): Pod =>
  pod({ containers: [{ name: 'c', resources: { requests, limits } }], ...spec }, more);

describe('quota usage of pods', () => {
  const cases: [title: string, pod: Pod, usage: Record<string, string>][] = [
    ['a pod without requests', pod(), { pods: '1', 'count/pods': '1' }],
    [
      'compute resources under both names',
      asking({ cpu: '1m', memory: '1Ki' }, { cpu: '2m', 'ephemeral-storage': '32Mi' }),
      {
        pods: '1',
        'count/pods': '1',
        cpu: '1m',
        'requests.cpu': '1m',
        'limits.cpu': '2m',
        memory: '1Ki',
        'requests.memory': '1Ki',
        'limits.ephemeral-storage': '32Mi',
      },
    ],
    [
      'huge pages under both names, without limits',
      asking({ 'hugepages-2Mi': '100Mi' }, { 'hugepages-2Mi': '100Mi' }),
      { pods: '1', 'count/pods': '1', 'hugepages-2Mi': '100Mi', 'requests.hugepages-2Mi': '100Mi' },
    ],
    [
      'extended resources as requests only',
      asking({ 'example.com/dongle': '3' }, { 'example.com/dongle': '3' }),
      { pods: '1', 'count/pods': '1', 'requests.example.com/dongle': '3' },
    ],
    [
      'overhead, in requests and in the limits that exist',
      asking({ cpu: '1' }, { memory: '1Gi' }, { overhead: { cpu: '250m', memory: '1Gi' } }),
      {
        pods: '1',
        'count/pods': '1',
        cpu: '1250m',
        'requests.cpu': '1250m',
        memory: '1Gi',
        'requests.memory': '1Gi',
        'limits.memory': '2Gi',
      },
    ],
    [
      'a succeeded pod',
      asking({ cpu: '1' }, {}, {}, { status: { phase: 'Succeeded' } }),
      { 'count/pods': '1' },
    ],
    [
      'a failed pod',
      asking({ cpu: '1' }, {}, {}, { status: { phase: 'Failed' } }),
      { 'count/pods': '1' },
    ],
    [
      'a deleted pod within its grace period',
      asking(
        {},
        {},
        {},
        {
          metadata: { name: 'p', deletionTimestamp: seconds(-10), deletionGracePeriodSeconds: 30 },
        },
      ),
      { pods: '1', 'count/pods': '1' },
    ],
    [
      'a deleted pod beyond its grace period',
      asking(
        {},
        {},
        {},
        {
          metadata: { name: 'p', deletionTimestamp: seconds(-31), deletionGracePeriodSeconds: 30 },
        },
      ),
      { 'count/pods': '1' },
    ],
    [
      'a resize in progress',
      asking(
        { cpu: '1' },
        {},
        {},
        { status: { containerStatuses: [{ name: 'c', resources: { requests: { cpu: '3' } } }] } },
      ),
      { pods: '1', 'count/pods': '1', cpu: '3', 'requests.cpu': '3' },
    ],
  ];
  for (const [title, object, want] of cases)
    it(`counts ${title}`, () => assert.deepEqual(usage('pods', object), want));
});

describe('quota usage of other objects', () => {
  const service = (spec: object) => ({ metadata: { name: 's' }, spec });
  const ports = [{ port: 1, nodePort: 30_001 }, { port: 2 }];
  const claim = (spec: object, more: object = {}) => ({ metadata: { name: 'd' }, spec, ...more });
  const storage = (text: string) => ({ resources: { requests: { storage: text } } });
  const cases: [title: string, name: string, object: object, usage: Record<string, string>][] = [
    [
      'a cluster IP',
      'services',
      service({ type: 'ClusterIP', ports }),
      { services: '1', 'count/services': '1' },
    ],
    [
      'node ports',
      'services',
      service({ type: 'NodePort', ports }),
      { services: '1', 'services.nodeports': '2', 'count/services': '1' },
    ],
    [
      'a load balancer',
      'services',
      service({ type: 'LoadBalancer', ports }),
      {
        services: '1',
        'services.nodeports': '2',
        'services.loadbalancers': '1',
        'count/services': '1',
      },
    ],
    [
      'a load balancer with one explicit node port',
      'services',
      service({ type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false }),
      {
        services: '1',
        'services.nodeports': '1',
        'services.loadbalancers': '1',
        'count/services': '1',
      },
    ],
    [
      'a claim of a class',
      'persistentvolumeclaims',
      claim({ ...storage('10Gi'), storageClassName: 'gold' }),
      {
        persistentvolumeclaims: '1',
        'count/persistentvolumeclaims': '1',
        'requests.storage': '10Gi',
        'gold.storageclass.storage.k8s.io/requests.storage': '10Gi',
        'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      },
    ],
    [
      'the annotation before the field',
      'persistentvolumeclaims',
      {
        ...claim({ storageClassName: 'gold' }),
        metadata: { name: 'd', annotations: { 'volume.beta.kubernetes.io/storage-class': 'tin' } },
      },
      {
        persistentvolumeclaims: '1',
        'count/persistentvolumeclaims': '1',
        'tin.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      },
    ],
    [
      'an allocated expansion',
      'persistentvolumeclaims',
      claim(storage('1.5'), { status: { allocatedResources: { storage: '3' } } }),
      { persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1', 'requests.storage': '3' },
    ],
    [
      'a fraction of a byte as a whole byte',
      'persistentvolumeclaims',
      claim(storage('1.5')),
      { persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1', 'requests.storage': '2' },
    ],
    [
      'a kind with an older name under both names',
      'secrets',
      { metadata: { name: 's' } },
      { secrets: '1', 'count/secrets': '1' },
    ],
    [
      'a kind without an older name once',
      'jobs.batch',
      { metadata: { name: 'j' } },
      { 'count/jobs.batch': '1' },
    ],
  ];
  for (const [title, name, object, want] of cases)
    it(`counts ${title}`, () => assert.deepEqual(usage(name, object), want));

  it('adds usage in place', () => {
    const total: Record<string, Quantity> = {};
    addUsage(total, quotaUsage('pods', asking({ cpu: '1' }), NOW));
    addUsage(total, quotaUsage('pods', asking({ cpu: '500m' }), NOW));
    assert.equal(total['cpu']?.toString(), '1500m');
  });
});

describe('quota scopes', () => {
  const quotaOf = (spec: object): ResourceQuota =>
    ({ metadata: { name: 'q' }, spec }) as ResourceQuota;
  const scope = (name: string, operator = 'Exists', values?: string[]) =>
    quotaOf({
      scopeSelector: {
        matchExpressions: [{ scopeName: name, operator, ...(values ? { values } : {}) }],
      },
    });
  const affinity = (kind: string, term: object, preferred = false) =>
    pod({
      affinity: {
        [kind]: preferred
          ? {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 1, podAffinityTerm: { topologyKey: 'z', ...term } },
              ],
            }
          : { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'z', ...term }] },
      },
    });
  const gold = pod({ priorityClassName: 'gold' });
  const cases: [quota: ResourceQuota, pod: Pod, covers: boolean][] = [
    [quotaOf({}), pod(), true],
    [scope('Terminating'), pod({ activeDeadlineSeconds: 0 }), true],
    [scope('Terminating'), pod(), false],
    [scope('NotTerminating'), pod(), true],
    [quotaOf({ scopes: ['NotTerminating'] }), pod({ activeDeadlineSeconds: 5 }), false],
    [scope('BestEffort'), asking({ 'example.com/x': '1', cpu: '0' }), true],
    [scope('BestEffort'), asking({ cpu: '1' }), false],
    [scope('NotBestEffort'), asking({ cpu: '1' }), true],
    [quotaOf({ scopes: ['NotBestEffort', 'Terminating'] }), asking({ cpu: '1' }), false],
    [scope('PriorityClass'), gold, true],
    [scope('PriorityClass'), pod(), false],
    [scope('PriorityClass', 'DoesNotExist'), pod(), true],
    [scope('PriorityClass', 'In', ['gold']), gold, true],
    [scope('PriorityClass', 'In', ['']), pod(), false],
    [scope('PriorityClass', 'NotIn', ['gold']), pod(), true],
    [scope('PriorityClass', 'NotIn', ['gold']), gold, false],
    [scope('CrossNamespacePodAffinity'), affinity('podAffinity', { namespaces: ['n'] }), true],
    [
      scope('CrossNamespacePodAffinity'),
      affinity('podAntiAffinity', { namespaceSelector: {} }, true),
      true,
    ],
    [scope('CrossNamespacePodAffinity'), affinity('podAffinity', { namespaces: [] }), false],
    [scope('CrossNamespacePodAffinity'), pod(), false],
    [scope('Nonsense'), pod(), false],
  ];
  for (const [quota, object, covers] of cases)
    it(`${JSON.stringify(quota.spec)} ${covers ? 'covers' : 'leaves out'} ${JSON.stringify(object.spec)}`, () =>
      assert.equal(matchesQuotaScope(quota, 'pods', object), covers));

  it('match pods only', () => {
    const service = { metadata: { name: 's' } } as ApiObject;
    assert.ok(!matchesQuotaScope(scope('NotTerminating'), 'services', service));
    assert.ok(matchesQuotaScope(quotaOf({}), 'services', service));
  });

  it('require the counted cpu and memory of every container', () => {
    const hard = {
      'limits.memory': '1',
      cpu: '1',
      'requests.cpu': '1',
      'requests.ephemeral-storage': '1',
    };
    const object = pod({
      containers: [
        { name: 'b' },
        { name: 'c', resources: { requests: { cpu: '1' }, limits: { memory: '1' } } },
      ],
      initContainers: [{ name: 'a', resources: { requests: { cpu: '1' } } }],
    });
    assert.deepEqual(missingCompute(quotaOf({ hard }), object), [
      'cpu for: b',
      'limits.memory for: a,b',
      'requests.cpu for: b',
    ]);
  });
});
